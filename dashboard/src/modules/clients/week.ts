import { type Moment, ms } from "@/sky/base/time";
import type { Activity } from "@/sky/ActivityStrip/geometry";

const HOURS_3 = 3 * 3_600_000;

/** Signs of life in each three hours of a week, as dots of a strip: what was quiet has no dot. */
export function weekDots(id: string, parts: readonly number[], since: Moment): Activity[] {
  const start = ms(since);
  return parts.flatMap((count, part) =>
    count > 0 ? [{ id: `${id} ${part}`, at: start + part * HOURS_3, count, weight: weightOf(count) }] : [],
  );
}

const weightOf = (count: number): number => (count > 12 ? 4 : count > 5 ? 3 : count > 1 ? 2 : 1);
