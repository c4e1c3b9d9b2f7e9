import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import { hasStatus } from "@/api/problem";
import { sayError } from "@/ui/toast";

export type Webhook = Schema["Webhook"];
export type Delivery = Schema["Delivery"];

const named = (q: string) => (q ? [`name:contains:${q}`] : []);

export const webhooks = (q: string) => {
  const filter = named(q);
  return paged<Webhook>(["webhooks", "list", filter], (cursor, signal) =>
    ok(api.GET("/v1/webhooks", { params: { query: { limit: 50, filter, cursor } }, signal })),
  );
};

/** The same webhooks as a file. */
export const webhooksFile = (q: string): Promise<unknown> =>
  ok(api.GET("/v1/webhooks/export", { params: { query: { filter: named(q) } }, parseAs: "blob" }));

export const webhook = (id: string) =>
  queryOptions({
    queryKey: ["webhooks", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/webhooks/{id}", { params: { path: { id } }, signal })),
  });

export interface LogSearch {
  state?: "waiting" | "delivered" | "failed" | "dropped";
  kind?: string;
}

/** The calls of a webhook that are looked for, in the words of the API. */
export const filterOf = (id: string, { state, kind }: LogSearch): string[] => [
  `webhook:eq:${id}`,
  ...(state ? [`state:eq:${state}`] : []),
  ...(kind ? [`kind:prefix:${kind}`] : []),
];

export const deliveries = (id: string, search: LogSearch) => {
  const filter = filterOf(id, search);
  return paged<Delivery>(["deliveries", "list", id, filter], (cursor, signal) =>
    ok(api.GET("/v1/deliveries", { params: { query: { limit: 50, filter, cursor } }, signal })),
  );
};

export const body = (id: string) =>
  queryOptions({
    queryKey: ["deliveries", "one", id, "body"],
    queryFn: ({ signal }) => ok(api.GET("/v1/deliveries/{id}/body", { params: { path: { id } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Pauses, switches on again or renames; shows at once. */
export function useWebhookChange(id: string) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { queryKey } = webhook(id);
  return useMutation({
    scope: { id: `webhook-${id}` },
    mutationFn: (change: Schema["UpdateWebhook"]) => {
      const version = cache.getQueryData(queryKey)?.version;
      const params = { path: { id }, header: ifMatch(version) };
      return ok(api.PATCH("/v1/webhooks/{id}", { params, body: change }));
    },
    onSuccess: (fresh) => cache.setQueryData(queryKey, fresh),
    onError: (error) =>
      sayError(t("error.notSaved"), hasStatus(error, 412) ? t("error.changedElsewhere") : error.message),
    onSettled: () => cache.invalidateQueries({ queryKey: ["webhooks"] }),
  });
}

/** Sends bodies again, one after another; says how many went and how many did not. */
export function useReplay() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (ids: readonly string[]) => {
      let failed = 0;
      let last: Error | undefined;
      for (const id of ids)
        await ok(api.POST("/v1/deliveries/{id}/replay", { params: { path: { id } } })).catch((error: Error) => {
          failed += 1;
          last = error;
        });
      if (failed === ids.length && last) throw last;
      return { sent: ids.length - failed, failed };
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ["deliveries"] }),
  });
}
