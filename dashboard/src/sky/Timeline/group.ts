import { type Moment, ms, sameDay } from "../base/time";

/** When something happened or will happen. */
export interface Timed {
  id: string;
  at: Moment;
}

/** A day of history, newest first. */
export interface Day<E extends Timed> {
  /** Any instant of that day. */
  at: number;
  today: boolean;
  entries: E[];
}

/** Plans above the sun, the furthest first; history below it by day, the newest first. */
export function group<E extends Timed>(
  entries: readonly E[],
  now: number,
  zone: string,
): { plans: E[]; days: Day<E>[] } {
  const sorted = entries.filter(({ at }) => Number.isFinite(ms(at))).sort((a, b) => ms(b.at) - ms(a.at));
  const plans = sorted.filter(({ at }) => ms(at) > now);
  const days: Day<E>[] = [];
  for (const entry of sorted.slice(plans.length)) {
    const at = ms(entry.at);
    const open = days.at(-1);
    if (open && sameDay(open.at, at, zone)) open.entries.push(entry);
    else days.push({ at, today: sameDay(at, now, zone), entries: [entry] });
  }
  return { plans, days };
}
