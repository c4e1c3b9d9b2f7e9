import { matches } from "@/shell/search";
import { type Client, worstFirst } from "./data";
import { nearest } from "./nearest";

/** Each in the way it is mostly asked for: names from A, the worst health, the most, the fullest, the latest first. */
const ORDERS = {
  name: (a, b) => a.name.localeCompare(b.name),
  health: worstFirst,
  contacts: (a, b) => b.week.week.contacts - a.week.week.contacts,
  limit: (a, b) => nearest(b) - nearest(a),
  shown: (a, b) => b.activity.seen_week - a.activity.seen_week,
  last: (a, b) => (b.week.last_at ?? "").localeCompare(a.week.last_at ?? ""),
} satisfies Record<string, (a: Client, b: Client) => number>;

export type Column = keyof typeof ORDERS;
export const COLUMNS = Object.keys(ORDERS) as Column[];
/** A column, or the other way round. */
export type Sort = Column | `-${Column}`;
export type Which = "all" | "attention" | "trials" | "stopped";

/** What of the list is shown; it stands in the address, so that whoever comes back finds it as he left it. */
export interface ClientSearch {
  new?: true;
  q?: string;
  which?: Exclude<Which, "all">;
  sort?: Sort;
}

const WHICH = ["attention", "trials", "stopped"] as const;
const isSort = (value: unknown): value is Sort =>
  typeof value === "string" && (COLUMNS as string[]).includes(value.replace(/^-/, ""));

/** What an address asks for. */
export const readSearch = (search: Record<string, unknown>): ClientSearch => ({
  new: search.new === true || search.new === "true" || undefined,
  q: typeof search.q === "string" && search.q !== "" ? search.q : undefined,
  which: WHICH.find((which) => which === search.which),
  sort: isSort(search.sort) ? search.sort : undefined,
});

const WEEK = 7 * 86_400_000;
const left = ({ trial_ends_at: end }: Client, now: number) => (end ? Date.parse(end) - now : 0);

/** Whether a trial that is not over yet ends within seven days. */
export const ending = (client: Client, now = Date.now()): boolean => left(client, now) > 0 && left(client, now) <= WEEK;

/** One that was stopped needs somebody, too. */
export const IS = {
  attention: ({ health }: Client) => health === "attention" || health === "stopped",
  trials: (client: Client) => left(client, Date.now()) > 0,
  stopped: ({ health }: Client) => health === "stopped",
};

/** The clients that are asked for, in their order; what is alike stands by name. */
export function found(clients: readonly Client[], { q = "", which, sort = "name" }: ClientSearch): Client[] {
  const column = sort.replace(/^-/, "") as Column;
  const sign = sort === column ? 1 : -1;
  return clients
    .filter((client) => (!which || IS[which](client)) && matches(`${client.name} ${client.slug ?? ""}`, q))
    .sort((a, b) => sign * ORDERS[column](a, b) || ORDERS.name(a, b));
}

/** What a press on a column asks for: its order, then the other way round, then names again. */
export function pressed(column: Column, sort: Sort = "name"): Sort | undefined {
  if (sort === column) return `-${column}`;
  return sort === `-${column}` || column === "name" ? undefined : column;
}

/** How a column says it to who does not see it. */
export function said(column: Column, sort: Sort = "name"): "ascending" | "descending" | "none" {
  if (sort.replace(/^-/, "") !== column) return "none";
  return (sort === column) === (column === "name" || column === "health") ? "ascending" : "descending";
}
