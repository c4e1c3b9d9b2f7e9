import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch, ok } from "@/api/client";
import { useEdits } from "@/api/edits";
import { type Contact, contact, type Patch, tags } from "./data";
import { timeline } from "./person/data";

/** A change of one contact that shows at once. A newer version elsewhere is 412: the page is read again and nothing is overwritten. */
export function useContactPatch(id: string, onError?: (error: Error) => void) {
  const cache = useQueryClient();
  return useEdits<Contact, Patch>({
    key: contact(id).queryKey,
    send: (body, version) =>
      ok(api.PATCH("/v1/contacts/{id}", { params: { path: { id }, header: ifMatch(version) }, body })),
    onError,
    onEnd: () => {
      void cache.invalidateQueries({ queryKey: ["contacts", "list"] });
      void cache.invalidateQueries({ queryKey: timeline(id).queryKey });
      void cache.invalidateQueries({ queryKey: tags.queryKey });
    },
  });
}

/** Deletes, or brings back within thirty days. */
export function useContactRemoval() {
  const cache = useQueryClient();
  const done = () => cache.invalidateQueries({ queryKey: ["contacts"] });
  const remove = useMutation({
    mutationFn: (id: string) => ok(api.DELETE("/v1/contacts/{id}", { params: { path: { id } } })),
    onSuccess: done,
  });
  const restore = useMutation({
    mutationFn: (id: string) => ok(api.POST("/v1/contacts/{id}/restoration", { params: { path: { id } } })),
    onSuccess: done,
  });
  return { remove, restore };
}
