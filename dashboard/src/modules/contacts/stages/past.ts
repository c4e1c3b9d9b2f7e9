import { queryOptions } from "@tanstack/react-query";
import { api, ok } from "@/api/client";

/** Stages that were taken away: the past names them. */
export const removedStages = queryOptions({
  queryKey: ["contact-stages-removed"],
  queryFn: ({ signal }) => ok(api.GET("/v1/contact-stages", { params: { query: { removed: true } }, signal })),
  staleTime: 10 * 60_000,
  select: (answer) => answer.items,
});
