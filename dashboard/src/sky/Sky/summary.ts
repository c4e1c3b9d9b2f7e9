import { ms, wall } from "../base/time";
import type { SkyBody } from "./geometry";
import type { StarEvent } from "./merge";

/** What the sky says in one sentence. */
export interface SkySummary {
  done: number;
  planned: number;
  appointments: number;
  /** An instant in the hour with the most events. */
  busiest?: number;
}

/** Counts for the sentence that stands for the drawing. */
export function summary(
  stars: readonly StarEvent[],
  bodies: readonly SkyBody[],
  now: number,
  zone: string,
): SkySummary {
  const hours = new Map<number, { count: number; at: number }>();
  let [done, planned] = [0, 0];
  for (const { at: moment, count = 1 } of stars) {
    const at = ms(moment);
    if (at > now) {
      planned += count;
      continue;
    }
    done += count;
    const { hour, minute } = wall(at, zone);
    const found = hours.get(hour);
    hours.set(hour, { count: (found?.count ?? 0) + count, at: found?.at ?? at - minute * 60_000 });
  }
  const busiest = [...hours.values()].reduce<{ count: number; at: number } | undefined>(
    (best, hour) => (best && best.count >= hour.count ? best : hour),
    undefined,
  );
  const appointments = bodies.filter(({ at }) => ms(at) > now).length;
  return { done, planned, appointments, ...(busiest && { busiest: busiest.at }) };
}
