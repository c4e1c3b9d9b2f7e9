import type { Part } from "@/ui/rows";
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

/** What a list of entries is: the plans, or a day. */
type Of<E extends Timed> = "plans" | Day<E>;

/** A line of a timeline: the sun, the heading of a day, or an entry with its place in its list and how long that is. */
export type Line<E extends Timed> =
  | { kind: "now" }
  | { kind: "head"; of: Day<E> }
  | { kind: "entry"; of: Of<E>; entry: E; place: number; size: number };

/** All lines from above. Of the last list nobody knows how long it is while there is more to read. */
export function linesOf<E extends Timed>(plans: readonly E[], days: readonly Day<E>[], more: boolean): Line<E>[] {
  const entries = (of: Of<E>, list: readonly E[], last: boolean): Line<E>[] =>
    list.map((entry, at) => ({ kind: "entry", of, entry, place: at + 1, size: more && last ? -1 : list.length }));
  return [
    ...entries("plans", plans, days.length === 0),
    { kind: "now" },
    ...days.flatMap((day) => [
      ...(day.today ? [] : [{ kind: "head" as const, of: day }]),
      ...entries(day, day.entries, day === days.at(-1)),
    ]),
  ];
}

export const keyOf = <E extends Timed>(line: Line<E>): string =>
  line.kind === "now" ? "now" : line.kind === "head" ? `day/${line.of.at}` : line.entry.id;

/** Lines that stand together: a list with its heading and the gaps in it, the sun, or a gap between lists. */
export type Stretch<E extends Timed> =
  | { kind: "list"; of: Of<E>; head?: number; parts: Part[] }
  | { kind: "now"; index: number }
  | { kind: "gap"; height: number };

/** Puts those lines that exist into their lists. */
export function stretches<E extends Timed>(lines: readonly Line<E>[], parts: readonly Part[]): Stretch<E>[] {
  const found: Stretch<E>[] = [];
  let gap = 0;
  const apart = () => {
    if (gap > 0) found.push({ kind: "gap", height: gap });
    gap = 0;
  };
  for (const part of parts) {
    if ("gap" in part) {
      gap = part.gap;
      continue;
    }
    const line = lines[part.index];
    const open = found.at(-1);
    if (line?.kind === "entry" && open?.kind === "list" && open.of === line.of) {
      if (gap > 0) open.parts.push({ gap });
      gap = 0;
      open.parts.push(part);
      continue;
    }
    apart();
    if (line?.kind === "entry") found.push({ kind: "list", of: line.of, parts: [part] });
    if (line?.kind === "head") found.push({ kind: "list", of: line.of, head: part.index, parts: [] });
    if (line?.kind === "now") found.push({ kind: "now", index: part.index });
  }
  apart();
  return found;
}
