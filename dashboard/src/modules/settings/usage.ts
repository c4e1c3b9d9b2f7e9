import { queryOptions } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";

export type Entitlements = Schema["Entitlements"];
export type Plan = Schema["Plan"];
export type Limit = "contacts" | "members" | "clients" | "widgets" | "storage_mb";

export const entitlements = queryOptions({
  queryKey: ["plan"],
  queryFn: ({ signal }) => ok(api.GET("/v1/plans/current", { signal })),
  staleTime: 60_000,
});

export const offers = queryOptions({
  queryKey: ["plans"],
  queryFn: ({ signal }) => ok(api.GET("/v1/plans", { signal })),
  staleTime: 10 * 60_000,
});

/** How many there are; `more` when counting stopped before the end. */
export interface Count {
  used: number;
  more: boolean;
}

const PAGE = 200;
/** Lists are counted page by page; nobody waits for more than these. */
const PAGES = 5;

type Load = (cursor: string | undefined) => Promise<{ items: unknown[]; next_cursor?: string | null }>;

export async function count(load: Load): Promise<Count> {
  let used = 0;
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const { items, next_cursor } = await load(cursor);
    used += items.length;
    if (!next_cursor) return { used, more: false };
    cursor = next_cursor;
  }
  return { used, more: true };
}

/** What the account's files take. */
export const storage = queryOptions({
  queryKey: ["storage"],
  queryFn: ({ signal }) => ok(api.GET("/v1/storage", { signal })),
  staleTime: 30_000,
});

const LISTS: Record<Exclude<Limit, "storage_mb">, (signal: AbortSignal) => Load> = {
  contacts: (signal) => (cursor) => ok(api.GET("/v1/contacts", { params: { query: { limit: PAGE, cursor } }, signal })),
  members: (signal) => (cursor) => ok(api.GET("/v1/members", { params: { query: { limit: PAGE, cursor } }, signal })),
  clients: (signal) => (cursor) => ok(api.GET("/v1/clients", { params: { query: { limit: PAGE, cursor } }, signal })),
  widgets: (signal) => (cursor) => ok(api.GET("/v1/widgets", { params: { query: { limit: PAGE, cursor } }, signal })),
};

/** Who may see the list may know how long it is. */
export const NEEDS: Record<Limit, string> = {
  contacts: "contacts.read",
  members: "identity.members.read",
  clients: "tenants.clients.read",
  widgets: "tenants.read",
  storage_mb: "tenants.read",
};
export const isLimit = (name: string): name is Limit => name in NEEDS;

/** A megabyte that is begun counts. */
const stored = async (signal: AbortSignal): Promise<Count> => {
  const { bytes } = await ok(api.GET("/v1/storage", { signal }));
  return { used: Math.ceil(bytes / 1_000_000), more: false };
};

export const usage = (limit: Limit) =>
  queryOptions({
    queryKey: [limit, "count"],
    queryFn: ({ signal }) => (limit === "storage_mb" ? stored(signal) : count(LISTS[limit](signal))),
    staleTime: 60_000,
  });

export type Level = "fine" | "warning" | "soft" | "hard";

export const BAR: Record<Level, string> = {
  fine: "bg-success",
  warning: "bg-warning",
  soft: "bg-warning",
  hard: "bg-danger",
};

/** 80 % warns, 90 % says so on the page, at 100 % nothing more can be added. */
export function levelOf(used: number, most: number): Level {
  const part = most > 0 ? used / most : 1;
  return part >= 1 ? "hard" : part >= 0.9 ? "soft" : part >= 0.8 ? "warning" : "fine";
}
