import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { useOptimistic } from "@/api/optimistic";
import { sayThrown } from "@/i18n/problems";
import { sayError } from "@/ui/toast";
import { type Stage, stages } from "../data";

type Held = Schema["ContactStages"];

export const useOf = (id: string) =>
  queryOptions({
    queryKey: ["contact-stage-use", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/contact-stages/{id}/use", { params: { path: { id } }, signal })),
    staleTime: 0,
  });

/** What changes stages changes what contacts show. */
function useAgain() {
  const cache = useQueryClient();
  return () =>
    Promise.all(
      [["contact-stages"], ["contact-stages-removed"], ["contacts"]].map((queryKey) =>
        cache.invalidateQueries({ queryKey }),
      ),
    );
}

export const patchStage = ({ id, version }: Stage, body: Schema["ContactStagePatch"]) =>
  ok(api.PATCH("/v1/contact-stages/{id}", { params: { path: { id }, header: ifMatch(version) }, body }));

export function useStageChanges() {
  const again = useAgain();
  const create = useMutation({
    mutationFn: (body: Schema["NewContactStage"]) => ok(api.POST("/v1/contact-stages", { body })),
    onSettled: again,
  });
  const change = useMutation({
    mutationFn: (write: () => Promise<Stage | undefined>) => write(),
    onSettled: again,
  });
  const remove = useMutation({
    mutationFn: ({ stage: { id, version }, to }: { stage: Stage; to?: string }) =>
      ok(
        api.DELETE("/v1/contact-stages/{id}", {
          params: { path: { id }, query: { move_to: to }, header: ifMatch(version) },
        }),
      ),
    onSettled: again,
  });
  const restore = useMutation({
    mutationFn: (id: string) => ok(api.POST("/v1/contact-stages/{id}/restoration", { params: { path: { id } } })),
    onSettled: again,
  });
  return { create, change, remove, restore };
}

/** The new order shows at once; somebody else's in between is not overwritten. */
export function useOrder(version: number | undefined) {
  const { t } = useTranslation();
  return useOptimistic<Stage[], Held, Held>({
    key: stages.queryKey,
    send: (order) =>
      ok(
        api.PUT("/v1/contact-stages/order", {
          params: { header: ifMatch(version) },
          body: { stages: order.map(({ id }) => id) },
        }),
      ),
    apply: (held, order) => ({ ...held, items: order.map((stage, place) => ({ ...stage, position: place + 1 })) }),
    onError: (error) => sayError(t("error.notSaved"), sayThrown(error)),
  });
}
