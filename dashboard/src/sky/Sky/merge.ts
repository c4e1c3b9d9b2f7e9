import { ms, type Moment } from "../base/time";

/** What a star can stand for. */
export type StarKind = "lead" | "message" | "order" | "review" | "change";
export const KINDS: readonly StarKind[] = ["lead", "message", "order", "review", "change"];

/** One event of the day, or several that were merged because the day had more than the drawing shows. */
export interface StarEvent {
  /** Fixes the star's height; the same event must keep the same id. */
  id: string;
  at: Moment;
  kind: StarKind;
  /** 1 (a visit) to 4 (a sale). */
  weight: number;
  /** Where a click leads. */
  href?: string;
  /** What happened, for the list and for the label under the pointer. */
  title?: string;
  /** How many events this one stands for; 1 when absent. */
  count?: number;
}

/** The most stars in one drawing. */
export const MOST_STARS = 160;

const SLOT = 10 * 60_000;

/**
 * The events to draw: all of them up to `most`; above it those of one kind within ten minutes become one star of
 * a weight more, and the ten minutes double until there are few enough. What is done and what is to come never merge.
 * The sum of the counts stays what it was.
 */
export function merge(events: readonly StarEvent[], now: number, most = MOST_STARS): StarEvent[] {
  const dated = events.filter((event) => Number.isFinite(ms(event.at)));
  let merged = dated;
  for (let slot = SLOT; merged.length > most; slot *= 2) {
    const groups = new Map<string, StarEvent[]>();
    for (const event of dated) {
      const at = ms(event.at);
      const key = `${event.kind} ${Math.floor(at / slot)} ${at > now}`;
      const group = groups.get(key);
      if (group) group.push(event);
      else groups.set(key, [event]);
    }
    merged = [...groups.values()].map(one);
  }
  return merged;
}

/** The heaviest of a group speaks for all of it. */
function one(group: StarEvent[]): StarEvent {
  const [first, ...others] = group;
  const chief = others.reduce((best, event) => (event.weight > best.weight ? event : best), first as StarEvent);
  if (others.length === 0) return chief;
  const count = group.reduce((sum, event) => sum + (event.count ?? 1), 0);
  const { title: _, ...rest } = chief;
  return { ...rest, weight: Math.min(4, chief.weight + 1), count };
}

/** How many events of each kind there were, and how many are still to come. */
export function tally(stars: readonly StarEvent[], now: number): { done: Record<StarKind, number>; planned: number } {
  const done = { lead: 0, message: 0, order: 0, review: 0, change: 0 };
  let planned = 0;
  for (const { at, kind, count = 1 } of stars) {
    if (ms(at) > now) planned += count;
    else done[kind] += count;
  }
  return { done, planned };
}
