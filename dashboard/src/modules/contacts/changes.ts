import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch, ok } from "@/api/client";
import { type Contact, contact, type Patch, tags } from "./data";
import { timeline } from "./person/data";

/** A change of one contact that shows at once. A newer version elsewhere is 412: the page is read again and nothing is overwritten. */
export function useContactPatch(id: string) {
  const cache = useQueryClient();
  const key = contact(id).queryKey;
  return useMutation({
    // One after another: each needs the version that the one before made.
    scope: { id: `contact-${id}` },
    mutationFn: async (body: Patch) => {
      const version = cache.getQueryData(key)?.version;
      return ok(
        api.PATCH("/v1/contacts/{id}", {
          params: { path: { id }, header: ifMatch(version) },
          body,
        }),
      );
    },
    onMutate: async (body) => {
      await cache.cancelQueries({ queryKey: key, exact: true });
      const before = cache.getQueryData(key);
      if (before) cache.setQueryData(key, { ...before, ...(body as Partial<Contact>) });
      return { before };
    },
    onError: (_error, _body, held) => {
      if (held?.before) cache.setQueryData(key, held.before);
      void cache.invalidateQueries({ queryKey: key });
    },
    onSuccess: (fresh) => {
      cache.setQueryData(key, fresh);
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
