import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { clsx } from "clsx";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { rowsOf } from "@/api/pages";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { median } from "@/sky/Deals/deal";
import { DealBody } from "@/sky/Deals/DealBody";
import { Button } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { type Chosen, useChosen, useCount, useHas, useSome } from "@/ui/chosen";
import { Chip, type Tone } from "@/ui/chip";
import { SheetButton } from "@/modules/sheets/export";
import { PlainLink } from "@/ui/link";
import { useMedia } from "@/ui/media";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { type DealsSearch, SORTS, STATUSES, type Sort, type Status } from "../address";
import { type Deal, dealList, dayWords, type Pipeline, stateOf, useMembers, type Wish } from "../data";
import { useEverything } from "../bulk/everything";
import { CompanyName } from "./company-name";
import { major, money } from "@/ui/money";

const BulkBar = lazy(async () => ({ default: (await import("../bulk/bar")).BulkBar }));

const TONES: Record<Status, Tone> = { open: "accent", won: "sun", lost: "neutral", abandoned: "neutral" };

/** Deals one under the other, in any order the server knows. */
export function DealTable(props: {
  /** Of one pipeline, or of all of them. */
  lines: readonly Pipeline[];
  search: DealsSearch;
  wish: Wish;
  onChange: (next: Partial<DealsSearch>) => void;
}) {
  const { t } = useTranslation();
  const { lines, search, wish, onChange } = props;
  const phone = useMedia("(max-width: 767px)");
  const status = search.status ?? "open";
  const by = search.by ?? "-updated_at";
  const only = lines.length === 1 && search.line !== "all" ? [`pipeline:eq:${lines[0]?.id}`] : [];
  const filter = [...wish.filter, ...only, `status:eq:${status}`];
  const query = useInfiniteQuery(dealList({ ...wish, filter, sort: by, contact: search.contact }));
  const exports = useMay("deals.export");
  const rows = rowsOf(query.data);
  const choosable = useMay("deals.mass_update") && !phone;
  const chosen = useChosen<Deal>();
  const some = useSome(chosen);
  // What is chosen belongs to one list.
  const name = JSON.stringify([wish.q, filter, search.contact]);
  useEffect(() => chosen.clear, [chosen, name]);
  const everything = useEverything(chosen, { ...wish, filter, contact: search.contact });
  const middle = median(rows.map((deal) => major(deal.amount, deal.currency)));
  const columns = phone ? (["title", "amount"] as const) : COLUMNS;
  return (
    <Panel label={t("deals.title")} bare fill>
      <div className="flex shrink-0 items-center border-line border-b px-3 py-2">
        <Segments<Status>
          label={t("deals.field.status")}
          value={status}
          onChange={(next) => onChange({ status: next === "open" ? undefined : next })}
          options={STATUSES.map((value) => ({ value, label: t(`deals.status.${value}`) }))}
        />
        <span className="flex-1" />
        {exports && (
          <SheetButton
            small
            name="deals"
            load={(format) => {
              const query = { ...wish, filter, format, ...(search.contact && { contact: search.contact }) };
              return api.GET("/v1/deals/export", { params: { query }, parseAs: "blob" });
            }}
            className="max-md:hidden"
          />
        )}
      </div>
      {query.isPending ? (
        <SkeletonRows rows={10} />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <Empty title={t("deals.noneTitle")}>{t("deals.noneText")}</Empty>
      ) : (
        <div className="min-h-0 flex-1 overflow-auto" data-list="" tabIndex={-1}>
          <table className="w-full border-collapse text-[13.5px]">
            <thead className="sticky top-0 z-2 bg-surface text-cap text-muted">
              <tr className="h-9 border-line border-b">
                {choosable && (
                  <td className="w-11 ps-[18px]">
                    <All chosen={chosen} rows={rows} />
                  </td>
                )}
                {columns.map((column) => (
                  <Heading key={column} column={column} by={by} onSort={(next) => onChange({ by: next })} />
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((deal) => (
                <Row
                  key={deal.id}
                  deal={deal}
                  lines={lines}
                  middle={middle}
                  columns={columns}
                  {...(choosable && { chosen })}
                />
              ))}
            </tbody>
          </table>
          {query.hasNextPage && (
            <div className="p-3 text-center">
              <Button size="small" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t("deals.table.more")}
              </Button>
            </div>
          )}
        </div>
      )}
      {choosable && some && (
        <Suspense>
          <BulkBar
            chosen={chosen}
            lines={lines}
            open={status === "open"}
            reading={everything.reading}
            {...(query.hasNextPage && !everything.done && { onEverything: everything.read })}
          />
        </Suspense>
      )}
      <p role="status" className="num shrink-0 border-line border-t px-[18px] py-2 text-cap text-muted max-md:hidden">
        {query.data && t("deals.table.loaded", { count: rows.length })}
      </p>
    </Panel>
  );
}

const COLUMNS = ["title", "company", "stage", "amount", "expected_close", "owner", "next_step", "updated_at"] as const;
type Column = (typeof COLUMNS)[number];
const END: readonly Column[] = ["amount"];

function Heading({ column, by, onSort }: { column: Column; by: Sort; onSort: (by: Sort) => void }) {
  const { t } = useTranslation();
  const field = SORTS.find((sort) => sort === column);
  const down = by.startsWith("-");
  const on = field !== undefined && by.replace("-", "") === field;
  const label = t(`deals.field.${column}`);
  return (
    <th
      scope="col"
      aria-sort={on ? (down ? "descending" : "ascending") : undefined}
      className={clsx("px-3 text-start font-[520] first:ps-[18px] last:pe-[18px]", END.includes(column) && "text-end!")}
    >
      {field ? (
        <button
          type="button"
          aria-label={t("deals.table.sortBy", { column: label })}
          onClick={() => onSort(on && !down ? `-${field}` : field)}
          className="inline-flex min-h-6 items-center gap-1 rounded-[6px] hover:text-ink coarse:min-h-11"
        >
          {label}
          {on &&
            (down ? (
              <ArrowDown aria-hidden="true" className="size-3" />
            ) : (
              <ArrowUp aria-hidden="true" className="size-3" />
            ))}
        </button>
      ) : (
        label
      )}
    </th>
  );
}

/** Chooses everything that is shown, or nothing. */
function All({ chosen, rows }: { chosen: Chosen<Deal>; rows: readonly Deal[] }) {
  const { t } = useTranslation();
  const count = useCount(chosen);
  return (
    <Checkbox
      label={t("deals.bulk.selectAll")}
      checked={count > 0 && count >= rows.length}
      some={count > 0}
      onChange={(on) => (on ? chosen.put(rows, true) : chosen.clear())}
    />
  );
}

/** Its place in the table, to be chosen. */
function Choose({ chosen, deal }: { chosen: Chosen<Deal>; deal: Deal }) {
  const { t } = useTranslation();
  const on = useHas(chosen, deal.id);
  return (
    <td className="w-11 ps-[18px]">
      <Checkbox
        label={t("deals.bulk.select", { title: deal.title })}
        checked={on}
        onChange={(next) => chosen.put([deal], next)}
      />
    </td>
  );
}

function Row(props: {
  deal: Deal;
  lines: readonly Pipeline[];
  middle: number;
  columns: readonly Column[];
  chosen?: Chosen<Deal>;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  const { deal, lines, middle, columns } = props;
  const reads = useMay("companies.read");
  const state = stateOf(deal, formats.dayKey(new Date()), formats.dayKey);
  const line = lines.find(({ id }) => id === deal.pipeline);
  const name = line?.stages.find(({ id }) => id === deal.stage)?.name;
  const stage = lines.length > 1 && name ? `${line?.name}: ${name}` : name;
  const cell: Record<Column, React.ReactNode> = {
    title: (
      <span className="flex items-center gap-2.5">
        <DealBody value={major(deal.amount, deal.currency)} median={middle} state={state} />
        <span className="min-w-0">
          <PlainLink to="/deals/$id" params={{ id: deal.id }} className="reach block font-[570] hover:underline">
            <bdi className="block truncate">{deal.title}</bdi>
          </PlainLink>
          <bdi className="block truncate text-cap text-muted">{deal.contacts[0]?.name ?? deal.source}</bdi>
        </span>
      </span>
    ),
    company: deal.company && <CompanyName deal={deal} reads={reads} />,
    stage:
      deal.status === "open" ? (
        <bdi>{stage}</bdi>
      ) : (
        <Chip tone={TONES[deal.status]}>{deal.reason ?? t(`deals.status.${deal.status}`)}</Chip>
      ),
    amount: (
      <span className="num">
        {deal.amount > 0 ? money(deal.amount, deal.currency, formats.locale) : "–"}
        {deal.amount > 0 && deal.currency !== deal.home_currency && (
          <span className="block text-cap text-muted">
            {typeof deal.home_amount === "number"
              ? t("deals.home.about", { amount: money(deal.home_amount, deal.home_currency, formats.locale) })
              : t("deals.home.none", { currency: deal.home_currency })}
          </span>
        )}
      </span>
    ),
    expected_close: deal.expected_close && dayWords(deal.expected_close, formats.locale),
    owner: deal.owner ? <bdi>{members.get(deal.owner)}</bdi> : <span className="text-muted">{t("deals.nobody")}</span>,
    next_step: <bdi>{deal.next_step}</bdi>,
    updated_at: <time dateTime={deal.updated_at}>{formats.when(deal.updated_at)}</time>,
  };
  return (
    <tr className="h-[52px] border-line border-b last:border-0 hover:bg-hover compact:h-10 max-md:h-[60px]">
      {props.chosen && <Choose chosen={props.chosen} deal={deal} />}
      {columns.map((column, index) => {
        const look = clsx("max-w-72 truncate px-3 first:ps-[18px] last:pe-[18px]", END.includes(column) && "text-end");
        return index === 0 ? (
          <th key={column} scope="row" className={clsx(look, "text-start font-normal")}>
            {cell[column]}
          </th>
        ) : (
          <td key={column} className={look}>
            {cell[column]}
          </td>
        );
      })}
    </tr>
  );
}
