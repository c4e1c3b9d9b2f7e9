import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, ok } from "@/api/client";

export const unread = queryOptions({
  queryKey: ["notifications", "unread"],
  queryFn: ({ signal }) => ok(api.GET("/v1/notifications/unread", { signal })),
});

/** How many wait to be read; the bell asks, everybody else listens. */
export const useUnread = (): number => useQuery({ ...unread, enabled: false }).data?.count ?? 0;
