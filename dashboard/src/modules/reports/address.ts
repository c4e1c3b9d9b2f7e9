/** What the address of a report says: it can be sent to somebody. */
export const KINDS = [
  "overview",
  "pipeline",
  "conversion",
  "sources",
  "revenue",
  "velocity",
  "win_rate",
  "activity",
  "team",
  "follow_ups",
  "clients",
  "health",
] as const;
export type Kind = (typeof KINDS)[number];
export const SPANS = [
  "this_month",
  "last_month",
  "this_quarter",
  "last_quarter",
  "this_year",
  "last_year",
  "days",
] as const;
export type Span = (typeof SPANS)[number];
export const COMPARES = ["before", "year_before", "nothing"] as const;
export type Compare = (typeof COMPARES)[number];
export const LISTS = ["deals", "contacts", "companies", "tasks", "activities"] as const;
export type List = (typeof LISTS)[number];

export interface ReportSearch {
  kind?: Kind;
  span?: Span;
  from?: string;
  until?: string;
  compare?: Compare;
  member?: string;
  team?: string;
  pipeline?: string;
  /** The run of a schedule whose file is meant. */
  run?: string;
}

export interface RowsSearch {
  list?: List;
  f?: string[];
  reached?: string;
  was_in?: string;
  /** The number's name, as the report says it. */
  what?: string;
  line?: string;
}

const one = <T extends string>(value: unknown, known: readonly T[]): T | undefined =>
  known.find((each) => each === value);
const id = (value: unknown, prefix: string) =>
  typeof value === "string" && new RegExp(`^${prefix}_\\w+$`).test(value) ? value : undefined;
const day = (value: unknown) => (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined);
const words = (value: unknown) => (typeof value === "string" ? value.slice(0, 200) || undefined : undefined);

export function readSearch(search: Record<string, unknown>): ReportSearch {
  const [from, until] = [day(search.from), day(search.until)];
  const span = one(search.span, SPANS);
  return {
    kind: one(search.kind, KINDS),
    // Days are days only when both are said.
    span: span === "days" && !(from && until) ? undefined : span,
    from,
    until,
    compare: one(search.compare, COMPARES),
    member: id(search.member, "usr"),
    team: id(search.team, "tea"),
    pipeline: id(search.pipeline, "pip"),
    run: id(search.run, "rpr"),
  };
}

export function readRows(search: Record<string, unknown>): RowsSearch {
  const given = Array.isArray(search.f) ? search.f : [search.f];
  return {
    list: one(search.list, LISTS),
    f: given.filter((filter): filter is string => typeof filter === "string").slice(0, 20),
    reached: id(search.reached, "stg"),
    was_in: id(search.was_in, "stg"),
    what: words(search.what),
    line: words(search.line),
  };
}
