import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import type { Rule } from "./catalogue";

export type Segment = Schema["Segment"];

export const segments = (filter: string[] = []) =>
  paged(["segments", "list", filter], (cursor, signal) =>
    ok(api.GET("/v1/segments", { params: { query: { limit: 100, cursor, filter } }, signal })),
  );

/** The same segments as a file. */
export const segmentsFile = (filter: string[]): Promise<unknown> =>
  ok(api.GET("/v1/segments/export", { params: { query: { filter } }, parseAs: "blob" }));

/** The first two hundred, to choose from. */
export const choosable = queryOptions({
  queryKey: ["segments", "choosable"],
  queryFn: ({ signal }) => ok(api.GET("/v1/segments", { params: { query: { limit: 200 } }, signal })),
  staleTime: 60_000,
  select: (page) => page.items,
});

export const segment = (id: string) =>
  queryOptions({
    queryKey: ["segments", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/segments/{id}", { params: { path: { id } }, signal })),
    // Members are looked for while one waits.
    refetchInterval: ({ state }) => (state.data?.building ? 1_000 : false),
  });

export const segmentsOf = (contact: string) =>
  queryOptions({
    queryKey: ["segments", "of", contact],
    queryFn: ({ signal }) => ok(api.GET("/v1/segments", { params: { query: { contact, limit: 50 } }, signal })),
    select: (page) => page.items,
  });

export const preview = (definition: Rule) =>
  queryOptions({
    queryKey: ["segments", "preview", definition],
    queryFn: ({ signal }) => ok(api.POST("/v1/segments/preview", { body: { definition }, signal })),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 10_000,
  });

export const pipelines = queryOptions({
  queryKey: ["pipelines", "for segments"],
  queryFn: ({ signal }) => ok(api.GET("/v1/pipelines", { params: { query: { limit: 100 } }, signal })),
  staleTime: 60_000,
  select: (page) => page.items,
});

export const forms = queryOptions({
  queryKey: ["forms", "for segments"],
  queryFn: ({ signal }) => ok(api.GET("/v1/forms", { params: { query: { limit: 100 } }, signal })),
  staleTime: 60_000,
  select: (page) => page.items,
});

export const patchSegment = (id: string, version: number | undefined, body: Schema["SegmentPatch"]) =>
  ok(api.PATCH("/v1/segments/{id}", { params: { path: { id }, header: ifMatch(version) }, body }));

export function useSegmentChanges() {
  const cache = useQueryClient();
  const again = () => void cache.invalidateQueries({ queryKey: ["segments"] });
  const create = useMutation({
    mutationFn: (body: Schema["NewSegment"]) => ok(api.POST("/v1/segments", { body })),
    onSettled: again,
  });
  const change = useMutation({
    mutationFn: (write: () => Promise<Segment | undefined>) => write(),
    onSettled: again,
  });
  const remove = useMutation({
    mutationFn: ({ id, version }: Segment) =>
      ok(api.DELETE("/v1/segments/{id}", { params: { path: { id }, header: ifMatch(version) } })),
    onSettled: again,
  });
  const restore = useMutation({
    mutationFn: (id: string) => ok(api.POST("/v1/segments/{id}/restoration", { params: { path: { id } } })),
    onSettled: again,
  });
  return { create, change, remove, restore };
}
