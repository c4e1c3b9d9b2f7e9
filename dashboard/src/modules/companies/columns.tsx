import type { TFunction } from "i18next";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Formats, useFormats } from "@/i18n/format";
import { Avatar } from "@/ui/avatar";
import { money } from "@/ui/money";
import { Own } from "@/ui/own";
import { nameOf } from "../contacts/person/named";
import { useShown } from "../fields/data";
import { shapeOf, shown } from "../fields/show";
import type { SortField } from "./address";
import { BANDS, type Company } from "./data";
import { BAND_LOOK, bare, dayOf, StatusChip, TierChip } from "./parts";

export type ColumnId = (typeof PLAIN)[number]["id"] | `custom.${string}`;

export interface Column {
  id: ColumnId;
  name: string;
  sort?: SortField;
  /** Numbers stand at the end of their column. */
  end?: boolean;
  cell: (company: Company) => ReactNode;
}

interface See {
  members: ReadonlyMap<string, string>;
  formats: Formats;
  t: TFunction;
}

const amount = (value: number | null | undefined, { currency }: Company, { formats }: See) =>
  value != null &&
  currency && <span className="font-semibold whitespace-nowrap">{money(value, currency, formats.locale)}</span>;
/** Counted from won deals; of whom nothing was won there is nothing to say. */
const worth = (value: number, { value_currency: currency }: Company, { formats }: See) =>
  value > 0 && currency && <span className="whitespace-nowrap">{money(value, currency, formats.locale)}</span>;
const day = (value: string | null | undefined, { formats }: See) =>
  value && <span className="num whitespace-nowrap">{dayOf(value, formats.locale)}</span>;
const moment = (at: string, { formats }: See) => (
  <time dateTime={at} title={formats.full(at)} className="num whitespace-nowrap text-muted">
    {formats.when(at)}
  </time>
);
const words = (text: string | null | undefined) => text && <Own title={text}>{text}</Own>;

/** The number, and its band in words for whoever does not see the colour. */
function Doing({ score, band, formats, t }: NonNullable<Company["health"]> & Pick<See, "formats" | "t">) {
  const known = BANDS.find((one) => one === band) ?? "unknown";
  return (
    <span className="flex items-center gap-2 whitespace-nowrap">
      {score != null && <b className="num w-7 text-end font-[570]">{formats.count(score)}</b>}
      <span className={`text-cap ${BAND_LOOK[known]}`}>{t(`companies.band.${known}`)}</span>
    </span>
  );
}

interface Plain {
  id: string;
  /** Its name: a word of the module. */
  word: (t: TFunction) => string;
  sort?: SortField;
  end?: true;
  cell: (company: Company, see: See) => ReactNode;
}

