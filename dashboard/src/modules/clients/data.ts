import {
  infiniteQueryOptions,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { sayThrown } from "@/i18n/problems";
import { say, sayError } from "@/ui/toast";

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

export const client = (id: string) =>
  queryOptions({
    queryKey: ["clients", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/clients/{id}", { params: { path: { id } }, signal })),
  });

/** What its files take, from figures: the agency reads none of them. */
export const clientStorage = (id: string) =>
  queryOptions({
    queryKey: ["clients", "one", id, "storage"],
    queryFn: ({ signal }) => ok(api.GET("/v1/clients/{id}/storage", { params: { path: { id } }, signal })),
  });

/** Asked as the agency, about what is in the client. */
export const inClient = (id: string) => ({ headers: { "Upzento-Tenant": id } });

export const clientMembers = (id: string) =>
  queryOptions({
    queryKey: ["clients", "one", id, "members"],
    queryFn: ({ signal }) => ok(api.GET("/v1/members", { params: { query: { limit: 200 } }, ...inClient(id), signal })),
  });

export const clientRoles = (id: string) =>
  queryOptions({
    queryKey: ["clients", "one", id, "roles"],
    queryFn: ({ signal }) => ok(api.GET("/v1/roles", { params: { query: { limit: 200 } }, ...inClient(id), signal })),
    staleTime: 5 * 60_000,
  });

/** What its plan limits and how much of that it has, from figures: the agency reads none of its records. */
export const clientUsage = (id: string) =>
  queryOptions({
    queryKey: ["clients", "one", id, "usage"],
    queryFn: ({ signal }) => ok(api.GET("/v1/clients/{id}/usage", { params: { path: { id } }, signal })),
  });

/** Who worked in the client in somebody's place, the last ones first. */
export const clientVisits = (id: string) =>
  queryOptions({
    queryKey: ["impersonations", "of", id],
    queryFn: ({ signal }) =>
      ok(api.GET("/v1/impersonations", { params: { query: { limit: 5, filter: [`tenant:eq:${id}`] } }, signal })),
  });

/** Offers of clients, made and got, that are still open. */
export const offers = queryOptions({
  queryKey: ["transfers", "open"],
  queryFn: ({ signal }) =>
    ok(api.GET("/v1/transfers", { params: { query: { limit: 200, filter: ["state:eq:offered"] } }, signal })),
});

export type Offer = Schema["Transfer"];

/** What changes a client: its page, the list and the overview are read again. */
export function useClientChange<V>(send: (vars: V) => Promise<unknown>, done: string, after?: () => void) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () => {
      say(done);
      after?.();
    },
    onError: (error) => sayError(t("error.notSaved"), sayThrown(error)),
    onSettled: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: ["clients"] }),
        cache.invalidateQueries({ queryKey: ["transfers"] }),
      ]),
  });
}
