import { at, monday, plus, today } from "../tasks/when";

export const SNOOZES = ["hour", "tomorrow", "monday"] as const;

/** Until when a notification can be put off with one touch; on Sundays tomorrow is Monday. */
export function moments(zone: string, now = Date.now()): { name: (typeof SNOOZES)[number]; until: string }[] {
  const day = today(zone, now);
  const [tomorrow, next] = [plus(day, 1), monday(day)];
  return [
    { name: "hour", until: new Date(now + 3_600_000).toISOString() },
    { name: "tomorrow", until: at(tomorrow, 9, zone) },
    ...(next === tomorrow ? [] : [{ name: "monday" as const, until: at(next, 9, zone) }]),
  ];
}
