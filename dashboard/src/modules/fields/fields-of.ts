import { queryOptions } from "@tanstack/react-query";
import { api, ok } from "@/api/client";
import type { RecordKind } from "./kinds";

/** Fields of a kind of records in their order; there are at most two hundred. */
export const fieldsOf = (record: RecordKind) =>
  queryOptions({
    queryKey: ["custom-fields", record],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/v1/custom-fields", {
          params: { query: { limit: 200, sort: "position", filter: [`record:eq:${record}`] } },
          signal,
        }),
      ),
    staleTime: 60_000,
  });
