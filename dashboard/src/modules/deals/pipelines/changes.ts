import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { useOptimistic } from "@/api/optimistic";
import { sayThrown } from "@/i18n/problems";
import { sayError } from "@/ui/toast";
import { type Pipeline, pipelines } from "../data";

type Page = Schema["Page_Pipeline"];

/** What changes pipelines changes every board. */
export function usePipelinesAgain() {
  const cache = useQueryClient();
  return () =>
    Promise.all(
      [["pipelines"], ["deals"]].map((queryKey) => cache.invalidateQueries({ queryKey, refetchType: "all" })),
    );
}

/** Changes one, based on the version that was read. */
export const patchPipeline = ({ id, version }: Pick<Pipeline, "id" | "version">, body: Schema["PipelinePatch"]) =>
  ok(api.PATCH("/v1/pipelines/{id}", { params: { path: { id }, header: ifMatch(version) }, body }));

/** Puts them in another order: each that stands elsewhere now is told its place. */
export function useOrder() {
  const { t } = useTranslation();
  const again = usePipelinesAgain();
  return useOptimistic<Pipeline[], void, Page>({
    key: pipelines.queryKey,
    send: async (order) => {
      // A place says nothing about what else was written meanwhile: whichever version it is, it stands there now.
      for (const [position, one] of order.entries())
        if (one.position !== position)
          await ok(api.PATCH("/v1/pipelines/{id}", { params: { path: { id: one.id } }, body: { position } }));
    },
    apply: (page, order) => ({ ...page, items: order.map((one, position) => ({ ...one, position })) }),
    onSuccess: () => void again(),
    onError: (error) => sayError(t("error.notSaved"), sayThrown(error)),
  });
}

export function useCreate() {
  const again = usePipelinesAgain();
  return useMutation({
    mutationFn: (body: Schema["NewPipeline"]) => ok(api.POST("/v1/pipelines", { body })),
    onSuccess: again,
  });
}

export function useRemovePipeline() {
  const again = usePipelinesAgain();
  return useMutation({
    mutationFn: ({ id, version }: Pipeline) =>
      ok(api.DELETE("/v1/pipelines/{id}", { params: { path: { id }, header: ifMatch(version) } })),
    onSuccess: again,
  });
}
