import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch, ok, type Schema } from "@/api/client";

export type SavedView = Schema["SavedView"];
type Page = Schema["Page_SavedView"];
export const AUDIENCES = ["private", "team", "everyone"] as const;
export type Audience = (typeof AUDIENCES)[number];

/** Lists that have views. */
export type List = "contacts" | "companies" | "deals" | "tasks";

export const savedViews = (list: List) =>
  queryOptions({
    queryKey: ["saved-views", list],
    queryFn: ({ signal }) => ok(api.GET("/v1/saved-views", { params: { query: { list, limit: 200 } }, signal })),
    staleTime: 60_000,
    select: (page) => page.items,
  });

/** Which view opens first: one's own before everybody's. What a colleague opens first is his own affair, though the team has it. */
export function firstOf(views: readonly SavedView[], person: string | undefined): string | undefined {
  const first = views.filter((view) => view.default);
  return (first.find(({ shared, owner }) => !shared && owner === person) ?? first.find(({ shared }) => shared))?.id;
}

/** The tabs after a move of one of them; only those whose place is another one have to be told. */
export function moved(views: readonly SavedView[], id: string, step: -1 | 1): { id: string; position: number }[] {
  const order = views.map((view) => view.id);
  const at = order.indexOf(id);
  const to = at + step;
  if (at < 0 || to < 0 || to >= order.length) return [];
  order.splice(to, 0, ...order.splice(at, 1));
  return order.flatMap((each, position) => {
    const before = views.find((view) => view.id === each)?.position;
    return before === position ? [] : [{ id: each, position }];
  });
}

export function useViewChanges(list: List) {
  const cache = useQueryClient();
  const { queryKey } = savedViews(list);
  const put = (change: (items: SavedView[]) => SavedView[]) =>
    cache.setQueryData<Page>(queryKey, (page) => page && { ...page, items: change(page.items) });
  const again = () => cache.invalidateQueries({ queryKey });
  const create = useMutation({
    mutationFn: (body: Schema["NewSavedView"]) => ok(api.POST("/v1/saved-views", { body: { ...body, list } })),
    onSuccess: (made) => {
      put((items) => [...items, made].sort((a, b) => a.position - b.position));
      return again();
    },
  });
  const change = useMutation({
    scope: { id: `saved-views/${list}` },
    mutationFn: ({ view, ...body }: { view: SavedView } & Schema["SavedViewPatch"]) =>
      ok(api.PATCH("/v1/saved-views/{id}", { params: { path: { id: view.id }, header: ifMatch(view.version) }, body })),
    onSuccess: (fresh) =>
      put((items) =>
        items.map((item) => (item.id === fresh.id ? fresh : item)).sort((a, b) => a.position - b.position),
      ),
    // Also after a refusal: somebody else was faster, and what he did is shown.
    onSettled: again,
  });
  const remove = useMutation({
    mutationFn: (view: SavedView) =>
      ok(api.DELETE("/v1/saved-views/{id}", { params: { path: { id: view.id }, header: ifMatch(view.version) } })),
    onSuccess: (_answer, view) => put((items) => items.filter((item) => item.id !== view.id)),
    onSettled: again,
  });
  return { create, change, remove };
}
