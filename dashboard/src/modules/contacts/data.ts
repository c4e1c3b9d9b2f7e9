import { infiniteQueryOptions, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { members } from "@/api/queries";
import { useMay } from "@/app/may";
import { type ListSearch, queryOf } from "./search";

export type Contact = Schema["Contact"];
export type Stage = Schema["ContactStage"];
export type Patch = Schema["ContactPatch"];

export const stages = queryOptions({
  queryKey: ["contact-stages"],
  queryFn: ({ signal }) => ok(api.GET("/v1/contact-stages", { signal })),
  staleTime: 10 * 60_000,
  select: (answer) => answer.items,
});

export const tags = queryOptions({
  queryKey: ["tags"],
  queryFn: ({ signal }) => ok(api.GET("/v1/tags", { params: { query: { limit: 200, sort: "name" } }, signal })),
  staleTime: 60_000,
  select: (page) => page.items,
});

export const contacts = (search: ListSearch, known: readonly Stage[]) => {
  const query = queryOf(search, known);
  return infiniteQueryOptions({
    queryKey: ["contacts", "list", query],
    queryFn: ({ pageParam, signal }) =>
      ok(api.GET("/v1/contacts", { params: { query: { ...query, limit: 100, cursor: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
};

export const contact = (id: string) =>
  queryOptions({
    queryKey: ["contacts", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/contacts/{id}", { params: { path: { id } }, signal })),
  });

export const timeline = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["contacts", "one", id, "timeline"],
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET("/v1/contacts/{id}/timeline", {
          params: { path: { id }, query: { limit: 40, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const consents = (id: string) =>
  queryOptions({
    queryKey: ["contacts", "one", id, "consents"],
    queryFn: ({ signal }) =>
      ok(api.GET("/v1/contacts/{id}/consents", { params: { path: { id }, query: { limit: 100 } }, signal })),
  });

export const blocks = (id: string) =>
  queryOptions({
    queryKey: ["contacts", "one", id, "blocks"],
    queryFn: ({ signal }) => ok(api.GET("/v1/contacts/{id}/do-not-contact", { params: { path: { id } }, signal })),
  });

/** Names of members by id. Whoever may not see the team sees no names. */
export function useMembers(): Map<string, string> {
  const allowed = useMay("identity.members.read");
  const { data } = useQuery({ ...members, enabled: allowed });
  return new Map(data?.items.map(({ id, name }) => [id, name]));
}

/** A change of one contact that shows at once. A newer version elsewhere is 412: the page is read again and nothing is overwritten. */
export function useContactPatch(id: string) {
  const cache = useQueryClient();
  const key = contact(id).queryKey;
  return useMutation({
    // One after another: each needs the version that the one before made.
    scope: { id: `contact-${id}` },
    mutationFn: async (body: Patch) => {
      const version = cache.getQueryData(key)?.version;
      return ok(
        api.PATCH("/v1/contacts/{id}", {
          params: { path: { id }, header: ifMatch(version) },
          body,
        }),
      );
    },
    onMutate: async (body) => {
      await cache.cancelQueries({ queryKey: key, exact: true });
      const before = cache.getQueryData(key);
      if (before) cache.setQueryData(key, { ...before, ...(body as Partial<Contact>) });
      return { before };
    },
    onError: (_error, _body, held) => {
      if (held?.before) cache.setQueryData(key, held.before);
      void cache.invalidateQueries({ queryKey: key });
    },
    onSuccess: (fresh) => {
      cache.setQueryData(key, fresh);
      void cache.invalidateQueries({ queryKey: ["contacts", "list"] });
      void cache.invalidateQueries({ queryKey: timeline(id).queryKey });
      void cache.invalidateQueries({ queryKey: tags.queryKey });
    },
  });
}

/** Deletes, or brings back within thirty days. */
export function useContactRemoval() {
  const cache = useQueryClient();
  const done = () => cache.invalidateQueries({ queryKey: ["contacts"] });
  const remove = useMutation({
    mutationFn: (id: string) => ok(api.DELETE("/v1/contacts/{id}", { params: { path: { id } } })),
    onSuccess: done,
  });
  const restore = useMutation({
    mutationFn: (id: string) => ok(api.POST("/v1/contacts/{id}/restoration", { params: { path: { id } } })),
    onSuccess: done,
  });
  return { remove, restore };
}

export function useBulkChange() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema["BulkChange"]) => ok(api.POST("/v1/contacts/bulk-changes", { body })),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ["contacts"] });
      void cache.invalidateQueries({ queryKey: tags.queryKey });
    },
  });
}
