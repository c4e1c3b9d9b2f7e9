import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import { text } from "@/app/routes";
import { say, sayError } from "@/ui/toast";

export type Origin = Schema["AllowedOrigin"];
export type Kind = Schema["OriginKind"];

export interface Narrowed {
  q?: string;
  kind?: Kind;
  widget?: string;
}

export const KINDS: readonly Kind[] = ["exact", "wildcard", "ancestor_only"];

/** What an address asks for. */
export const readNarrowed = ({ q, kind, widget }: Record<string, unknown>): Narrowed => ({
  q: text(q),
  kind: KINDS.find((known) => known === kind),
  widget: text(widget),
});

const filterOf = ({ q, kind, widget }: Narrowed): string[] => [
  ...(q ? [`origin:contains:${q}`] : []),
  ...(kind ? [`kind:eq:${kind}`] : []),
  ...(widget ? [`widget_id:eq:${widget}`] : []),
];

export const origins = (narrowed: Narrowed) => {
  const filter = filterOf(narrowed);
  return paged<Origin>(["origins", "list", filter], (cursor, signal) =>
    ok(api.GET("/v1/origins", { params: { query: { limit: 50, sort: "origin", filter, cursor } }, signal })),
  );
};

/** The list as a file. */
export const originsFile = (narrowed: Narrowed) =>
  ok(api.GET("/v1/origins/export", { params: { query: { filter: filterOf(narrowed) } }, parseAs: "blob" }));

/** No longer allows a website; taking that back allows it again under a new id. */
export function useRefuse() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const again = () =>
    Promise.all(["widgets", "origins"].map((subject) => cache.invalidateQueries({ queryKey: [subject] })));
  const restore = ({ origin, kind, widget_id }: Origin) =>
    ok(
      api.POST("/v1/origins", {
        body: { origin, kind: kind as Kind, ...(widget_id && { widget_id }) },
      }),
    ).then(
      () => say(t("action.undone")),
      (error: Error) => sayError(t("error.notSaved"), error.message),
    );
  return useMutation({
    mutationFn: (origin: Origin) => ok(api.DELETE("/v1/origins/{id}", { params: { path: { id: origin.id } } })),
    onSuccess: (_, origin) =>
      say(t("widgets.origins.removed", { website: origin.origin }), { undo: () => void restore(origin).then(again) }),
    onError: (error) => sayError(t("error.notSaved"), error.message),
    onSettled: again,
  });
}
