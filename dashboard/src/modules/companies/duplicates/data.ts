import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import { sayThrown } from "@/i18n/problems";
import { sayError } from "@/ui/toast";
import { type RunsOf, runningOf, useUndoOf } from "../../duplicates/data";

export type Pair = Schema["CompanyPair"];

export type Group = Schema["CompanyDuplicateGroup"];

/** Open pairs, as far as they hang together. */
export const groups = () =>
  paged<Group>(["company_duplicates", "groups"], (cursor, signal) =>
    ok(
      api.GET("/v1/company-duplicate-groups", { params: { query: { limit: 30, ...(cursor && { cursor }) } }, signal }),
    ),
  );

/** Pairs of which somebody said that they are none. */
export const dismissed = () =>
  paged<Pair>(["company_duplicates", "dismissed"], (cursor, signal) => {
    const query = { limit: 30, sort: "-confidence", filter: ["state:eq:dismissed"], ...(cursor && { cursor }) };
    return ok(api.GET("/v1/company-duplicates", { params: { query }, signal }));
  });

/** Looking through all companies, and merging all that are sure. */
export const runs: RunsOf = {
  running: runningOf("company_duplicate_runs", (signal) =>
    ok(
      api.GET("/v1/company-duplicate-runs", { params: { query: { limit: 2, filter: ["state:eq:running"] } }, signal }),
    ),
  ),
  start: (body) => ok(api.POST("/v1/company-duplicate-runs", { body })),
  stop: (id) => ok(api.POST("/v1/company-duplicate-runs/{id}/cancellation", { params: { path: { id } } })),
  needs: "companies.mass_update",
};

export const merges = () =>
  paged<Schema["CompanyMerge"]>(["company_merges", "list"], (cursor, signal) =>
    ok(api.GET("/v1/company-merges", { params: { query: { limit: 30, ...(cursor && { cursor }) } }, signal })),
  );

/** As much of a pair as a decision is about. */
type Decided = Pick<Pair, "id" | "version" | "state">;

export function useDecide() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ pair, state }: { pair: Decided; state: Pair["state"] }): Promise<Decided> =>
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
