import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import { save } from "@/ui/save";
import { sayError } from "@/ui/toast";

export type DataRequest = Schema["DataRequest"];
export type Kind = Schema["DataRequestKind"];
export type State = "queued" | "done" | "failed" | "refused";

export interface Narrowed {
  kind?: Kind;
  state?: State;
}

/** The requests that are looked for, in the words of the API. */
export const filterOf = ({ kind, state }: Narrowed): string[] => [
  ...(kind ? [`kind:eq:${kind}`] : []),
  ...(state ? [`state:eq:${state}`] : []),
];

export const requests = (narrowed: Narrowed) => {
  const filter = filterOf(narrowed);
  return paged<DataRequest>(["data_requests", "list", filter], (cursor, signal) =>
    ok(api.GET("/v1/data-requests", { params: { query: { limit: 50, filter, cursor } }, signal })),
  );
};

/** One request, asked again until it is over. */
export const request = (id: string) =>
  queryOptions({
    queryKey: ["data_requests", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/data-requests/{id}", { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data && state.data.state !== "queued" ? false : 1_000),
  });

export function useRequest() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema["NewDataRequest"]) => ok(api.POST("/v1/data-requests", { body })),
    onSettled: () => cache.invalidateQueries({ queryKey: ["data_requests", "list"] }),
  });
}

/** The document of an export: everything that is kept about the person, in one file. */
export function useDocument() {
  const { t } = useTranslation();
  return useMutation({
    mutationFn: async ({ id, created_at }: DataRequest) => {
      const document = await ok(api.GET("/v1/data-requests/{id}/document", { params: { path: { id } } }));
      const file = new Blob([JSON.stringify(document, null, 2)], { type: "application/json" });
      save(file, `person-${created_at.slice(0, 10)}-${id.slice(-6)}.json`);
    },
    onError: (error) => sayError(t("privacy.download"), error.message),
  });
}

export function useHold(contact: string) {
  const cache = useQueryClient();
  const path = { params: { path: { id: contact } } };
  return useMutation({
    mutationFn: (reason: string | undefined) =>
      reason === undefined
        ? ok(api.DELETE("/v1/contacts/{id}/legal-hold", path))
        : ok(api.PUT("/v1/contacts/{id}/legal-hold", { ...path, body: { reason } })),
    onSettled: () => cache.invalidateQueries({ queryKey: ["contacts", "one", contact] }),
  });
}

/** Whether the document can still be fetched. */
export const fetchable = ({ kind, state, document_until }: DataRequest): boolean =>
  kind === "export" && state === "done" && !!document_until && Date.parse(document_until) > Date.now();

/** What an erasure did, by table; only what it found there. */
export function erased(proof: unknown): [string, number][] {
  const tables = (proof as { tables?: Record<string, unknown> } | null)?.tables ?? {};
  return Object.entries(tables)
    .filter((entry): entry is [string, number] => typeof entry[1] === "number" && entry[1] > 0)
    .sort(([a], [b]) => a.localeCompare(b));
}
