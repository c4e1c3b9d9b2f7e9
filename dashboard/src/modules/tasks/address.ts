/** How tasks are looked at. */
export const VIEWS = ["board", "table", "figures"] as const;
export type View = (typeof VIEWS)[number];
export const STATUSES = ["open", "done", "skipped"] as const;
export type Status = (typeof STATUSES)[number];
export const KINDS = ["task", "call", "email", "message", "meeting", "proposal", "invoice"] as const;
export type Kind = (typeof KINDS)[number];
export const PRIORITIES = ["low", "normal", "high", "urgent"] as const;
export type Priority = (typeof PRIORITIES)[number];
export const SORTS = ["due", "-due", "title", "closed_at", "-closed_at", "updated_at", "-updated_at"] as const;
export type Sort = (typeof SORTS)[number];

/** What the address of the page says: it can be sent to somebody. */
export interface TasksSearch {
  view?: View;
  q?: string;
  /** A member, or `everybody`; whoever looks when it says nothing. */
  who?: string;
  kind?: Kind;
  /** At least this pressing. */
  priority?: "high" | "urgent";
  status?: Status;
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

export function readSearch(search: Record<string, unknown>): TasksSearch {
  const { q, who, by, task, saved } = search;
  return {
    view: one(search.view, VIEWS),
    q: typeof q === "string" || typeof q === "number" ? String(q).slice(0, 100) || undefined : undefined,
    who: typeof who === "string" && /^(usr_\w+|everybody)$/.test(who) ? who : undefined,
    kind: one(search.kind, KINDS),
    priority: one(search.priority, ["high", "urgent"] as const),
    status: one(search.status, STATUSES),
    from: day(search.from),
    until: day(search.until),
    by: one(by, SORTS),
    saved: typeof saved === "string" && /^(viw_\w+|all)$/.test(saved) ? saved : undefined,
    task: typeof task === "string" && /^tsk_\w+$/.test(task) ? task : undefined,
    new: search.new === true || search.new === "true" ? true : undefined,
  };
}

/** The conditions of the API for what was chosen; `me` is whoever looks. */
export function filtersOf({ who, kind, priority, from, until }: TasksSearch, me: string | undefined): string[] {
  const filters: string[] = [];
  const user = who ?? me;
  if (user && user !== "everybody") filters.push(`assignee:eq:${user}`);
  if (kind) filters.push(`kind:eq:${kind}`);
  if (priority) filters.push(`priority:gte:${PRIORITIES.indexOf(priority)}`);
  if (from) filters.push(`due_on:gte:${from}`);
  if (until) filters.push(`due_on:lte:${until}`);
  return filters;
}
