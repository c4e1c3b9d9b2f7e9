import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { PlainLink } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";
import type { Numbered, Table, Unit } from "./data";
import { Bar, Columns, topOf } from "./drawing";
import { changed, lineOf, said, size } from "./said";

const CELL = "px-3 text-end whitespace-nowrap first:ps-[18px] last:pe-[18px]";

/** A number, which leads to its rows, and what it was before. */
export function Value(props: { number: Numbered; unit: Unit; what: string; line?: string; className?: string }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const { number, unit, what, line, className } = props;
  const text = said(t, locale, unit, number.value, number.currency);
  const { rows } = number;
  if (!rows) return <span className={className}>{text}</span>;
  const { list, filter, reached, was_in } = rows;
  return (
    <PlainLink
      to="/reports/rows"
      search={{ list, f: filter, ...(reached && { reached }), ...(was_in && { was_in }), what, ...(line && { line }) }}
      className={`reach inline-block min-w-6 underline-offset-3 hover:text-accent-text hover:underline ${className ?? ""}`}
    >
      {text}
    </PlainLink>
  );
}

/** A table and its drawing. Columns along time have the table folded away; everything else is read as a table. */
export function TablePanel({ table, members }: { table: Table; members: Map<string, string> }) {
  const { t } = useTranslation();
  const title = t(`reports.tables.${table.key}` as "reports.tables.by_time");
  const draws = table.drawing === "columns" && table.lines.length > 0;
  const currencies = [...new Set(table.lines.map(({ label }) => label.currency ?? ""))];
  // Money has a drawing for each currency; of other tables the first three columns are drawn.
  const drawn =
    currencies.join("") === ""
      ? table.columns.slice(0, 3).map((_, column) => ({ column, currency: undefined }))
      : currencies.map((currency) => ({ column: 0, currency }));
  return (
    <Panel title={title} note={table.about && <bdi>{table.about}</bdi>} flush>
      {table.lines.length === 0 && <Empty title={t("reports.nothing")}>{t("reports.nothingText")}</Empty>}
      {draws && (
        <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,280px),1fr))] gap-x-6">
          {drawn.map(({ column, currency }) => (
            <figure key={`${column}${currency}`} className="min-w-0 break-inside-avoid px-[18px] pt-2 pb-3">
              <figcaption className="mb-1 flex justify-between gap-3 text-cap text-muted">
                {t(`reports.measures.${table.columns[column]?.key}` as "reports.measures.won_value")} {currency}
                <Top table={table} column={column} currency={currency} />
              </figcaption>
              <Columns table={table} column={column} currency={currency} />
              <Edges table={table} members={members} />
            </figure>
          ))}
        </div>
      )}
      {draws ? (
        <details className="border-line border-t">
          <summary className="flex min-h-11 cursor-pointer items-center px-[18px] text-sm text-accent-text">
            {t("reports.numbers")}
          </summary>
          <Numbers table={table} title={title} members={members} />
        </details>
      ) : (
        table.lines.length > 0 && <Numbers table={table} title={title} members={members} />
      )}
    </Panel>
  );
}

/** What the top line stands for. */
function Top({ table, column, currency }: { table: Table; column: number; currency: string | undefined }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const top = topOf(table, column, currency);
  if (!top.value) return null;
  return (
    <span aria-hidden="true" className="num">
      {said(t, locale, table.columns[column]?.unit ?? "count", top.value, top.currency)}
    </span>
  );
}

/** The first and the last day that is drawn. */
function Edges({ table, members }: { table: Table; members: Map<string, string> }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const [first, last] = [table.lines[0], table.lines.at(-1)];
  if (!first || !last) return null;
  return (
    <p aria-hidden="true" className="num mt-1 flex justify-between text-cap text-muted">
      <span>{lineOf(t, locale, table, first, members)}</span>
      <span>{lineOf(t, locale, table, last, members)}</span>
    </p>
  );
}

function Numbers({ table, title, members }: { table: Table; title: string; members: Map<string, string> }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const unit = table.columns[0]?.unit ?? "count";
  // Bars of one currency are compared with each other: nothing is converted.
  const most = new Map<string, number>();
  for (const { label, numbers } of table.lines) {
    const key = label.currency ?? "";
    // A share is a part of everything there is, not of the largest one.
    most.set(key, unit === "share" ? 10_000 : Math.max(most.get(key) ?? 0, size(unit, numbers[0] ?? {})));
  }
  const bars = table.drawing === "bars" || table.drawing === "funnel";
  return (
    <section aria-label={title} className="overflow-x-auto" tabIndex={-1}>
      <table className="num w-full border-collapse text-[13.5px]">
        <caption className="sr-only">{title}</caption>
        <thead className="text-cap text-muted">
          <tr className="h-9 border-line border-b">
            <th scope="col" className="px-3 text-start font-[520] first:ps-[18px]">
              <span className="sr-only">{t("reports.line")}</span>
            </th>
            {table.columns.map(({ key }) => (
              <th key={key} scope="col" className={`${CELL} font-[520]`}>
                {t(`reports.measures.${key}` as "reports.measures.late")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.lines.map((line, at) => {
            const name = lineOf(t, locale, table, line, members);
            const most_ = most.get(line.label.currency ?? "") || 1;
            return (
              <tr key={`${name}${line.label.currency}${at}`} className="h-12 border-line border-b last:border-0">
                <th scope="row" className="min-w-40 px-3 py-1.5 text-start font-[540] first:ps-[18px]">
                  <bdi>{name}</bdi>
                  {bars && <Bar part={size(unit, line.numbers[0] ?? {}) / most_} funnel={table.drawing === "funnel"} />}
                </th>
                {line.numbers.map((number, column) => {
                  const { key, unit: of } = table.columns[column] ?? { key: "", unit: "count" as const };
                  const what = t(`reports.measures.${key}` as "reports.measures.late");
                  return (
                    <td key={key} className={CELL}>
                      <Value number={number} unit={of} what={what} line={name} />
                      <Before number={number} unit={of} />
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** What it was before; how it changed is told to who points at it. */
function Before({ number, unit }: { number: Numbered; unit: Unit }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  if (typeof number.before !== "number") return null;
  return (
    <span title={changed(t, locale, unit, number)} className="block text-cap text-muted">
      {t("reports.before", { value: said(t, locale, unit, number.before, number.currency) })}
    </span>
  );
}
