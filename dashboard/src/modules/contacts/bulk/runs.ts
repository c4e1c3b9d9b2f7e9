import { queryOptions } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import type { Listed } from "../search";

export type Run = Schema["ContactBulkRun"];
export type RunRow = Schema["ContactBulkRunRow"];
export type Change = Schema["ContactBulkChange"];

/** The server is at work for it, and it will be different in a moment. */
export const isBusy = ({ state }: Run) => state === "running" || state === "undoing";

/** Whether something of it can still be taken back. */
export const canUndo = ({ state, changed, undo_until: until }: Run, now: number) =>
  (state === "done" || state === "cancelled" || state === "failed") &&
  changed > 0 &&
  (!until || Date.parse(until) > now);

/** How far it is, forwards or back. */
export const stepsOf = (run: Run) =>
  run.state === "undoing" || run.state === "undone"
    ? { done: run.undone + run.kept, of: run.changed }
    : { done: run.done, of: run.total };

export const runs = () =>
  paged<Run>(["contact_bulk_runs", "list"], (cursor, signal) =>
    ok(api.GET("/v1/contact-bulk-runs", { params: { query: { limit: 30, ...(cursor && { cursor }) } }, signal })),
  );

/** Whom a run left alone, or its undo. */
export const leftBy = (run: Run) =>
  queryOptions({
    queryKey: ["contact_bulk_runs", "left", run.id, run.version],
    queryFn: async ({ signal }) => {
      const ask = (filter: string) =>
        ok(
          api.GET("/v1/contact-bulk-runs/{id}/rows", {
            params: { path: { id: run.id }, query: { limit: 100, filter: [filter] } },
            signal,
          }),
        );
      const skipped = run.skipped > 0 ? (await ask("outcome:eq:skipped")).items : [];
      const kept = run.kept > 0 ? (await ask("undo:empty:false")).items.filter(({ undo }) => undo !== "restored") : [];
      return { skipped, kept };
    },
  });

/** How many contacts a list shows. */
export const matching = ({ q, filter, deleted }: Listed) =>
  queryOptions({
    queryKey: ["contacts", "count", q, filter, deleted],
    queryFn: async ({ signal }) => {
      const query = { ...(q && { q }), ...(filter.length > 0 && { filter }), ...(deleted && { deleted }) };
      return (await ok(api.GET("/v1/contacts/count", { params: { query }, signal }))).count;
    },
    staleTime: 30_000,
  });

const of = (id: string) => ({ params: { path: { id } } });
export const begin = (body: Schema["NewContactBulkRun"]) => ok(api.POST("/v1/contact-bulk-runs", { body }));
export const stop = (id: string) => ok(api.POST("/v1/contact-bulk-runs/{id}/cancellation", of(id)));
export const takeBack = (id: string) => ok(api.POST("/v1/contact-bulk-runs/{id}/undo", of(id)));

/** Asks how far a run is until it rests. It goes on also when nobody asks. */
export async function follow(run: Run, onStep: (run: Run) => void): Promise<Run> {
  let now = run;
  for (let pause = 120; isBusy(now); pause = Math.min(1500, pause * 1.4)) {
    onStep(now);
    await new Promise((next) => setTimeout(next, pause));
    now = await ok(api.GET("/v1/contact-bulk-runs/{id}", of(run.id)));
  }
  return now;
}
