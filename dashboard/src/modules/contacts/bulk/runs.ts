import { queryOptions } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";
import type { Listed } from "../search";

export type RunRow = Schema["ContactBulkRunRow"];
export type Change = Schema["ContactBulkChange"];

/** Whom a run left alone. */
export const skippedBy = async (id: string): Promise<RunRow[]> => {
  const query = { limit: 100, filter: ["outcome:eq:skipped"] };
  return (await ok(api.GET("/v1/contact-bulk-runs/{id}/rows", { params: { path: { id }, query } }))).items;
};

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
