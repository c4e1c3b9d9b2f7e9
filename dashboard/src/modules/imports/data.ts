import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import { upload } from "@/api/upload";
import { sayThrown } from "@/i18n/problems";
import type { SheetLook } from "@/modules/sheets/export";
import { sayError } from "@/ui/toast";

export type Import = Schema["ContactImport"];
export type Field = Schema["ImportField"];
/** With everything that the server fills in when it is not said. */
export type Options = Schema["ImportOptions"] &
  Required<Pick<Schema["ImportOptions"], "mode" | "match_by" | "overwrite" | "bad_cells" | "separator" | "tags">>;
export const optionsOf = ({ options }: Import): Options => ({
  mode: "both",
  match_by: [],
  overwrite: true,
  bad_cells: "refuse",
  separator: ";",
  tags: [],
  ...options,
});
export type Reason = Schema["ImportReason"];

/** Work is being done for it, and it will be different in a moment. */
export const isBusy = ({ state }: Import) => state === "checking" || state === "running" || state === "undoing";
/** It was not started yet. */
export const isDraft = ({ state }: Import) => state === "draft" || state === "checking" || state === "checked";

/** The latest of these that was started, of a file with the same columns. */
export function alike(item: Import, others: readonly Import[]): Import | undefined {
  if (!item.has_header) return undefined;
  const named = ({ columns }: Import) => JSON.stringify(columns.map(({ name }) => name));
  return others.find((other) => other.has_header && !isDraft(other) && named(other) === named(item));
}

/** All that is said of how a file is brought in. */
export type Said = { fields: (Field | null)[]; custom: (string | null)[]; options: Options };
export const saidOf = (item: Import): Said => ({
  fields: item.columns.map(({ field }) => field ?? null),
  custom: item.columns.map(({ custom }) => custom ?? null),
  options: optionsOf(item),
});
export function isSame(one: Said, other: Said): boolean {
  const words = ({ fields, custom, options }: Said) => {
    const said = Object.entries(options).filter(([, value]) => value != null);
    return JSON.stringify([fields, custom, said.sort(([a], [b]) => a.localeCompare(b))]);
  };
  return words(one) === words(other);
}

export const imports = () =>
  paged<Import>(["contact_imports", "list"], (cursor, signal) =>
    ok(api.GET("/v1/contact-imports", { params: { query: { limit: 30, ...(cursor && { cursor }) } }, signal })),
  );

/** The history as a file. */
export const importsFile = (look: SheetLook) =>
  api.GET("/v1/contact-imports/export", { params: { query: look }, parseAs: "blob" });

export const one = (id: string) =>
  queryOptions({
    queryKey: ["contact_imports", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/contact-imports/{id}", { params: { path: { id } }, signal })),
    // Batches are no events, so a running import is asked how far it is.
    refetchInterval: ({ state }) => (state.data && isBusy(state.data) ? 1000 : false),
  });

export const preview = (id: string, version: string) =>
  queryOptions({
    queryKey: ["contact_imports", "preview", id, version],
    queryFn: ({ signal }) => ok(api.GET("/v1/contact-imports/{id}/preview", { params: { path: { id } }, signal })),
  });

export const reasons = (id: string, at: number) =>
  queryOptions({
    queryKey: ["contact_imports", "reasons", id, at],
    queryFn: ({ signal }) => ok(api.GET("/v1/contact-imports/{id}/reasons", { params: { path: { id } }, signal })),
  });

export const kept = (id: string) =>
  queryOptions({
    queryKey: ["contact_imports", "kept", id],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/v1/contact-imports/{id}/rows", {
          params: { path: { id }, query: { limit: 50, filter: ["undo:in:changed,held"] } },
          signal,
        }),
      ),
  });

/** Sends a file and prepares its import. */
export async function bring(file: File): Promise<Import> {
  const { id } = await upload(file);
  return ok(api.POST("/v1/contact-imports", { body: { file: id } }));
}

/** A change of an import, whose answer is the import. */
export function useChange<T>(id: string, title: string, call: (given: T) => Promise<Import>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: call,
    onSuccess: (fresh) => {
      cache.setQueryData(one(id).queryKey, fresh);
      void cache.invalidateQueries({ queryKey: ["contact_imports", "list"] });
    },
    onError: (error) => {
      sayError(title, sayThrown(error));
      void cache.invalidateQueries({ queryKey: one(id).queryKey });
    },
  });
}
