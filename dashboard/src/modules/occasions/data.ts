import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import type { View } from "./address";

export type Occasion = Schema["Occasion"];
export type UpcomingDay = Schema["UpcomingDay"];
export type UpcomingOccasion = Schema["UpcomingOccasion"];
export type UpcomingRenewal = Schema["UpcomingRenewal"];
export type Greeting = Schema["Greeting"];
export type Send = Schema["GreetingSend"];
export type Batch = Schema["GreetingBatch"];
export type Feast = Schema["Feast"];
export type Settings = Schema["OccasionSettings"];

/** How many occasions of each day a view names. */
export const PER_DAY: Record<View, number> = { month: 3, week: 20, day: 200, next: 20 };

/** What an occasion can be of. */
export type About = "contact" | "company";

export const upcoming = (query: { from?: string; to?: string; per_day?: number }) =>
  queryOptions({
    queryKey: ["occasions", "upcoming", query],
    queryFn: ({ signal }) => ok(api.GET("/v1/occasions/upcoming", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

/** All occasions of a day, as many at a time as its page begins with. */
export const ofDay = (day: string) =>
  paged(["occasions", "day", day], (cursor, signal) =>
    ok(api.GET("/v1/occasions/upcoming/day", { params: { query: { day, limit: PER_DAY.day, cursor } }, signal })),
  );

export const occasionsOf = (about: About, id: string) =>
  queryOptions({
    queryKey: ["occasions", "of", about, id],
    queryFn: ({ signal }) =>
      ok(api.GET("/v1/occasions", { params: { query: { filter: [`${about}:eq:${id}`], limit: 50 } }, signal })),
    // What comes next stands first; what does not come again last.
    select: (page) => [...page.items].sort((a, b) => (a.next_on ?? "9999").localeCompare(b.next_on ?? "9999")),
  });

export const settings = queryOptions({
  queryKey: ["occasions", "settings"],
  queryFn: ({ signal }) => ok(api.GET("/v1/occasion-settings", { signal })),
});

export const feasts = (from: string, to: string) =>
  queryOptions({
    queryKey: ["occasions", "feasts", from, to],
    queryFn: ({ signal }) => ok(api.GET("/v1/feasts", { params: { query: { from, to } }, signal })),
  });

export const greetings = paged(["greetings", "list"], (cursor, signal) =>
  ok(api.GET("/v1/greetings", { params: { query: { limit: 100, cursor } }, signal })),
);

export const greeting = (id: string) =>
  queryOptions({
    queryKey: ["greetings", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/greetings/{id}", { params: { path: { id } }, signal })),
  });

export const batches = (filter: string[], sort: string) =>
  paged(["greetings", "batches", filter, sort], (cursor, signal) =>
    ok(api.GET("/v1/greeting-batches", { params: { query: { filter, sort, limit: 50, cursor } }, signal })),
  );

/** What waits for approval, the next day first. */
export const waiting = batches(["state:eq:waiting"], "day");

export const sends = (filter: string[]) =>
  paged(["greetings", "sends", filter], (cursor, signal) =>
    ok(api.GET("/v1/greeting-sends", { params: { query: { filter, limit: 50, cursor } }, signal })),
  );

/** What became of greetings of a day, for as many contacts as a page shows. */
export const sendsOn = (day: string) =>
  queryOptions({
    queryKey: ["greetings", "sends", "on", day],
    queryFn: ({ signal }) =>
      ok(api.GET("/v1/greeting-sends", { params: { query: { filter: [`day:eq:${day}`], limit: 200 } }, signal })),
    select: (page) => page.items,
  });

/** A year ahead, a part of the contacts at a time. */
export const simulation = (drafts: boolean) =>
  ({
    queryKey: ["greetings", "simulation", drafts],
    queryFn: ({ pageParam, signal }: { pageParam: string | undefined; signal: AbortSignal }) =>
      ok(api.GET("/v1/greetings/simulation", { params: { query: { drafts, cursor: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Schema["Simulation"]) => page.next_cursor ?? undefined,
    staleTime: 60_000,
  }) as const;

export const simulatedDay = (day: string, drafts: boolean, only: string | undefined) =>
  paged(["greetings", "simulated", day, drafts, only], (cursor, signal) => {
    const query = { day, drafts, cursor, ...(only && { greeting: only }) };
    return ok(api.GET("/v1/greetings/simulation/sends", { params: { query }, signal }));
  });
