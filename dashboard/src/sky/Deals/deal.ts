import { clamp } from "../base/place";

/** How a deal stands; the words beside the drawing say the same. */
export type DealState = "active" | "hot" | "quiet" | "won";

/** A deal as the drawings need it. Lost deals are not given. */
export interface Deal {
  id: string;
  name: string;
  /** In the workspace's currency. */
  value: number;
  /** Days until it should close; negative when that day has passed. Ignored when won. */
  days: number;
  /** `hot`: score of 70 or more, or touched today. `quiet`: nothing for seven days. */
  state: DealState;
  /** A promise is late or the close date moved; makes it worth naming. */
  atRisk?: boolean;
  /** How many deals this one stands for after merging. */
  count?: number;
}

/** A column of the pipeline. */
export interface Stage {
  id: string;
  name: string;
  deals: readonly Deal[];
}

/** The value in the middle, which is drawn five pixels wide. */
export function median(values: readonly number[]): number {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** Area grows with value; a deal of the median value has a radius of 5, one of nothing 2.4, and none exceeds 14. */
export function bodyRadius(value: number, middle: number): number {
  if (!(value > 0) || !(middle > 0)) return 2.4;
  return clamp(2.4 + 2.6 * Math.sqrt(value / middle), 2.4, 14);
}

const RANK: Record<DealState, number> = { hot: 3, active: 2, quiet: 1, won: 0 };

/** Bodies of one stage that are drawn one by one; with more, a dozen and a half stand for all. */
export const MOST_BODIES = 40;
const FEW = 18;

/**
 * The bodies to draw for a stage: one for each deal, or, of more than `MOST_BODIES`, one for all that close within the
 * same days, of their summed value. The hottest state speaks for all, and the counts still add up.
 */
export function mergeDeals(deals: readonly Deal[]): Deal[] {
  let merged: Deal[] = [...deals];
  for (let span = 1; deals.length > MOST_BODIES && merged.length > FEW; span *= 2) {
    const groups = new Map<number, Deal>();
    for (const [index, deal] of deals.entries()) {
      const key = deal.state === "won" ? index % FEW : Math.floor(clamp(deal.days, 0, 3650) / span);
      const found = groups.get(key);
      groups.set(key, found ? together(found, deal) : deal);
    }
    merged = [...groups.values()];
  }
  return merged;
}

function together(a: Deal, b: Deal): Deal {
  const chief = b.value > a.value ? b : a;
  const state = RANK[b.state] > RANK[a.state] ? b.state : a.state;
  return { ...chief, state, value: a.value + b.value, count: (a.count ?? 1) + (b.count ?? 1) };
}

/** What a summary of a stage says. */
export interface StageSum {
  id: string;
  name: string;
  count: number;
  value: number;
  hot: number;
  quiet: number;
}

/** Counts and sums by stage. */
export const sums = (stages: readonly Stage[]): StageSum[] =>
  stages.map(({ id, name, deals }) => {
    const many = (state: DealState) =>
      deals.reduce((sum, deal) => sum + (deal.state === state ? (deal.count ?? 1) : 0), 0);
    return {
      id,
      name,
      count: deals.reduce((sum, { count = 1 }) => sum + count, 0),
      value: deals.reduce((sum, { value }) => sum + value, 0),
      hot: many("hot"),
      quiet: many("quiet"),
    };
  });
