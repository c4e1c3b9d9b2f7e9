import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import { hasStatus } from "@/api/problem";
import { say, sayError } from "@/ui/toast";

export type Widget = Schema["Widget"];
export type Met = Schema["MetWebsite"];
export type Mode = Schema["WidgetMode"];
export type Platform = Schema["WebsitePlatform"];

export interface ListSearch {
  q?: string;
  state?: "on" | "off";
}

export function filtersOf({ q, state }: ListSearch): string[] {
  return [...(q ? [`name:contains:${q}`] : []), ...(state ? [`enabled:eq:${state === "on"}`] : [])];
}

export const widgets = (search: ListSearch) => {
  const filter = filtersOf(search);
  return paged<Widget>(["widgets", "list", filter], (cursor, signal) =>
    ok(api.GET("/v1/widgets", { params: { query: { limit: 50, sort: "name", filter, cursor } }, signal })),
  );
};

export const widget = (id: string) =>
  queryOptions({
    queryKey: ["widgets", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/widgets/{id}", { params: { path: { id } }, signal })),
  });

export const snippet = (id: string, mode: Mode, platform: Platform) =>
  queryOptions({
    queryKey: ["widgets", "one", id, "snippet", mode, platform],
    queryFn: ({ signal }) =>
      ok(api.GET("/v1/widgets/{id}/snippet", { params: { path: { id }, query: { mode, platform } }, signal })),
    placeholderData: (before) => before,
  });

export const sightings = (id: string, days: number) =>
  queryOptions({
    queryKey: ["widgets", "one", id, "sightings", days],
    queryFn: ({ signal }) =>
      ok(api.GET("/v1/widgets/{id}/sightings", { params: { path: { id }, query: { days } }, signal })),
    // Visits leave no event, so they are asked for while somebody watches.
    refetchInterval: 5_000,
    placeholderData: (before) => before,
  });

/** A change of one widget that shows at once and goes back when the server refuses it. */
export function useWidgetChange(id: string) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { queryKey } = widget(id);
  return useMutation({
    scope: { id: `widget-${id}` },
    mutationFn: (body: Schema["WidgetPatch"]) => {
      const version = cache.getQueryData<Widget>(queryKey)?.version;
      return ok(api.PATCH("/v1/widgets/{id}", { params: { path: { id }, header: ifMatch(version) }, body }));
    },
    onMutate: async (body) => {
      await cache.cancelQueries({ queryKey, exact: true });
      const before = cache.getQueryData<Widget>(queryKey);
      if (before) cache.setQueryData(queryKey, { ...before, ...(body as Partial<Widget>) });
      return { before };
    },
    onError: (error, _body, held) => {
      if (held?.before) cache.setQueryData(queryKey, held.before);
      sayError(t("error.notSaved"), hasStatus(error, 412) ? t("error.changedElsewhere") : error.message);
    },
    onSuccess: (fresh) => cache.setQueryData(queryKey, fresh),
    onSettled: () => cache.invalidateQueries({ queryKey: ["widgets"] }),
  });
}

/** Allows a website where it was refused; what was allowed can be taken back at once. */
export function useAllow() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const again = () =>
    Promise.all(["widgets", "origins"].map((subject) => cache.invalidateQueries({ queryKey: [subject] })));
  const refuse = (id: string) =>
    ok(api.DELETE("/v1/origins/{id}", { params: { path: { id } } })).then(
      () => say(t("action.undone")),
      (error: Error) => sayError(t("error.notSaved"), error.message),
    );
  return useMutation({
    mutationFn: (body: Schema["NewAllowedOrigin"]) => ok(api.POST("/v1/origins", { body })),
    onSuccess: (added) =>
      say(t("widgets.allowed", { website: added.origin }), {
        description: added.suggestion ? t("widgets.suggestion", { website: added.suggestion }) : undefined,
        undo: () => void refuse(added.id).then(again),
      }),
    onError: (error) => sayError(t("widgets.notAllowed"), error.message),
    onSettled: again,
  });
}
