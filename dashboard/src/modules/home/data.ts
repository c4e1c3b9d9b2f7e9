import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";

export type Day = Schema["Day"];
export type DayStar = Schema["DayStar"];
export type Overview = Schema["ClientsOverview"];
export type Reason = Schema["AttentionReason"];
export type Refused = Schema["RefusedWebsite"];

/** Figures change with every event, and are asked for again when one comes; in between they may be a minute old. */
const staleTime = 60_000;

/** What happened today where the tenant is. `date` only tells the days apart: at midnight another one begins. */
export const today = (date: string) =>
  queryOptions({
    queryKey: ["day", date],
    queryFn: ({ signal }) => ok(api.GET("/v1/days", { signal })),
    staleTime,
    // The day before is no placeholder for this one, but this one in an older state is.
  });

export const contactFigures = queryOptions({
  queryKey: ["figures", "contacts"],
  queryFn: ({ signal }) => ok(api.GET("/v1/contacts/figures", { signal })),
  staleTime,
});

export const formFigures = queryOptions({
  queryKey: ["figures", "forms"],
  queryFn: ({ signal }) => ok(api.GET("/v1/forms/figures", { signal })),
  staleTime,
});

export const widgetFigures = queryOptions({
  queryKey: ["figures", "widgets"],
  queryFn: ({ signal }) => ok(api.GET("/v1/widgets/figures", { signal })),
  staleTime,
});

/** Webhooks that were switched off because nobody answered. */
export const brokenWebhooks = queryOptions({
  queryKey: ["webhooks", "broken"],
  queryFn: async ({ signal }) => {
    const query = { limit: 200, filter: ["enabled:eq:false"] };
    const page = await ok(api.GET("/v1/webhooks", { params: { query }, signal }));
    return page.items.filter((hook) => hook.disabled_reason === "failing" || hook.disabled_reason === "gone");
  },
  staleTime,
});

/** Mails that no server took. */
export const failedMails = queryOptions({
  queryKey: ["mails", "failed"],
  queryFn: async ({ signal }) => {
    const query = { limit: 50, filter: ["state:eq:failed"] };
    return (await ok(api.GET("/v1/mails", { params: { query }, signal }))).items;
  },
  staleTime,
});

/** An agency hears of its clients' events by asking: their streams are their own. */
export const clientsOverview = queryOptions({
  queryKey: ["clients", "overview"],
  queryFn: ({ signal }) => ok(api.GET("/v1/clients/overview", { signal })),
  staleTime,
  refetchInterval: staleTime,
});

/** Allows a website for the widget it was refused, and forgets it again when that is undone. */
export function useAllow() {
  const cache = useQueryClient();
  const settled = () => {
    void cache.invalidateQueries({ queryKey: ["figures", "widgets"] });
    void cache.invalidateQueries({ queryKey: ["origins"] });
    void cache.invalidateQueries({ queryKey: ["widgets"] });
  };
  const allow = useMutation({
    mutationFn: ({ origin, widget_id }: Refused) => ok(api.POST("/v1/origins", { body: { origin, widget_id } })),
    onSettled: settled,
  });
  const take = useMutation({
    mutationFn: (id: string) => ok(api.DELETE("/v1/origins/{id}", { params: { path: { id } } })),
    onSettled: settled,
  });
  return { allow, take };
}
