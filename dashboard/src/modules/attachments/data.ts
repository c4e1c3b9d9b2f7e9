import { queryOptions, useIsMutating, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { useOptimistic } from "@/api/optimistic";
import { upload } from "@/api/upload";
import { sayThrown } from "@/i18n/problems";
import { say, sayError } from "@/ui/toast";

export type Attachment = Schema["Attachment"];
/** What a file can be kept with. */
export type About = "contact" | "company" | "deal" | "task" | "activity" | "about_note";

/** How long a small picture is waited for. */
const PATIENCE = 30_000;
const isAwaited = ({ type, preview_url, created_at }: Attachment) =>
  /^image\/(png|jpeg|gif|webp)$/.test(type) && !preview_url && Date.now() - Date.parse(created_at) < PATIENCE;

export const attachmentsOf = (about: About, id: string) =>
  queryOptions({
    queryKey: ["attachments", about, id],
    queryFn: ({ signal }) =>
      ok(api.GET("/v1/attachments", { params: { query: { filter: [`${about}:eq:${id}`], limit: 200 } }, signal })),
    refetchInterval: ({ state }) => (state.data?.items.some(isAwaited) ? 1500 : false),
  });

/** Keeps a file that was sent with a record. */
export const keepFile = (about: About, id: string, file: string) =>
  ok(api.POST("/v1/attachments", { body: { [about]: id, file } }));

/** How many files are on their way. */
export const useSending = (scope: string) => useIsMutating({ predicate: ({ options }) => options.scope?.id === scope });

/** Sends files and keeps them with a record, one after the other; what fails does not stop the others. */
export function useAttach(about: About, id: string) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (file: File) => keepFile(about, id, (await upload(file)).id),
    scope: { id: `attach ${id}` },
    onError: (error, file) => sayError(t("attachments.failed", { name: file.name }), sayThrown(error)),
    onSettled: () => cache.invalidateQueries({ queryKey: ["attachments", about, id] }),
  });
}

/** Takes a file away; it comes back with one press. */
export function useRemoval(about: About, id: string) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const key = ["attachments", about, id];
  const restore = async (one: Attachment) => {
    await ok(api.POST("/v1/attachments/{id}/restoration", { params: { path: { id: one.id } } })).catch((error) =>
      sayError(t("error.notSaved"), sayThrown(error)),
    );
    void cache.invalidateQueries({ queryKey: key });
  };
  return useOptimistic<Attachment, unknown, { items: Attachment[] }>({
    key,
    send: (one) =>
      ok(api.DELETE("/v1/attachments/{id}", { params: { path: { id: one.id }, header: ifMatch(one.version) } })),
    apply: (held, gone) => ({ ...held, items: held.items.filter((one) => one.id !== gone.id) }),
    onSuccess: (_, one) => say(t("attachments.removed", { name: one.name }), { undo: () => void restore(one) }),
    onError: (error) => sayError(t("error.notSaved"), sayThrown(error)),
  });
}

/** Brings a file to this device; its address works for ten minutes and only for a download. */
export async function download(one: Attachment): Promise<void> {
  const { url } = await ok(api.POST("/v1/attachments/{id}/links", { params: { path: { id: one.id } } }));
  const link = document.createElement("a");
  link.href = url;
  link.download = one.name;
  link.click();
}
