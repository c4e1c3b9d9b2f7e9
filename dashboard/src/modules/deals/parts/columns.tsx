import type { TFunction } from "i18next";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { type Formats, useFormats } from "@/i18n/format";
import { Chip, type Tone } from "@/ui/chip";
import { money } from "@/ui/money";
import { Own } from "@/ui/own";
import { useShown } from "../../fields/data";
import { shapeOf, shown } from "../../fields/show";
import type { SortField, Status } from "../address";
import { type ColumnId, PLAIN } from "../columns";
import { type Deal, type Pipeline, useMembers } from "../data";
import { dayWords } from "../../tasks/when";
import { CompanyName } from "./company-name";
import { StageCell } from "./stage-cell";

type Plain = (typeof PLAIN)[number] | "deleted_at";

/** A column beside the title. */
export interface Column<Id = ColumnId | "deleted_at"> {
  id: Id;
  name: string;
  sort?: SortField;
  /** Numbers stand at the end of their column. */
  end?: boolean;
  cell: (deal: Deal) => ReactNode;
}

interface See {
  lines: readonly Pipeline[];
  members: ReadonlyMap<string, string>;
  /** Whoever reads companies goes to them. */
  reads: boolean;
  formats: Formats;
  t: TFunction;
}

const TONES: Record<Status, Tone> = { open: "accent", won: "sun", lost: "neutral", abandoned: "neutral" };

const words = (text: string | null | undefined) => text && <Own title={text}>{text}</Own>;
const day = (value: string | null | undefined, { formats }: See) => value && dayWords(value, formats.locale);
const moment = (at: string, { formats }: See) => (
  <time dateTime={at} title={formats.full(at)}>
    {formats.when(at)}
  </time>
);

function stage(deal: Deal, { lines, t }: See) {
  const { status, reason } = deal;
  if (status !== "open") return <Chip tone={TONES[status]}>{reason ?? t(`deals.status.${status}`)}</Chip>;
  return <StageCell deal={deal} line={lines.find(({ id }) => id === deal.pipeline)} named={lines.length > 1} />;
}

function amount({ amount: value, currency, home_amount: home, home_currency }: Deal, { formats, t }: See) {
  return (
    <span className="num">
      {value > 0 ? money(value, currency, formats.locale) : "–"}
      {value > 0 && currency !== home_currency && (
        <span className="block text-cap text-muted">
          {typeof home === "number"
            ? t("deals.home.about", { amount: money(home, home_currency, formats.locale) })
            : t("deals.home.none", { currency: home_currency })}
        </span>
      )}
    </span>
  );
}

const CELLS: Record<Plain, (deal: Deal, see: See) => ReactNode> = {
  company: (d, { reads }) => d.company && <CompanyName deal={d} reads={reads} />,
  contacts: (d, { formats }) => words(formats.list(d.contacts.map(({ name }) => name))),
  stage,
  amount,
  expected_close: (d, see) => day(d.expected_close, see),
  owner: (d, { members, t }) =>
    d.owner ? <bdi>{members.get(d.owner)}</bdi> : <span className="text-muted">{t("deals.nobody")}</span>,
  next_step: (d) => words(d.next_step),
  next_step_on: (d, see) => day(d.next_step_on, see),
  source: (d) => words(d.source),
  first_source: (d) => words(d.first_source),
  first_campaign: (d) => words(d.first_campaign),
  last_source: (d) => words(d.last_source),
  last_campaign: (d) => words(d.last_campaign),
  starts_on: (d, see) => day(d.starts_on, see),
  ends_on: (d, see) => day(d.ends_on, see),
  stage_since: (d, see) => moment(d.stage_since, see),
  closed_on: (d, see) => day(d.closed_on, see),
  created_at: (d, see) => moment(d.created_at, see),
  updated_at: (d, see) => moment(d.updated_at, see),
  deleted_at: (d, see) => d.deleted_at && moment(d.deleted_at, see),
};
const SORTED: readonly string[] = ["amount", "expected_close", "stage_since", "created_at", "updated_at"];

/** Values of the tenant's own fields that have an order. */
const OWN_SORTED: readonly string[] = ["text", "number", "money", "date", "select", "checkbox"];

/** The columns there are: those that everybody has, one for each of the tenant's own fields, and the one of the deleted. */
export function useColumns(lines: readonly Pipeline[]): { known: readonly Column<ColumnId>[]; deletedAt: Column } {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  const reads = useMay("companies.read");
  const fields = useShown("deal");
  return useMemo(() => {
    const see: See = { lines, members, reads, formats, t };
    const made = <Id extends Plain>(id: Id): Column<Id> => ({
      id,
      name: id === "next_step_on" ? t("deals.field.step_on") : t(`deals.field.${id}`),
      ...(SORTED.includes(id) && { sort: id as SortField }),
      end: id === "amount",
      cell: (deal) => CELLS[id](deal, see),
    });
    const own = fields.map(
      (field): Column<ColumnId> => ({
        id: `custom.${field.key}`,
        name: field.label,
        ...(OWN_SORTED.includes(shapeOf(field)) && { sort: `custom.${field.key}` as const }),
        end: ["number", "money"].includes(shapeOf(field)),
        cell: ({ custom }) => words(shown(field, custom[field.key], formats, t)),
      }),
    );
    return { known: [...PLAIN.map(made), ...own], deletedAt: made("deleted_at") };
  }, [lines, members, reads, formats, t, fields]);
}
