import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import { members } from "@/api/queries";
import { useMay } from "@/app/may";

export type Entry = Schema["AuditEntry"];

export interface Asked {
  who?: string | undefined;
  what?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** Days are whole ones where the reader is; the end is part of the period. */
export function filterOf({ who, what, from, to }: Asked): string[] {
  const filter: string[] = [];
  if (who) filter.push(`actor:eq:${who}`);
  if (what) filter.push(`subject:eq:${what}`);
  if (from) filter.push(`occurred_at:gte:${new Date(`${from}T00:00`).toISOString()}`);
  if (to) {
    const end = new Date(`${to}T00:00`);
    end.setDate(end.getDate() + 1);
    filter.push(`occurred_at:lt:${end.toISOString()}`);
  }
  return filter;
}

export const entries = (asked: Asked) =>
  paged(["audit", asked], (cursor, signal) =>
    ok(api.GET("/v1/audit", { params: { query: { limit: 50, cursor, filter: filterOf(asked) } }, signal })),
  );

const visits = queryOptions({
  queryKey: ["impersonations", "names"],
  queryFn: ({ signal }) => ok(api.GET("/v1/impersonations", { params: { query: { limit: 200 } }, signal })),
  staleTime: 60_000,
});

/**
 * Names of who is in the log. Whoever worked in somebody's place is no member here: his name stands with the visit that
 * was going on; when there were two at that moment, none is told rather than the wrong one.
 */
export function useNames() {
  const people = useQuery({ ...members, enabled: useMay("identity.members.read") }).data?.items ?? [];
  const inside = useQuery({ ...visits, enabled: useMay("identity.impersonations.read") }).data?.items ?? [];
  const member = (id: string | null | undefined) => people.find((one) => one.id === id)?.name;
  const visitor = ({ occurred_at }: Entry) => {
    const at = Date.parse(occurred_at);
    const there = inside.filter(
      ({ created_at, ended_at, expires_at }) =>
        Date.parse(created_at) <= at + 1000 && at <= Date.parse(ended_at ?? expires_at) + 1000,
    );
    const names = [...new Set(there.map(({ impersonator }) => impersonator))];
    return names.length === 1 ? names[0] : undefined;
  };
  return {
    people,
    actor: (entry: Entry) => member(entry.actor) ?? (entry.on_behalf_of ? visitor(entry) : undefined),
    behalf: (entry: Entry) => member(entry.on_behalf_of),
  };
}
