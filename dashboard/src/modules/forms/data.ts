import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import type { SheetLook } from "@/modules/sheets/export";

export type FormSummary = Schema["FormSummary"];
export type Form = Schema["Form"];
export type Version = Schema["FormVersion"];

export interface FormFilter {
  q?: string;
  state?: string;
}

const conditions = ({ q, state }: FormFilter) => [
  ...(q ? [`name:contains:${q}`] : []),
  ...(state ? [`state:eq:${state}`] : []),
];

export const forms = (wish: FormFilter) => {
  const filter = conditions(wish);
  return infiniteQueryOptions({
    queryKey: ["forms", "list", filter],
    queryFn: ({ pageParam, signal }) =>
      ok(api.GET("/v1/forms", { params: { query: { limit: 100, cursor: pageParam, filter } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
};

/** The list as a file. */
export const formsFile = (wish: FormFilter, look: SheetLook) =>
  api.GET("/v1/forms/export", { params: { query: { filter: conditions(wish), ...look } }, parseAs: "blob" });

export const form = (id: string) =>
  queryOptions({
    queryKey: ["forms", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/forms/{id}", { params: { path: { id } }, signal })),
  });

export const versions = (id: string) =>
  queryOptions({
    queryKey: ["forms", "one", id, "versions"],
    queryFn: ({ signal }) => ok(api.GET("/v1/forms/{id}/versions", { params: { path: { id } }, signal })),
  });

/** The look of the tenant's own surfaces: what a form wears unless its theme says otherwise. */
export const brand = queryOptions({
  queryKey: ["brand"],
  queryFn: ({ signal }) => ok(api.GET("/v1/brand", { signal })),
  staleTime: 5 * 60_000,
  retry: false,
});

export const saveForm = (id: string, body: Schema["UpdateForm"], version: number) =>
  ok(api.PATCH("/v1/forms/{id}", { params: { path: { id }, header: ifMatch(version) }, body }));

export const readForm = (id: string) => ok(api.GET("/v1/forms/{id}", { params: { path: { id } } }));

/** What can be done with a form as a whole. Each reads the lists again. */
export function useFormActions() {
  const cache = useQueryClient();
  const done = () => cache.invalidateQueries({ queryKey: ["forms"] });
  const path = (id: string) => ({ params: { path: { id } } });
  const create = useMutation({
    mutationFn: (body: Schema["NewForm"]) => ok(api.POST("/v1/forms", { body })),
    onSuccess: done,
  });
  const duplicate = useMutation({
    mutationFn: (id: string) => ok(api.POST("/v1/forms/{id}/duplicate", path(id))),
    onSuccess: done,
  });
  const unpublish = useMutation({
    mutationFn: (id: string) => ok(api.POST("/v1/forms/{id}/unpublish", path(id))),
    onSuccess: done,
  });
  const republish = useMutation({
    mutationFn: (id: string) => ok(api.POST("/v1/forms/{id}/republish", path(id))),
    onSuccess: done,
  });
  const publish = useMutation({
    mutationFn: ({ id, version }: { id: string; version?: number }) =>
      ok(api.POST("/v1/forms/{id}/versions", { params: { path: { id }, header: ifMatch(version) } })),
    onSuccess: done,
  });
  const remove = useMutation({
    mutationFn: ({ id, version }: { id: string; version: number }) =>
      ok(api.DELETE("/v1/forms/{id}", { params: { path: { id }, header: ifMatch(version) } })),
    onSuccess: done,
  });
  return { create, duplicate, unpublish, republish, publish, remove };
}
