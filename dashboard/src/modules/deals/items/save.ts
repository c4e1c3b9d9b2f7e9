import { useQueryClient } from "@tanstack/react-query";
import { api, ifMatch, ok } from "@/api/client";
import { useEdits } from "@/api/edits";
import { type Deal, deal as one } from "../data";
import { bodyOf, type Read, sumOf } from "./model";

/** Everything that is sold, at once: shown before the server answers, taken back when it refuses. */
export function useSaveItems(id: string) {
  const cache = useQueryClient();
  return useEdits<Deal, { lines: readonly Read[]; version: number }>({
    key: one(id).queryKey,
    // Lines are edited together, from the version that was read when that began.
    send: ({ lines, version }) => {
      const params = { path: { id }, header: ifMatch(version) };
      return ok(api.PATCH("/v1/deals/{id}", { params, body: { items: bodyOf(lines) } }));
    },
    apply: (deal, { lines }) => withItems(deal, lines),
    onEnd: () => cache.invalidateQueries({ queryKey: ["deals"] }),
  });
}

/** A deal as it will be: without any lines its amount stays as it was. */
export const withItems = (deal: Deal, lines: readonly Read[]): Deal => ({
  ...deal,
  items: [...lines],
  amount: lines.length > 0 ? (sumOf(lines) ?? deal.amount) : deal.amount,
});
