import {
  hashKey,
  type InfiniteData,
  infiniteQueryOptions,
  type QueryClient,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";
import { useMe } from "@/app/may";
import { type Asked, filterOf } from "./asked";
import { unread } from "./unread";

/** In the place of a tenant as a whole nobody is told anything: there is no such list. */
export const useIsTold = (): boolean => {
  const who = useMe();
  return !who || who.user != null;
};

export type Notification = Schema["Notification"];
type Pages = InfiniteData<Schema["Page_Notification"]>;

export const notifications = (asked: Asked) =>
  infiniteQueryOptions({
    queryKey: ["notifications", "list", asked],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 30, cursor: pageParam, filter: filterOf(asked) };
      return ok(api.GET("/v1/notifications", { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** Changes one of them wherever it is listed. What does not fit a list any more is left out where it is shown. */
function inLists(cache: QueryClient, id: string, change: (told: Notification) => Notification): void {
  for (const [key, pages] of cache.getQueriesData<Pages>({ queryKey: ["notifications", "list"] }))
    if (pages)
      cache.setQueryData<Pages>(key, {
        ...pages,
        pages: pages.pages.map((page) => ({ ...page, items: page.items.map((n) => (n.id === id ? change(n) : n)) })),
      });
}

function shiftUnread(cache: QueryClient, by: number): void {
  const count = cache.getQueryData<Schema["UnreadNotifications"]>(unread.queryKey);
  if (count) cache.setQueryData(unread.queryKey, { ...count, count: Math.max(0, count.count + by) });
}

const CHANGE = ["notifications", "change"];

/** Reads, unreads and puts away or off at once, any number of them; each goes back by itself when the server refuses it. */
export function useNotificationChange() {
  const cache = useQueryClient();
  return useMutation({
    mutationKey: CHANGE,
    mutationFn: ({ id, ...body }: { id: string } & Schema["NotificationPatch"]) =>
      ok(api.PATCH("/v1/notifications/{id}", { params: { path: { id } }, body })),
    onMutate: async ({ id, read, archived, snoozed_until }) => {
      await cache.cancelQueries({ queryKey: ["notifications"] });
      const lists = cache.getQueriesData<Pages>({ queryKey: ["notifications", "list"] }).filter(([, pages]) => pages);
      const known = lists
        .flatMap(([, pages]) => pages?.pages.flatMap((page) => page.items) ?? [])
        .find((n) => n.id === id);
      const at = new Date().toISOString();
      inLists(cache, id, (n) => ({
        ...n,
        ...(read !== undefined && { read_at: read ? (n.read_at ?? at) : null }),
        ...(archived !== undefined && { archived_at: archived ? at : null }),
        ...((archived || snoozed_until !== undefined) && { snoozed_until: snoozed_until ?? null }),
      }));
      const was = known !== undefined && !known.read_at && !known.snoozed_until;
      const gone = archived || read || snoozed_until;
      const shift = gone ? (was ? -1 : 0) : read === false && !was ? 1 : 0;
      shiftUnread(cache, shift);
      return { known, shift, changed: new Set(lists.map(([key]) => hashKey(key))) };
    },
    onError: (_error, { id }, before) => {
      const known = before?.known;
      if (known) inLists(cache, id, () => known);
      if (before) shiftUnread(cache, -before.shift);
    },
    onSettled: (_data, _error, _vars, before) => {
      // Of a whole group the last one asks, once for all.
      if (cache.isMutating({ mutationKey: CHANGE }) > 1) return;
      void cache.invalidateQueries({ queryKey: unread.queryKey });
      // Other lists may have to show it now. One that was opened meanwhile may be from before the change.
      const queryKey = ["notifications", "list"];
      void cache.invalidateQueries({ queryKey, refetchType: "inactive" });
      void cache.invalidateQueries({ queryKey, predicate: ({ queryHash }) => !before?.changed.has(queryHash) });
    },
  });
}

/** So many are unread again when it is taken back; whoever had more unread does not go back to them one by one. */
const TAKEN_BACK = 50;

/** Only what stood on the screen: what comes meanwhile stays unread. Gives the ids of those that can be made unread again. */
export function useReadAll() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (body: { until: string; module?: string }): Promise<string[]> => {
      const filter = filterOf({ which: "unread", module: body.module });
      const were = await ok(api.GET("/v1/notifications", { params: { query: { limit: TAKEN_BACK, filter } } }));
      await ok(api.POST("/v1/notifications/read-all", { body }));
      return were.next_cursor ? [] : were.items.filter((n) => n.created_at <= body.until).map(({ id }) => id);
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ["notifications"] }),
  });
}

/** Makes them unread again, one after the other. */
export function useUnreadAgain() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (ids: readonly string[]) => {
      for (const id of ids)
        await ok(api.PATCH("/v1/notifications/{id}", { params: { path: { id } }, body: { read: false } }));
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ["notifications"] }),
  });
}
