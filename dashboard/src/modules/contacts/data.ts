import { infiniteQueryOptions, queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, ok, type Schema } from "@/api/client";
import { members } from "@/api/queries";
import { useMay } from "@/app/may";

export type Contact = Schema["Contact"];
export type Stage = Schema["ContactStage"];
export type Patch = Schema["ContactPatch"];

/** Ways somebody may not want to be reached. */
export const CHANNELS = ["email", "sms", "phone", "whatsapp", "all"] as const;

export const BANDS = ["cold", "warm", "hot"] as const satisfies readonly Contact["band"][];
export const TIERS = ["bronze", "silver", "gold", "platinum"] as const satisfies readonly Contact["tier"][];

export const stages = queryOptions({
  queryKey: ["contact-stages"],
  queryFn: ({ signal }) => ok(api.GET("/v1/contact-stages", { signal })),
  staleTime: 10 * 60_000,
  select: (answer) => answer.items,
});

/** So many tags are read at most. */
const MOST_TAGS = 2_000;

/** All of them: one that was not read could not be chosen, and a timeline would call it deleted. */
export const tags = queryOptions({
  queryKey: ["tags"],
  queryFn: async ({ signal }) => {
    const items: Schema["Tag"][] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: 200, sort: "name", ...(cursor && { cursor }) };
      const page = await ok(api.GET("/v1/tags", { params: { query }, signal }));
      items.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor && items.length < MOST_TAGS);
    return { items };
  },
  staleTime: 60_000,
  select: ({ items }) => items,
});

/** The newest people, for other pages. */
export const contacts = (_search: object = {}, _known: readonly Stage[] = []) =>
  infiniteQueryOptions({
    queryKey: ["contacts", "newest"],
    queryFn: ({ signal }) => ok(api.GET("/v1/contacts", { params: { query: { limit: 20 } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: () => undefined,
  });

export const contact = (id: string) =>
  queryOptions({
    queryKey: ["contacts", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/contacts/{id}", { params: { path: { id } }, signal })),
  });

/** Names of members by id. Whoever may not see the team sees no names. */
export function useMembers(): Map<string, string> {
  const allowed = useMay("identity.members.read");
  const { data } = useQuery({ ...members, enabled: allowed });
  // The same map until the team changes: rows are drawn once.
  return useMemo(() => new Map(data?.items.map(({ id, name }) => [id, name])), [data]);
}
