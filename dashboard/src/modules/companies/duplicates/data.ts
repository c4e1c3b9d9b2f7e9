import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import { sayThrown } from "@/i18n/problems";
import { sayError } from "@/ui/toast";
import { useUndoOf } from "../../duplicates/data";

export type Pair = Schema["CompanyPair"];

export const pairs = (state: "open" | "dismissed") =>
  paged<Pair>(["company_duplicates", state], (cursor, signal) =>
    ok(
      api.GET("/v1/company-duplicates", {
        params: {
          query: { limit: 30, sort: "-confidence", filter: [`state:eq:${state}`], ...(cursor && { cursor }) },
        },
        signal,
      }),
    ),
  );

export const merges = () =>
  paged<Schema["CompanyMerge"]>(["company_merges", "list"], (cursor, signal) =>
    ok(api.GET("/v1/company-merges", { params: { query: { limit: 30, ...(cursor && { cursor }) } }, signal })),
  );

export function useDecide() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ pair, state }: { pair: Pair; state: "open" | "dismissed" }) =>
      ok(
        api.PATCH("/v1/company-duplicates/{id}", {
          params: { path: { id: pair.id }, header: ifMatch(pair.version) },
          body: { state },
        }),
      ),
    onError: (error) => sayError(t("error.notSaved"), sayThrown(error)),
    onSettled: () => cache.invalidateQueries({ queryKey: ["company_duplicates"] }),
  });
}

/** Takes a merge of companies back. */
export const useUndo = (how?: { asks: boolean }) =>
  useUndoOf(
    (id, keep_edits) =>
      ok(api.POST("/v1/company-merges/{id}/undo", { params: { path: { id } }, body: { keep_edits } })),
    how,
  );
