import type { TFunction } from "i18next";
import { type ReactNode, useMemo } from "react";
import { useMay } from "@/app/may";
import type { Formats } from "@/i18n/format";
import { Avatar } from "@/ui/avatar";
import { Chip, type Tone } from "@/ui/chip";
import { Own } from "@/ui/own";
import { useShown } from "../fields/data";
import { shapeOf, shown } from "../fields/show";
import type { SortField } from "./address";
import type { Contact, Stage } from "./data";
import { WonWith } from "./list/won";
import { nameOf as nameOfCode } from "./person/named";

export type OwnColumnId = `custom.${string}`;
export type ColumnId = PlainColumnId | OwnColumnId;
type PlainColumnId =
  | "company"
  | "email"
  | "phone"
  | "stage"
  | "score"
  | "tier"
  | "tags"
  | "owner"
  | "source"
  | "campaign"
  | "country"
  | "city"
  | "language"
  | "lastContact"
  | "value"
  | "createdAt"
  | "updatedAt";

export interface Column {
  id: ColumnId;
  /** What it is called; the word of its id when absent. */
  label?: string;
  /** A track of the grid. */
  width: string;
  sort?: SortField;
  /** What one must be allowed to see. */
  needs?: "deals.read";
  cell: (contact: Contact, see: See) => ReactNode;
}

export interface See {
  stages: readonly Stage[];
  owners: Map<string, string>;
  formats: Formats;
  t: TFunction;
}

export const COLUMNS: readonly Column[] = [
  { id: "company", width: "minmax(120px,1fr)", cell: (c) => c.company_name },
  {
    id: "email",
    width: "minmax(160px,1.3fr)",
    cell: (c) => c.email && <Own title={c.email}>{c.email}</Own>,
  },
  {
    id: "phone",
    width: "minmax(124px,.8fr)",
    cell: (c) =>
      c.phone && (
        <span className="num" dir="ltr">
          {c.phone}
        </span>
      ),
  },
  { id: "stage", width: "minmax(120px,.7fr)", cell: (c, { stages }) => <StageChip stage={c.stage} stages={stages} /> },
  {
    id: "score",
    width: "minmax(104px,.5fr)",
    sort: "score",
    cell: (c, { formats, t }) => <Score score={c.score} band={c.band} formats={formats} t={t} />,
  },
  {
    id: "tier",
    width: "minmax(84px,.5fr)",
    cell: (c, { t }) => c.tier && <span className="text-ink-2">{t(`contacts.tiers.${c.tier}`)}</span>,
  },
  {
    id: "tags",
    width: "minmax(140px,1fr)",
    cell: (c) => (
      <span className="flex min-w-0 gap-1 overflow-hidden">
        {c.tags.slice(0, c.tags.length > 2 ? 1 : 2).map((tag) => (
          <Chip key={tag} shrinks>
            {tag}
          </Chip>
        ))}
        {c.tags.length > 2 && <Chip>+{c.tags.length - 1}</Chip>}
      </span>
    ),
  },
  {
    id: "owner",
    width: "minmax(110px,.8fr)",
    cell: (c, { owners, t }) => {
      const name = c.owner ? owners.get(c.owner) : undefined;
      if (!c.owner) return <span className="text-muted">{t("contacts.nobody")}</span>;
      return (
        <span className="flex min-w-0 items-center gap-1.5">
          <Avatar name={name ?? "?"} id={c.owner} size="xs" />
          <Own>{name}</Own>
        </span>
      );
    },
  },
  { id: "source", width: "minmax(80px,.5fr)", cell: (c) => <span className="text-muted">{c.source}</span> },
  {
    id: "campaign",
    width: "minmax(120px,.8fr)",
    cell: ({ first_touch: touch }) => <Said text={touch?.utm?.campaign} />,
  },
  {
    id: "country",
    width: "minmax(110px,.7fr)",
    cell: ({ address }, { formats }) =>
      address?.country && <Said text={nameOfCode("region", formats.locale, address.country)} />,
  },
  { id: "city", width: "minmax(110px,.7fr)", cell: ({ address }) => <Said text={address?.city} /> },
  {
    id: "language",
    width: "minmax(100px,.6fr)",
    cell: ({ language }, { formats }) => language && <Said text={nameOfCode("language", formats.locale, language)} />,
  },
  {
    id: "lastContact",
    width: "minmax(120px,.6fr)",
    sort: "quiet_since",
    cell: ({ last_contact_at: at }, { formats, t }) =>
      at ? <Moment at={at} formats={formats} /> : <span className="text-muted">{t("contacts.neverContacted")}</span>,
  },
  {
    id: "value",
    width: "minmax(110px,.7fr)",
    needs: "deals.read",
    cell: ({ id }, { formats }) => <WonWith contact={id} formats={formats} />,
  },
  {
    id: "createdAt",
    width: "minmax(108px,.5fr)",
    sort: "created_at",
    cell: (c, { formats }) => <Moment at={c.created_at} formats={formats} />,
  },
  {
    id: "updatedAt",
    width: "minmax(108px,.5fr)",
    sort: "updated_at",
    cell: (c, { formats }) => <Moment at={c.updated_at} formats={formats} />,
  },
];

