import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import { text } from "@/app/routes";
import { say, sayError } from "@/ui/toast";

export type Mail = Schema["Mail"];
const STATES = ["queued", "sending", "sent", "failed"] as const;
export type State = (typeof STATES)[number];
export const TEMPLATES = [
  "new_submission",
  "form_autoreply",
  "invitation",
  "security_notice",
  "verify_email",
  "reset_password",
  "greeting",
  "digest",
  "generic",
] as const;
export type Template = (typeof TEMPLATES)[number];

export interface Narrowed {
  q?: string;
  state?: State;
  template?: string;
}

/** What an address asks for. */
export const readNarrowed = ({ q, state, template }: Record<string, unknown>): Narrowed => ({
  q: text(q),
  state: STATES.find((known) => known === state),
  template: text(template),
});

/** The mails that are looked for, in the words of the API. */
export const filterOf = ({ q, state, template }: Narrowed): string[] => [
  ...(q ? [`recipient:contains:${q}`] : []),
  ...(state === "queued" ? ["state:in:queued,sending"] : state ? [`state:eq:${state}`] : []),
  ...(template ? [`template:eq:${template}`] : []),
];

export const mails = (narrowed: Narrowed) => {
  const filter = filterOf(narrowed);
  return paged<Mail>(["mails", "list", filter], (cursor, signal) =>
    ok(api.GET("/v1/mails", { params: { query: { limit: 50, filter, cursor } }, signal })),
  );
};

export const mail = (id: string) =>
  queryOptions({
    queryKey: ["mails", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/mails/{id}", { params: { path: { id } }, signal })),
    // What becomes of it is seen while it is looked at.
    refetchInterval: ({ state }) => (state.data?.state === "queued" || state.data?.state === "sending" ? 4_000 : false),
  });

export function useRetry() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => ok(api.POST("/v1/mails/{id}/retry", { params: { path: { id } } })),
    onSuccess: () => say(t("mails.retried")),
    onError: (error) => sayError(t("mails.retry"), error.message),
    onSettled: () => cache.invalidateQueries({ queryKey: ["mails"] }),
  });
}
