/** How deals are looked at. */
export const VIEWS = ["board", "table", "orbit", "forecast"] as const;
export type View = (typeof VIEWS)[number];
export const STATUSES = ["open", "won", "lost", "abandoned"] as const;
export type Status = (typeof STATUSES)[number];
/** When open deals should close. */
export const CLOSES = ["late", "month", "next", "none"] as const;
export type Closes = (typeof CLOSES)[number];
const SORTS = ["title", "amount", "expected_close", "stage_since", "created_at", "updated_at"] as const;
/** What the server can sort by; the tenant's own fields by their keys. */
export type SortField = (typeof SORTS)[number] | `custom.${string}`;
export type Sort = SortField | `-${SortField}`;
/** What deals can be asked for besides: its editors come with it, `filters.ts`. */
const ASKED =
  /^(stage(_since)?|amount|currency|reason|((first|last)_)?source|(first|last)_campaign|expected_close|(closed|next_step|starts|ends)_on|(created|updated)_at|custom\.\w+):\w+:.|^rules:eq:\{.{1,8000}$/su;

/** What the address of the page says: it can be sent to somebody. */
export interface DealsSearch {
  view?: View;
  /** The pipeline; the first one when it says none. `all` is for the table alone. */
  line?: string;
  q?: string;
  /** A member, or `nobody`. */
  owner?: string;
  /** A company. */
  company?: string;
  /** Somebody who takes part; for the table alone. */
  contact?: string;
  closes?: Closes;
  status?: Status;
  /** Conditions in the words of the API. */
  f?: string[];
  /** Those that were deleted and can be restored, instead of the others; for the table alone. */
  deleted?: true;
  /** Order of the table. */
  by?: Sort;
  /** A saved view; `all` for none, also when one opens first. */
  saved?: string;
  /** The board as it was at this moment. */
  at?: string;
  /** The forecast as it was believed on this day. */
  believed?: string;
  new?: true;
}

const one = <T extends string>(value: unknown, known: readonly T[]): T | undefined =>
  known.find((each) => each === value);

const isSort = (by: unknown): by is Sort =>
  typeof by === "string" && (SORTS.some((field) => field === by.replace(/^-/, "")) || /^-?custom\.\w+$/.test(by));

/** Conditions that are known, each once. */
export const askedOf = (given: readonly unknown[]): string[] => [
  ...new Set(given.filter((text): text is string => typeof text === "string" && ASKED.test(text))),
];

export function readSearch(search: Record<string, unknown>): DealsSearch {
  const { q, line, owner, company, contact, at, believed, by, saved } = search;
  const table = search.view === "table";
  const f = askedOf(Array.isArray(search.f) ? search.f : [search.f]).slice(0, 40);
  return {
    view: one(search.view, VIEWS),
    line: typeof line === "string" && /^(pip_\w+|all)$/.test(line) ? line : undefined,
    q: typeof q === "string" || typeof q === "number" ? String(q).slice(0, 100) || undefined : undefined,
    owner: typeof owner === "string" && /^(usr_\w+|nobody)$/.test(owner) ? owner : undefined,
    company: typeof company === "string" && /^com_\w+$/.test(company) ? company : undefined,
    contact: table && typeof contact === "string" && /^con_\w+$/.test(contact) ? contact : undefined,
    closes: one(search.closes, CLOSES),
    status: one(search.status, STATUSES),
    f: f.length > 0 ? f : undefined,
    deleted: table && (search.deleted === true || search.deleted === "true") ? true : undefined,
    by: isSort(by) ? by : undefined,
    saved: typeof saved === "string" && /^(viw_\w+|all)$/.test(saved) ? saved : undefined,
    at: typeof at === "string" && !Number.isNaN(Date.parse(at)) ? at : undefined,
    believed: typeof believed === "string" && /^\d{4}-\d\d-\d\d$/.test(believed) ? believed : undefined,
    new: search.new === true || search.new === "true" ? true : undefined,
  };
}

/** A day of the calendar as the API writes it. */
const iso = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);

/** The conditions of the API for what was chosen; `today` is a day like `2026-11-28`. */
export function filtersOf({ owner, company, closes, f = [] }: DealsSearch, today: string): string[] {
  const filters: string[] = [];
  if (owner) filters.push(owner === "nobody" ? "owner:empty:true" : `owner:eq:${owner}`);
  if (company) filters.push(`company:eq:${company}`);
  const [year = 0, month = 1] = today.split("-").map(Number);
  if (closes === "none") filters.push("expected_close:empty:true");
  if (closes === "late") filters.push(`expected_close:lt:${today}`);
  if (closes === "month" || closes === "next") {
    const from = closes === "month" ? month - 1 : month;
    filters.push(`expected_close:gte:${iso(year, from, 1)}`, `expected_close:lt:${iso(year, from + 1, 1)}`);
  }
  return [...filters, ...f];
}
