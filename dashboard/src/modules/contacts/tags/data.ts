import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import type { SheetLook } from "@/modules/sheets/export";

export type Tag = Schema["Tag"];

/** One tag with how many carry it. */
export const tag = (id: string) =>
  queryOptions({
    queryKey: ["tags", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/tags/{id}", { params: { path: { id } }, signal })),
    staleTime: 0,
  });

/** Every tag with how many carry it, as a file. */
export const tagsFile = (look: SheetLook) => api.GET("/v1/tags/export", { params: { query: look }, parseAs: "blob" });

/** Contacts that follow a tag in the background; asked for again while there are any. */
export const tagRuns = queryOptions({
  queryKey: ["tags", "runs"],
  queryFn: ({ signal }) => ok(api.GET("/v1/tag-runs", { params: { query: { sort: "created_at" } }, signal })),
  select: (page) => page.items,
  staleTime: 0,
  refetchInterval: ({ state }) => (state.data?.items.length ? 2_000 : false),
});

/** Colours that keep their distance in both skies. */
export const COLOURS = [
  "#1378c7",
  "#d57a16",
  "#13895f",
  "#c72b6a",
  "#82641d",
  "#7b5fd9",
  "#c32641",
  "#637185",
] as const;

export function useTagChanges() {
  const cache = useQueryClient();
  const again = () => {
    void cache.invalidateQueries({ queryKey: ["tags"] });
    void cache.invalidateQueries({ queryKey: ["contacts"] });
  };
  const create = useMutation({
    mutationFn: (body: Schema["NewTag"]) => ok(api.POST("/v1/tags", { body })),
    onSettled: again,
  });
  const change = useMutation({
    mutationFn: ({ tag: { id, version }, ...body }: { tag: Tag } & Schema["TagPatch"]) =>
      ok(api.PATCH("/v1/tags/{id}", { params: { path: { id }, header: ifMatch(version) }, body })),
    onSettled: again,
  });
  const remove = useMutation({
    mutationFn: ({ id, version }: Tag) =>
      ok(api.DELETE("/v1/tags/{id}", { params: { path: { id }, header: ifMatch(version) } })),
    onSettled: again,
  });
  const merge = useMutation({
    mutationFn: ({ from, into }: { from: Tag; into: string }) =>
      ok(
        api.POST("/v1/tags/{id}/merger", {
          params: { path: { id: from.id }, header: ifMatch(from.version) },
          body: { into },
        }),
      ),
    onSettled: again,
  });
  return { create, change, remove, merge };
}
