import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { api, ok, type Schema } from "@/api/client";

export type Client = Schema["Client"];

const clients = infiniteQueryOptions({
  queryKey: ["clients", "list"],
  queryFn: ({ pageParam, signal }) =>
    ok(api.GET("/v1/clients", { params: { query: { limit: 200, sort: "name", cursor: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
});

/** Every client of the agency, a page after the other: how they do is judged here, and may not be judged by a part. */
export function useClients(enabled = true) {
  const query = useInfiniteQuery({ ...clients, enabled });
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isError } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, isError]);
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return { ...query, items };
}

/** What is wrong, the worst first. */
const ORDER: Client["health"][] = ["stopped", "attention", "idle", "good"];
export const worstFirst = (a: Client, b: Client): number =>
  ORDER.indexOf(a.health) - ORDER.indexOf(b.health) || a.name.localeCompare(b.name);