const PLAIN = [
  { id: "status", word: (t) => t("companies.statusOf"), cell: (c) => <StatusChip status={c.status} /> },
  { id: "tier", word: (t) => t("companies.tierOf"), cell: (c) => c.tier && <TierChip tier={c.tier} /> },
  {
    id: "health",
    word: (t) => t("companies.health"),
    sort: "health",
    cell: ({ health }, see) => health && <Doing {...health} {...see} />,
  },
  {
    id: "people",
    word: (t) => t("companies.people"),
    end: true,
    cell: (c, { formats }) => (c.people > 0 ? formats.count(c.people) : <span className="text-muted">–</span>),
  },
  {
    id: "annualValue",
    word: (t) => t("companies.annualValue"),
    sort: "annual_value",
    end: true,
    cell: (c, see) => amount(c.annual_value, c, see),
  },
  {
    id: "monthlyRevenue",
    word: (t) => t("companies.field.monthly_revenue"),
    end: true,
    cell: (c, see) => amount(c.monthly_revenue, c, see),
  },
  {
    id: "lifetimeValue",
    word: (t) => t("companies.lifetimeValue"),
    sort: "lifetime_value",
    end: true,
    cell: (c, see) => worth(c.lifetime_value, c, see),
  },
  {
    id: "contractValue",
    word: (t) => t("companies.contractValue"),
    sort: "contract_value",
    end: true,
    cell: (c, see) => worth(c.contract_value, c, see),
  },
  {
    id: "recurringRevenue",
    word: (t) => t("companies.recurringRevenue"),
    sort: "recurring_revenue",
    end: true,
    cell: (c, see) => worth(c.recurring_revenue, c, see),
  },
  {
    id: "renewsOn",
    word: (t) => t("companies.renewsOn"),
    sort: "renews_on",
    cell: (c, see) => day(c.renews_on, see),
  },
  { id: "cancelBy", word: (t) => t("companies.field.cancel_by"), cell: (c, see) => day(c.cancel_by, see) },
  { id: "clientSince", word: (t) => t("companies.field.client_since"), cell: (c, see) => day(c.client_since, see) },
  { id: "industry", word: (t) => t("companies.field.industry"), cell: (c) => words(c.industry) },
  {
    id: "size",
    word: (t) => t("companies.field.size"),
    cell: (c) => c.size && <span dir="ltr">{c.size}</span>,
  },
  { id: "city", word: (t) => t("companies.field.city"), cell: (c) => words(c.address?.city) },
  {
    id: "country",
    word: (t) => t("companies.field.country"),
    cell: (c, { formats }) => c.address?.country && words(nameOf("region", formats.locale, c.address.country)),
  },
  { id: "website", word: (t) => t("companies.field.website"), cell: (c) => words(c.website && bare(c.website)) },
  { id: "phone", word: (t) => t("companies.field.phone"), cell: (c) => c.phone && <bdi dir="ltr">{c.phone}</bdi> },
  {
    id: "owner",
    word: (t) => t("companies.owner"),
    cell: (c, { members, t }) =>
      c.owner ? (
        <span className="flex min-w-0 items-center gap-1.5">
          <Avatar name={members.get(c.owner) ?? "?"} id={c.owner} size="xs" />
          <Own>{members.get(c.owner)}</Own>
        </span>
      ) : (
        <span className="text-muted">{t("companies.nobody")}</span>
      ),
  },
  {
    id: "createdAt",
    word: (t) => t("companies.createdAt"),
    sort: "created_at",
    cell: (c, see) => moment(c.created_at, see),
  },
  {
    id: "updatedAt",
    word: (t) => t("contacts.updatedAt"),
    sort: "updated_at",
    cell: (c, see) => moment(c.updated_at, see),
  },
] as const satisfies readonly Plain[];

/** Among the deleted ones when it was deleted is what counts. */
const DELETED: Plain = {
  id: "deletedAt",
  word: (t) => t("companies.deletedAt"),
  cell: (c, see) => c.deleted_at && moment(c.deleted_at, see),
};

export const USUAL: readonly ColumnId[] = ["status", "tier", "people", "annualValue", "renewsOn", "owner", "createdAt"];

/** Values that have an order. */
const SORTED: readonly string[] = ["text", "number", "money", "date", "select", "checkbox"];

export const isColumn = (id: string): id is ColumnId =>
  id.startsWith("custom.") || PLAIN.some((column) => column.id === id);

/** The columns there are, those that everybody has and one for each of the tenant's own fields, and the one of the deleted. */
export function useColumns(members: ReadonlyMap<string, string>): { known: readonly Column[]; deletedAt: Column } {
  const { t } = useTranslation();
  const formats = useFormats();
  const fields = useShown("company");
  return useMemo(() => {
    const see: See = { members, formats, t };
    const made = ({ id, word, sort, end, cell }: Plain): Column => ({
      id: id as ColumnId,
      name: word(t),
      sort,
      end,
      cell: (company) => cell(company, see),
    });
    const own = fields.map(
      (field): Column => ({
        id: `custom.${field.key}`,
        name: field.label,
        ...(SORTED.includes(shapeOf(field)) && { sort: `custom.${field.key}` as const }),
        cell: ({ custom }) => words(shown(field, custom[field.key], formats, t)),
      }),
    );
    return { known: [...PLAIN.map(made), ...own], deletedAt: made(DELETED) };
  }, [members, formats, t, fields]);
}
