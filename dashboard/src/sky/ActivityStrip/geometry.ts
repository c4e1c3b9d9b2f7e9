import { hash } from "../base/hash";
import { clamp, type Point, timeline } from "../base/place";
import { midnights, type Moment, ms, type Span, wall } from "../base/time";

/** One event, or one roll-up of several. */
export interface Activity {
  id: string;
  at: Moment;
  /** 1 to 4. */
  weight?: number;
  /** How many events it stands for; 1 when absent. */
  count?: number;
}

/** Dots in a strip; more are merged by time. */
export const MOST_DOTS = 120;
export const RADII = [0.8, 1.1, 1.5, 1.9] as const;

export interface StripPlan {
  /** Points by weight, lightest first. */
  dots: [Point[], Point[], Point[], Point[]];
  /** Midnights, or the hours 6, 12 and 18 of a single day. */
  ticks: number[];
  /** Events in the span, whether merged or not. */
  total: number;
  /** The tick to tick interval with the most events. */
  busiest?: Span;
}

/** A strip of dots over time. A dot's height comes from its id. */
export function plan(
  events: readonly Activity[],
  span: Span,
  zone: string,
  width: number,
  height: number,
  rtl: boolean,
): StripPlan {
  const inSpan = events
    .map((event) => ({ ...event, at: ms(event.at), count: event.count ?? 1, weight: event.weight ?? 1 }))
    .filter(({ at }) => at >= span[0] && at < span[1]);
  const xOf = timeline(span, 2, Math.max(3, width - 2), rtl);
  const dots: StripPlan["dots"] = [[], [], [], []];
  for (const { id, at, weight } of thin(inSpan, span)) {
    const k = clamp(Math.round(weight), 1, 4) - 1;
    const edge = (RADII[k] as number) + 0.5;
    dots[k]?.push({ x: xOf(at), y: edge + hash(id) * Math.max(0, height - 4 - 2 * edge) });
  }
  const marks = marksOf(span, zone);
  const total = inSpan.reduce((sum, { count }) => sum + count, 0);
  const edges = [span[0], ...marks, span[1]];
  let most = 0;
  let busiest: Span | undefined;
  for (const [k, from] of edges.slice(0, -1).entries()) {
    const to = edges[k + 1] as number;
    const many = inSpan.reduce((sum, { at, count }) => sum + (at >= from && at < to ? count : 0), 0);
    if (many > most) [most, busiest] = [many, [from, to]];
  }
  return { dots, ticks: marks.map(xOf), total, ...(busiest && { busiest }) };
}

/** Midnights between the ends, or every sixth hour when all is one day. */
function marksOf(span: Span, zone: string): number[] {
  const days = midnights(span, zone);
  if (days.length > 0) return days;
  const quarter = 15 * 60_000;
  const found: number[] = [];
  for (let at = Math.ceil(span[0] / quarter) * quarter; at < span[1]; at += quarter) {
    const { hour, minute } = wall(at, zone);
    if (minute === 0 && hour % 6 === 0 && at > span[0]) found.push(at);
  }
  return found;
}

interface Known {
  id: string;
  at: number;
  weight: number;
  count: number;
}

/** Few enough dots: of those close in time the first stays, with a weight more. */
function thin(events: readonly Known[], [from, to]: Span): Known[] {
  if (events.length <= MOST_DOTS) return [...events];
  const slots = new Map<number, Known>();
  for (const event of events) {
    const slot = Math.floor(((event.at - from) / (to - from)) * MOST_DOTS);
    const found = slots.get(slot);
    if (!found) slots.set(slot, event);
    else
      slots.set(slot, {
        ...found,
        weight: Math.min(4, Math.max(found.weight, event.weight + 1)),
        count: found.count + event.count,
      });
  }
  return [...slots.values()];
}
