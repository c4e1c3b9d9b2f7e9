import { queryOptions } from "@tanstack/react-query";
import { api, ok } from "@/api/client";

/** E-mails that carried a notification. */
export const deliveries = (id: string) =>
  queryOptions({
    queryKey: ["notifications", "deliveries", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/notifications/{id}/deliveries", { params: { path: { id } }, signal })),
  });
