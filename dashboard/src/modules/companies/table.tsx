import { clsx } from "clsx";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useDensity } from "@/app/theme";
import { useFormats } from "@/i18n/format";
import { Avatar } from "@/ui/avatar";
import { Checkbox } from "@/ui/checkbox";
import { type Chosen, useCount, useHas } from "@/ui/chosen";
import { PlainLink } from "@/ui/link";
import { money } from "@/ui/money";
import { Own } from "@/ui/own";
import { Lines, type RowPlace, useRowsOfPage } from "@/ui/rows";
import type { Sort, SortField } from "./address";
import type { Column } from "./columns";
import type { Company } from "./data";
import { bare, StatusChip } from "./parts";

const HEAD = "narrow h-9 border-line border-b px-3 text-cap font-[540] whitespace-nowrap text-muted coarse:h-11";
const CELL = "h-[57px] border-line border-b px-3 group-last:border-0 compact:h-11";

export interface Choosing {
  chosen: Chosen<Company>;
  /** Whoever may change many at once chooses them. */
  choosable: boolean;
}

export function Table(
  props: Choosing & {
    companies: readonly Company[];
    columns: readonly Column[];
    sort: Sort | undefined;
    onSort: (sort: Sort | undefined) => void;
    more: boolean;
  },
) {
  const { t } = useTranslation();
  const { companies, columns, chosen, choosable, more } = props;
  const height = useDensity() === "compact" ? 44 : 57;
  const long = useRowsOfPage<HTMLTableSectionElement>({ count: companies.length, height, kind: "table", more });
  const head = (label: string, field?: SortField, end?: boolean, key?: string) => (
    <Head key={key} label={label} field={field} end={end} sort={props.sort} onSort={props.onSort} />
  );
  return (
    <div className="overflow-x-auto rounded-panel">
      <table aria-rowcount={long.rowCount} className="w-full text-[13.5px]">
        <thead>
          <tr>
            {choosable && (
              <th scope="col" className={`${HEAD} w-[46px] ps-[18px]! pe-0!`}>
                <All companies={companies} chosen={chosen} />
              </th>
            )}
            {head(t("companies.name"), "name")}
            {columns.map(({ id, name, sort, end }) => head(name, sort, end, id))}
          </tr>
        </thead>
        <tbody ref={long.list} {...long.holding}>
          {long.rows((index, place) => {
            const company = companies[index];
            return company && <Row key={company.id} {...{ company, columns, chosen, choosable, place }} />;
          })}
        </tbody>
      </table>
    </div>
  );
}

function Row(props: Choosing & { company: Company; columns: readonly Column[]; place: RowPlace }) {
  const { company, columns, chosen, choosable, place } = props;
  const on = useHas(chosen, company.id);
  return (
    <tr
      {...place}
      aria-selected={choosable ? on : undefined}
      className={clsx("group", on ? "bg-selected" : "hover:bg-hover")}
    >
      {choosable && (
        <td className={`${CELL} ps-[18px]! pe-0!`}>
          <Choose company={company} chosen={chosen} />
        </td>
      )}
      <th
        scope="row"
        className={clsx(CELL, "max-w-[340px] min-w-[200px] text-start font-normal", !choosable && "ps-[18px]!")}
      >
        <Who company={company} />
      </th>
      {columns.map(({ id, cell, end }) => (
        <td key={id} className={clsx(CELL, "max-w-[220px] last:pe-[18px]!", end && "num text-end")}>
          {cell(company)}
        </td>
      ))}
    </tr>
  );
}

/** One to be meant by what comes next. */
function Choose({ company, chosen }: { company: Company; chosen: Chosen<Company> }) {
  const { t } = useTranslation();
  return (
    <Checkbox
      label={t("contacts.selectRow", { name: company.name })}
      checked={useHas(chosen, company.id)}
      onChange={(next) => chosen.put([company], next)}
    />
  );
}

/** Everything that was read, or nothing. */
function All({ companies, chosen }: { companies: readonly Company[]; chosen: Chosen<Company> }) {
  const { t } = useTranslation();
  const count = useCount(chosen);
  return (
    <Checkbox
      label={t("contacts.selectAll")}
      checked={count > 0 && count >= companies.length}
      some={count > 0}
      onChange={(on) => (on ? chosen.put(companies, true) : chosen.clear())}
    />
  );
}

/** A heading; where the server can sort, a press does: once, the other way round, not at all. Who needs attention comes first. */
function Head(props: {
  label: string;
  field?: SortField;
  end?: boolean;
  sort: Sort | undefined;
  onSort: (sort: Sort | undefined) => void;
}) {
  const { t } = useTranslation();
  const { label, field, end, sort } = props;
  const look = clsx(HEAD, "first:ps-[18px] last:pe-[18px]", end ? "text-end" : "text-start");
  if (!field)
    return (
      <th scope="col" className={look}>
        {label}
      </th>
    );
  const [up, down] = [sort === field, sort === `-${field}`];
  const [first, second]: Sort[] =
    field === "name" || field === "renews_on" || field === "health" ? [field, `-${field}`] : [`-${field}`, field];
  const next = sort === first ? second : sort === second ? undefined : first;
  return (
    <th scope="col" aria-sort={up ? "ascending" : down ? "descending" : "none"} className={look}>
      <button
        type="button"
        title={t("companies.sortBy", { column: label })}
        onClick={() => props.onSort(next)}
        className="-mx-1.5 inline-flex h-7 items-center gap-1 rounded-chip px-1.5 hover:bg-hover hover:text-ink coarse:h-11"
      >
        {label}
        {up && <ArrowUp aria-hidden="true" className="size-3.5 text-accent-text" />}
        {down && <ArrowDown aria-hidden="true" className="size-3.5 text-accent-text" />}
      </button>
    </th>
  );
}

/** On phones a row is a card: name, two facts, one state. */
export function Cards(props: Choosing & { companies: readonly Company[]; more: boolean }) {
  const formats = useFormats();
  const { companies, chosen, choosable, more } = props;
  return (
    <Lines items={companies} height={84} more={more}>
      {(company, place) => {
        const { annual_value: value, currency } = company;
        return (
          <li
            key={company.id}
            {...place}
            className="flex min-h-[84px] items-center gap-3 border-line border-b px-4 py-2.5 last:border-0"
          >
            {choosable && <Choose company={company} chosen={chosen} />}
            <div className="min-w-0 flex-1">
              <Who company={company} />
            </div>
            <span className="flex flex-col items-end gap-1.5">
              <StatusChip status={company.status} />
              {value != null && currency && (
                <span className="num text-[12.5px] font-semibold">{money(value, currency, formats.locale)}</span>
              )}
            </span>
          </li>
        );
      }}
    </Lines>
  );
}

function Who({ company }: { company: Company }) {
  const facts = [company.industry, company.website && bare(company.website)].filter(Boolean);
  return (
    <span className="flex min-w-0 items-center gap-3">
      <Avatar name={company.name} id={company.id} square size="lg" />
      <span className="min-w-0">
        <PlainLink
          to="/companies/$id"
          params={{ id: company.id }}
          className="block text-[14px] leading-[1.3] font-[590] hover:underline max-md:min-h-11 max-md:content-center"
        >
          <Own title={company.name}>{company.name}</Own>
        </PlainLink>
        {facts.length > 0 && (
          <small className="block truncate text-[12.5px] leading-[1.3] text-muted">{facts.join(" · ")}</small>
        )}
      </span>
    </span>
  );
}