/** Values that have an order. */
const SORTED: readonly string[] = ["text", "number", "money", "date", "select", "checkbox"];

const isOwn = (id: string): id is OwnColumnId => id.startsWith("custom.");
export const isColumn = (id: string): id is ColumnId => isOwn(id) || COLUMNS.some((column) => column.id === id);

/** The columns there are: those that everybody has, and one for each of the tenant's own fields. */
export function useColumns(): readonly Column[] {
  const fields = useShown("contact");
  const sells = useMay("deals.read");
  const said = JSON.stringify(fields);
  // The same list until the fields change: rows are drawn once.
  return useMemo(
    () => [
      ...COLUMNS.filter(({ needs }) => !needs || sells),
      ...fields.map(
        (field): Column => ({
          id: `custom.${field.key}`,
          label: field.label,
          width: "minmax(110px,.8fr)",
          ...(SORTED.includes(shapeOf(field)) && { sort: `custom.${field.key}` as const }),
          cell: ({ custom }, { formats, t }) => <Said text={shown(field, custom[field.key], formats, t)} />,
        }),
      ),
    ],
    [said, sells],
  );
}

function Said({ text }: { text: string | null | undefined }) {
  return text ? <Own title={text}>{text}</Own> : null;
}

/** What a column is called. */
export const nameOf = ({ id, label }: Column, t: TFunction): string => label ?? t(`contacts.${id as PlainColumnId}`);

export const USUAL: readonly ColumnId[] = ["company", "email", "stage", "tags", "owner", "createdAt"];

/** The number, and its band in words for whoever does not see the colour. */
function Score({ score, band, formats, t }: Pick<Contact, "score" | "band"> & Pick<See, "formats" | "t">) {
  return (
    <span className="flex items-center gap-2">
      <b className="num w-6 text-end font-[570]">{formats.count(score)}</b>
      <span className="text-cap text-muted">{t(`contacts.bands.${band}`)}</span>
    </span>
  );
}

/** The whole moment is said when a pointer asks: its format is the dearest one, and the first rows do not wait for it. */
function Moment({ at, formats }: { at: string; formats: Formats }) {
  return (
    <time
      dateTime={at}
      onPointerEnter={({ currentTarget }) => {
        currentTarget.title = formats.full(at);
      }}
      className="num text-muted"
    >
      {formats.when(at)}
    </time>
  );
}

/** Won is a sun, lost is quiet, the first stage is plain: colour confirms the word. */
export function StageChip({ stage, stages }: { stage: string; stages: readonly Stage[] }) {
  const known = stages.find(({ key }) => key === stage);
  const tone: Tone =
    known?.outcome === "won"
      ? "sun"
      : known?.outcome === "lost"
        ? "neutral"
        : (known?.position ?? 1) > 1
          ? "accent"
          : "neutral";
  return (
    <Chip tone={tone}>
      {known?.colour && (
        <span aria-hidden="true" className="size-2 shrink-0 rounded-full" style={{ backgroundColor: known.colour }} />
      )}
      {known?.label ?? stage}
    </Chip>
  );
}
