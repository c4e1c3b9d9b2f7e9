import { createContext, useContext } from "react";
import type { Deal } from "../data";

/** What is under the sun: no stage, but a place to drop what is won. */
export const WON = "won";

/** A column of the board. */
export interface Lane {
  id: string;
  name: string;
  cards: Deal[];
  /** How many there are; more than are shown. */
  count: number;
}

/** A card on its way, and where it would land. */
export interface Carry {
  deal: Deal;
  by: "keys" | "pointer";
  lane: string;
  /** Place among the other cards of the lane. */
  index: number;
}

export const CarryContext = createContext<Carry | undefined>(undefined);
export const useCarry = () => useContext(CarryContext);

/** The cards of a lane without the one that is carried. */
export const others = (lane: Lane, deal: Deal): Deal[] => lane.cards.filter(({ id }) => id !== deal.id);

/** Where a card stands now. */
export function placeOf(lanes: readonly Lane[], id: string): { lane: Lane; index: number } | undefined {
  for (const lane of lanes) {
    const index = lane.cards.findIndex((card) => card.id === id);
    if (index >= 0) return { lane, index };
  }
  return undefined;
}

/** One step with an arrow key; the same place at an edge. What is won has no order. */
export function stepped(lanes: readonly Lane[], carry: Carry, key: string, rtl: boolean): Carry {
  const at = lanes.findIndex(({ id }) => id === carry.lane);
  const ahead = rtl ? "ArrowLeft" : "ArrowRight";
  const sideways = key === "ArrowLeft" || key === "ArrowRight";
  if (sideways) {
    const next = lanes[at + (key === ahead ? 1 : -1)];
    if (!next) return carry;
    return {
      ...carry,
      lane: next.id,
      index: next.id === WON ? 0 : Math.min(carry.index, others(next, carry.deal).length),
    };
  }
  const lane = lanes[at];
  if (!lane || lane.id === WON) return carry;
  const most = others(lane, carry.deal).length;
  const index = carry.index + (key === "ArrowDown" ? 1 : -1);
  return { ...carry, index: Math.max(0, Math.min(most, index)) };
}

/** Lanes as they look while a card is carried by keys: it already stands where it would land. */
export function shown(lanes: readonly Lane[], carry: Carry | undefined): readonly Lane[] {
  if (carry?.by !== "keys") return lanes;
  return lanes.map((lane) => {
    const cards = others(lane, carry.deal);
    if (lane.id === carry.lane) cards.splice(carry.index, 0, carry.deal);
    return { ...lane, cards };
  });
}
