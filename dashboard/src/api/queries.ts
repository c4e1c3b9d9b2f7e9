import { MutationCache, QueryClient, queryOptions } from "@tanstack/react-query";
import { loadToasts } from "@/ui/toast";
import { api, ok } from "./client";
import { hasStatus, isPassing } from "./problem";

/** Seconds for which a server that was asked too often wants to be left alone. */
const pause = (error: unknown): number => (hasStatus(error, 429) && error.retryAfter) || 0;

export const queries = new QueryClient({
  mutationCache: new MutationCache({
    onError: async (error, change, _, mutation) => {
      const seconds = pause(error);
      if (!seconds) return;
      const { offerAgain } = await loadToasts();
      const what = `${mutation.options.mutationFn}${JSON.stringify(change)}`;
      offerAgain(seconds, what, () => void mutation.execute(change).catch(() => undefined));
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // A short pause is waited for in silence; during a longer one it is said (`Failed`) what is waited for.
      retry: (count, error) => count < 2 && isPassing(error) && pause(error) <= 2,
      retryDelay: (count, error) => 1000 * Math.max(2 ** count, pause(error)),
      refetchInterval: ({ state }) => 1000 * pause(state.error) || false,
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
