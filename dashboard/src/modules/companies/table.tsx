import { clsx } from "clsx";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Avatar } from "@/ui/avatar";
import { PlainLink } from "@/ui/link";
import { money } from "@/ui/money";
import { Own } from "@/ui/own";
import type { Sort, SortField } from "./address";
import type { Company } from "./data";
import { bare, dayOf, StatusChip, TierChip } from "./parts";

const HEAD = "narrow h-9 border-line border-b px-3 text-cap font-[540] whitespace-nowrap text-muted coarse:h-11";
const CELL = "h-[57px] border-line border-b px-3 group-last:border-0 compact:h-11";

export function Table(props: {
  companies: readonly Company[];
  members: ReadonlyMap<string, string>;
  deleted: boolean;
  sort: Sort | undefined;
  onSort: (sort: Sort | undefined) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { companies, members, deleted } = props;
  const head = (label: string, field?: SortField, end?: boolean) => (
    <Head label={label} field={field} end={end} sort={props.sort} onSort={props.onSort} />
  );
  return (
    <div className="overflow-x-auto max-md:hidden">
      <table className="w-full text-[13.5px]">
        <thead>
          <tr>
            {head(t("companies.name"), "name")}
            {head(t("companies.statusOf"))}
            {head(t("companies.tierOf"))}
            {head(t("companies.people"), undefined, true)}
            {head(t("companies.annualValue"), "annual_value", true)}
            {head(t("companies.renewsOn"), "renews_on")}
            {head(t("companies.owner"))}
            {head(t(deleted ? "companies.deletedAt" : "companies.createdAt"), deleted ? undefined : "created_at")}
          </tr>
        </thead>
        <tbody>
          {companies.map((company) => {
            const { owner, annual_value: value, currency, renews_on: renews } = company;
            const at = company.deleted_at ?? company.created_at;
            return (
              <tr key={company.id} className="group hover:bg-hover">
                <th scope="row" className={`${CELL} max-w-[340px] min-w-[200px] ps-[18px]! text-start font-normal`}>
                  <Who company={company} />
                </th>
                <td className={CELL}>
                  <StatusChip status={company.status} />
                </td>
                <td className={CELL}>{company.tier && <TierChip tier={company.tier} />}</td>
                <td className={`${CELL} num text-end`}>
                  {company.people > 0 ? formats.count(company.people) : <span className="text-muted">–</span>}
                </td>
                <td className={`${CELL} num text-end font-semibold whitespace-nowrap`}>
                  {value != null && currency && money(value, currency, formats.locale)}
                </td>
                <td className={`${CELL} num whitespace-nowrap`}>{renews && dayOf(renews, formats.locale)}</td>
                <td className={`${CELL} max-w-[160px]`}>
                  {owner ? (
                    <span className="flex min-w-0 items-center gap-1.5">
                      <Avatar name={members.get(owner) ?? "?"} id={owner} size="xs" />
                      <Own>{members.get(owner)}</Own>
                    </span>
                  ) : (
                    <span className="text-muted">{t("companies.nobody")}</span>
                  )}
                </td>
                <td className={`${CELL} pe-[18px]! whitespace-nowrap`}>
                  <time dateTime={at} title={formats.full(at)} className="num text-muted">
                    {formats.when(at)}
                  </time>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** A heading; where the server can sort, a press does: once, the other way round, not at all. */
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
    field === "name" || field === "renews_on" ? [field, `-${field}`] : [`-${field}`, field];
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
export function Cards({ companies }: { companies: readonly Company[] }) {
  const formats = useFormats();
  return (
    <ul className="md:hidden">
      {companies.map((company) => {
        const { annual_value: value, currency } = company;
        return (
          <li
            key={company.id}
            className="flex min-h-[84px] items-center gap-3 border-line border-b px-4 py-2.5 last:border-0"
          >
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
      })}
    </ul>
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
