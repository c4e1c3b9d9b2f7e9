/** How tasks are looked at. */
export const VIEWS = ["board", "table", "figures"] as const;
export type View = (typeof VIEWS)[number];
export const STATUSES = ["open", "done", "skipped"] as const;
export type Status = (typeof STATUSES)[number];
export const KINDS = ["task", "call", "email", "message", "meeting", "proposal", "invoice"] as const;
export type Kind = (typeof KINDS)[number];
export const PRIORITIES = ["low", "normal", "high", "urgent"] as const;
export type Priority = (typeof PRIORITIES)[number];
export const COMPLETIONS = ["in_time", "late", "skipped", "withdrawn", "open"] as const;
export type Completion = (typeof COMPLETIONS)[number];
export const SORTS = [
  "due",
  "-due",
  "-priority",
  "title",
  "closed_at",
  "-closed_at",
  "updated_at",
  "-updated_at",
] as const;
export type Sort = (typeof SORTS)[number];

/** What the address of the page says: it can be sent to somebody. */
export interface TasksSearch {
  view?: View;
  q?: string;
  /** A member who does or shares it, or `everybody`; whoever looks when it says nothing. */
  who?: string;
  /** Who does it, whoever shares it; `nobody` for what nobody does. */
  doer?: string;
  /** What became of it, and from when until before when it was due: the rows of a figure. */
  completion?: Completion;
  since?: string;
  before?: string;
  kind?: Kind;
  /** At least this pressing. */
  priority?: "high" | "urgent";
  status?: Status;
  /** Those that were deleted and can be restored, instead of the others; for the list alone. */
  deleted?: true;
  /** Due on this day or later, and on that day or earlier. */
  from?: string;
  until?: string;
  /** Order of the table. */
  by?: Sort;
  /** A saved view; `all` for none, also when one opens first. */
  saved?: string;
  /** The task that is open beside the list. */
  task?: string;
  new?: true;
}

const one = <T extends string>(value: unknown, known: readonly T[]): T | undefined =>
  known.find((each) => each === value);

const day = (value: unknown): string | undefined =>
  typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined;

const moment = (value: unknown): string | undefined =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]{5,18}Z$/.test(value) ? value : undefined;

export function readSearch(search: Record<string, unknown>): TasksSearch {
  const { q, who, doer, by, task, saved } = search;
  const view = one(search.view, VIEWS);
  return {
    view,
    q: typeof q === "string" || typeof q === "number" ? String(q).slice(0, 100) || undefined : undefined,
    who: typeof who === "string" && /^(usr_\w+|everybody)$/.test(who) ? who : undefined,
    doer: typeof doer === "string" && /^(usr_\w+|nobody)$/.test(doer) ? doer : undefined,
    completion: one(search.completion, COMPLETIONS),
    since: moment(search.since),
    before: moment(search.before),
    kind: one(search.kind, KINDS),
    priority: one(search.priority, ["high", "urgent"] as const),
    status: one(search.status, STATUSES),
    deleted: view === "table" && (search.deleted === true || search.deleted === "true") ? true : undefined,
    from: day(search.from),
    until: day(search.until),
    by: one(by, SORTS),
    saved: typeof saved === "string" && /^(viw_\w+|all)$/.test(saved) ? saved : undefined,
    task: typeof task === "string" && /^tsk_\w+$/.test(task) ? task : undefined,
    new: search.new === true || search.new === "true" ? true : undefined,
  };
}

/** The conditions of the API for what was chosen; `me` is whoever looks. */
export function filtersOf(search: TasksSearch, me: string | undefined): string[] {
  const { who, doer, completion, since, before, kind, priority, from, until } = search;
  const filters: string[] = [];
  const user = who ?? me;
  if (user && user !== "everybody") filters.push(`member:eq:${user}`);
  if (doer) filters.push(doer === "nobody" ? "assignee:empty:true" : `assignee:eq:${doer}`);
  if (completion) filters.push(`completion:eq:${completion}`);
  if (since) filters.push(`due_at:gte:${since}`);
  if (before) filters.push(`due_at:lt:${before}`);
  if (kind) filters.push(`kind:eq:${kind}`);
  if (priority) filters.push(`priority:gte:${PRIORITIES.indexOf(priority)}`);
  if (from) filters.push(`due_on:gte:${from}`);
  if (until) filters.push(`due_on:lte:${until}`);
  return filters;
}

/** An address that is narrowed by nothing. */
export const ANY = {
  ...{ q: undefined, kind: undefined, priority: undefined, who: undefined, from: undefined, until: undefined },
  ...{ doer: undefined, completion: undefined, since: undefined, before: undefined },
} satisfies TasksSearch;

/** Days of figures: from when until before when, and until when what is open counts as overdue. */
export interface Days {
  starts_at: string;
  ends_at: string;
  as_of: string;
}

const utc = (at: string) => at.replace("+00:00", "Z");

/** What was due in these days. */
export const dueIn = (days: Days, doer?: string | null): TasksSearch => ({
  view: "table",
  who: "everybody",
  ...(doer !== undefined && { doer: doer ?? "nobody" }),
  since: utc(days.starts_at),
  before: utc(days.ends_at),
});

export type FigureName = Exclude<Completion, "open"> | "overdue";

/** The rows of a figure: what became of tasks that were due, of everybody or of who does them (null for nobody). */
export function rowsOf(days: Days, figure: FigureName, doer?: string | null): TasksSearch {
  const due = dueIn(days, doer);
  if (figure !== "overdue")
    return { ...due, status: figure === "in_time" || figure === "late" ? "done" : "skipped", completion: figure };
  const ended = Date.parse(days.ends_at) <= Date.parse(days.as_of);
  return { ...due, status: "open", completion: "open", before: ended ? due.before : utc(days.as_of) };
}
