import { queryOptions } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";

export type Entitlements = Schema["Entitlements"];
export type Plan = Schema["Plan"];
export type Meter = Schema["PlanMeter"];
export type Limit = "contacts" | "members" | "clients" | "widgets" | "domains" | "storage_mb";

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

/** What the account's files take. */
export const storage = queryOptions({
  queryKey: ["storage"],
  queryFn: ({ signal }) => ok(api.GET("/v1/storage", { signal })),
  staleTime: 30_000,
});

const LIMITS: readonly string[] = [
  "contacts",
  "members",
  "clients",
  "widgets",
  "domains",
  "storage_mb",
] satisfies Limit[];
export const isLimit = (name: string): name is Limit => LIMITS.includes(name);

/** How much there is of everything that plans limit: one answer, however much it is. */
export const usage = queryOptions({
  queryKey: ["plan", "usage"],
  queryFn: ({ signal }) => ok(api.GET("/v1/plans/current/usage", { signal })),
  staleTime: 30_000,
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
