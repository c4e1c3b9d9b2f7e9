import { QueryClient, queryOptions } from "@tanstack/react-query";
import { api, ok } from "./client";
import { isPassing } from "./problem";

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) => count < 2 && isPassing(error),
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
});

/** Who asks and where he works. Every other key begins with what it shows; a switch of tenant empties the cache. */
export const me = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => ok(api.GET("/v1/me", { signal })),
  staleTime: 5 * 60_000,
});

export const tenant = queryOptions({
  queryKey: ["tenant"],
  queryFn: ({ signal }) => ok(api.GET("/v1/tenants/current", { signal })),
  staleTime: 5 * 60_000,
});

export const members = queryOptions({
  queryKey: ["members"],
  queryFn: ({ signal }) => ok(api.GET("/v1/members", { params: { query: { limit: 200 } }, signal })),
  staleTime: 5 * 60_000,
});
