import { queryOptions } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";

export type Brand = Schema["Brand"];

export const brand = queryOptions({
  queryKey: ["brands"],
  queryFn: ({ signal }) => ok(api.GET("/v1/brand", { signal })),
  staleTime: 5 * 60_000,
});
