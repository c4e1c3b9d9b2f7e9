import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch, ok } from "@/api/client";
import { type Deal, deal as one } from "../data";
import { bodyOf, type Read, sumOf } from "./model";

/** Everything that is sold, at once: shown before the server answers, taken back when it refuses. */
export function useSaveItems(id: string) {
  const cache = useQueryClient();
  const key = one(id).queryKey;
  return useMutation({
    scope: { id: `deal-${id}` },
    mutationFn: ({ lines, version }: { lines: readonly Read[]; version: number }) => {
      const params = { path: { id }, header: ifMatch(version) };
      return ok(api.PATCH("/v1/deals/{id}", { params, body: { items: bodyOf(lines) } }));
    },
    onMutate: async ({ lines }) => {
      await cache.cancelQueries({ queryKey: key, exact: true });
      const before = cache.getQueryData(key);
      if (before) cache.setQueryData(key, withItems(before, lines));
      return { before };
    },
    onError: (_error, _lines, held) => {
      if (held?.before) cache.setQueryData(key, held.before);
    },
    onSuccess: (fresh) => cache.setQueryData(key, fresh),
    onSettled: () => cache.invalidateQueries({ queryKey: ["deals"] }),
  });
}

/** A deal as it will be: without any lines its amount stays as it was. */
export const withItems = (deal: Deal, lines: readonly Read[]): Deal => ({
  ...deal,
  items: [...lines],
  amount: lines.length > 0 ? (sumOf(lines) ?? deal.amount) : deal.amount,
});
