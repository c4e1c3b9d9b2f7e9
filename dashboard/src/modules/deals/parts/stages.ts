import { useMemo } from "react";
import { useFormats } from "@/i18n/format";
import type { Stage } from "@/sky/Deals/deal";
import { major } from "@/ui/money";
import { type Board, stateOf } from "../data";
import { daysBetween } from "../../tasks/when";

/** A board in the words of the drawings. */
export function useStages(board: Board): Stage[] {
  const { dayKey } = useFormats();
  const today = dayKey(new Date());
  return useMemo(
    () =>
      board.stages.map(({ id, name, cards }) => ({
        id,
        name,
        deals: cards.map((deal) => ({
          id: deal.id,
          name: deal.title,
          value: major(deal.amount, deal.currency),
          days: deal.expected_close ? daysBetween(today, deal.expected_close) : 90,
          state: stateOf(deal, today, dayKey),
          atRisk: typeof deal.next_step_on === "string" && daysBetween(today, deal.next_step_on) < 0,
        })),
      })),
    [board, today, dayKey],
  );
}
