import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import { members } from "@/api/queries";
import { useMay } from "@/app/may";
import type { DealState } from "@/sky/Deals/deal";
import { homeOf, type Sums, sumsOf } from "./sums";

const DAY = 86_400_000;

export type Deal = Schema["Deal"];
export type Pipeline = Schema["Pipeline"];
export type Board = Schema["Board"];
export type BoardStage = Schema["BoardStage"];
export type Total = Schema["Total"];
export type Role = Schema["DealRole"];
export const ROLES = ["decision_maker", "influencer", "user", "billing", "other"] as const satisfies readonly Role[];

/** Words and conditions that narrow boards, lists and forecasts alike. */
export interface Wish {
  q?: string;
  filter: string[];
}

export const pipelines = queryOptions({
  queryKey: ["pipelines"],
  queryFn: ({ signal }) => ok(api.GET("/v1/pipelines", { params: { query: { limit: 200 } }, signal })),
  staleTime: 5 * 60_000,
  select: (page) => page.items,
});

export const board = (id: string, wish: Wish) =>
  queryOptions({
    queryKey: ["deals", "board", id, wish],
    queryFn: ({ signal }) => ok(api.GET("/v1/pipelines/{id}/board", { params: { path: { id }, query: wish }, signal })),
    placeholderData: keepPreviousData,
    enabled: id !== "",
  });

/** Deals that were won. */
export interface Won extends Sums {
  items: Deal[];
  /** How many there are; more than are shown. */
  count: number;
}
export const NONE_WON: Won = { items: [], count: 0, totals: [], home: undefined };

/** A month begins where the account is; its moments, a day wider, are what an index knows. */
export const wonFilter = (id: string, since: string): string[] => [
  `pipeline:eq:${id}`,
  "status:eq:won",
  `closed_on:gte:${since}`,
  `closed_at:gte:${new Date(Date.parse(since) - DAY).toISOString()}`,
];

/** What was won since a day of the account, for the column under the sun: the first cards, and what all of them come to. */
export const wonSince = (id: string, wish: Wish, since: string) =>
  queryOptions({
    queryKey: ["deals", "won", id, wish, since],
    queryFn: async ({ signal }): Promise<Won> => {
      const asked = { filter: [...wish.filter, ...wonFilter(id, since)], ...(wish.q && { q: wish.q }) };
      const query = { ...asked, limit: 50, sort: "-updated_at" };
      const { items, next_cursor } = await ok(api.GET("/v1/deals", { params: { query }, signal }));
      if (!next_cursor) return { items, count: items.length, totals: sumsOf(items), home: homeOf(items) };
      const { totals, home } = await ok(api.GET("/v1/deals/totals", { params: { query: asked }, signal }));
      const count = totals.reduce((all, total) => all + total.count, 0);
      return { items, count, totals, home: home[0]?.total };
    },
    placeholderData: keepPreviousData,
    enabled: id !== "",
  });

export const replay = (id: string, at: string, wish: Wish) =>
  queryOptions({
    queryKey: ["deals", "replay", id, at, wish],
    queryFn: ({ signal }) =>
      ok(api.GET("/v1/pipelines/{id}/replay", { params: { path: { id }, query: { ...wish, at } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

export const forecast = (id: string, wish: Wish, weigh: Schema["Weigh"]) =>
  queryOptions({
    queryKey: ["deals", "forecast", id, wish, weigh],
    queryFn: ({ signal }) => {
      const query = { ...wish, filter: [...wish.filter, `pipeline:eq:${id}`], weigh };
      return ok(api.GET("/v1/deals/forecast", { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
    enabled: id !== "",
  });

/** What the forecast said at the end of a day, and what became of its deals; of one moment, so that the two agree. */
export const forecastThen = (id: string, wish: Wish, weigh: Schema["Weigh"], day: string) =>
  queryOptions({
    queryKey: ["deals", "forecast", id, wish, weigh, day],
    queryFn: async ({ signal }) => {
      const query = { ...wish, filter: [...wish.filter, `pipeline:eq:${id}`], as_of: day };
      const [then, became] = await Promise.all([
        ok(api.GET("/v1/deals/forecast", { params: { query: { ...query, weigh } }, signal })),
        ok(api.GET("/v1/deals/forecast/outcomes", { params: { query }, signal })),
      ]);
      return { then, outcomes: became.outcomes };
    },
    placeholderData: keepPreviousData,
  });

/** Those deals, of which something became when it is said. */
export const forecastDeals = (id: string, wish: Wish, day: string, fate?: Schema["Fate"]) =>
  paged(["deals", "forecast-deals", id, wish, day, fate], (cursor, signal) => {
    const filter = [...wish.filter, `pipeline:eq:${id}`];
    const query = { ...wish, filter, as_of: day, limit: 50, cursor, ...(fate && { fate }) };
    return ok(api.GET("/v1/deals/forecast/deals", { params: { query }, signal }));
  });

export const dealList = (query: Wish & { sort: string; contact?: string; deleted?: boolean }) =>
  paged(["deals", "list", query], (cursor, signal) =>
    ok(api.GET("/v1/deals", { params: { query: { ...query, limit: 50, cursor } }, signal })),
  );

export const deal = (id: string) =>
  queryOptions({
    queryKey: ["deals", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/deals/{id}", { params: { path: { id } }, signal })),
  });

export const history = (id: string) =>
  queryOptions({
    queryKey: ["deals", "history", id],
    queryFn: ({ signal }) =>
      ok(api.GET("/v1/deals/{id}/history", { params: { path: { id }, query: { limit: 200 } }, signal })),
  });

/** Names of members by id. Whoever may not see the team sees no names. */
export function useMembers(): Map<string, string> {
  const allowed = useMay("identity.members.read");
  const { data } = useQuery({ ...members, enabled: allowed });
  return useMemo(() => new Map(data?.items.map(({ id, name }) => [id, name])), [data]);
}

/** How a deal stands: touched today is hot, nobody's for as long as the pipeline says is quiet. */
export function stateOf(deal: Deal, today: string, dayKey: (at: string) => string, now = Date.now()): DealState {
  if (deal.status === "won") return "won";
  if (Date.parse(deal.quiet_at) <= now) return "quiet";
  return dayKey(deal.touched_at) === today ? "hot" : "active";
}
