import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import { ApiProblem } from "@/api/problem";
import { sayThrown } from "@/i18n/problems";
import { say, sayError } from "@/ui/toast";

export type Pair = Schema["ContactDuplicate"];
type Merge = Schema["ContactMerge"];
/** Pairs that are merged without a look are at least this sure. */
export const SURE = 95;

export const pairs = (state: "open" | "dismissed") =>
  paged<Pair>(["contact_duplicates", state], (cursor, signal) =>
    ok(
      api.GET("/v1/contact-duplicates", {
        params: {
          query: { limit: 30, sort: "-confidence", filter: [`state:eq:${state}`], ...(cursor && { cursor }) },
        },
        signal,
      }),
    ),
  );

export const merges = () =>
  paged<Merge>(["contact_merges", "list"], (cursor, signal) =>
    ok(api.GET("/v1/contact-merges", { params: { query: { limit: 30, ...(cursor && { cursor }) } }, signal })),
  );

/** What the server is asked about runs over one kind of records. */
export interface RunsOf {
  /** The run that is at work, if there is one. */
  running: ReturnType<typeof runningOf>;
  start: (body: Schema["NewDuplicateRun"]) => Promise<unknown>;
  stop: (id: string) => Promise<unknown>;
  /** Who may begin and stop them. */
  needs: string;
}

export const runningOf = (
  subject: string,
  load: (signal: AbortSignal) => Promise<{ items: Schema["ContactDuplicateRun"][] }>,
) =>
  queryOptions({
    queryKey: [subject, "running"],
    queryFn: ({ signal }) => load(signal),
    // Steps are no events, so a run is asked how far it is.
    refetchInterval: ({ state }) => (state.data && state.data.items.length > 0 ? 1000 : false),
  });

/** Looking through all contacts, and merging all that are sure. */
export const runs: RunsOf = {
  running: runningOf("contact_duplicate_runs", (signal) =>
    ok(
      api.GET("/v1/contact-duplicate-runs", { params: { query: { limit: 2, filter: ["state:eq:running"] } }, signal }),
    ),
  ),
  start: (body) => ok(api.POST("/v1/contact-duplicate-runs", { body })),
  stop: (id) => ok(api.POST("/v1/contact-duplicate-runs/{id}/cancellation", { params: { path: { id } } })),
  needs: "contacts.mass_update",
};

/** Whatever shows contacts is asked for anew: a merge touches everything that hangs on them. */
export function useAgain() {
  const cache = useQueryClient();
  return () => cache.invalidateQueries();
}

export function useDecide() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ pair, state }: { pair: Pair; state: "open" | "dismissed" }) =>
      ok(
        api.PATCH("/v1/contact-duplicates/{id}", {
          params: { path: { id: pair.id }, header: ifMatch(pair.version) },
          body: { state },
        }),
      ),
    onError: (error) => sayError(t("error.notSaved"), sayThrown(error)),
    onSettled: () => cache.invalidateQueries({ queryKey: ["contact_duplicates"] }),
  });
}

/** Takes a merge of contacts back. */
export const useUndo = (how?: { asks: boolean }) =>
  useUndoOf(
    (id, keep_edits) =>
      ok(api.POST("/v1/contact-merges/{id}/undo", { params: { path: { id } }, body: { keep_edits } })),
    how,
  );

/** Takes a merge back; what was edited since is asked about first, or said by who cannot ask. */
export function useUndoOf(
  send: (id: string, keepEdits: boolean) => Promise<{ missing: number; edited: number }>,
  { asks = true } = {},
) {
  const { t } = useTranslation();
  const again = useAgain();
  const [asking, setAsking] = useState<string>();
  const { mutate, isPending } = useMutation({
    mutationFn: ({ id, keep }: { id: string; keep?: boolean }) => send(id, keep === true),
    onSuccess: ({ missing, edited }) => {
      setAsking(undefined);
      const rest = missing + edited;
      say(rest > 0 ? t("duplicates.undoneRest", { count: rest }) : t("duplicates.undone"));
      void again();
    },
    onError: (error, { id }) => {
      if (asks && error instanceof ApiProblem && error.code === "merge_edited") setAsking(id);
      else sayError(t("duplicates.undo"), sayThrown(error));
    },
  });
  return { mutate, isPending, asking, setAsking };
}
