import { queryOptions } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import type { Listed } from "../search";

export type Run = Schema["ContactBulkRun"];
export type RunRow = Schema["ContactBulkRunRow"];
export type Change = Schema["ContactBulkChange"];

export const runs = () =>
  paged<Run>(["contact_bulk_runs", "list"], (cursor, signal) =>
    ok(api.GET("/v1/contact-bulk-runs", { params: { query: { limit: 30, ...(cursor && { cursor }) } }, signal })),
  );

/** Whom a run left alone, or its undo. */
export const leftBy = (run: Pick<Run, "id" | "version" | "skipped" | "kept">) =>
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
export const stop = (id: string) => ok(api.POST("/v1/contact-bulk-runs/{id}/cancellation", of(id)));
export const takeBack = (id: string) => ok(api.POST("/v1/contact-bulk-runs/{id}/undo", of(id)));
