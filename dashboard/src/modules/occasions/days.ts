import { plus } from "../tasks/when";
import type { View } from "./address";

/** A day of the calendar in words, as long as wanted: it is the same in every zone. */
export const dayAs = (day: string, locale: string, how: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(locale, { ...how, timeZone: "UTC" }).format(new Date(`${day}T12:00:00Z`));

/** On which day weeks begin: 0 Monday to 6 Sunday, as people of the locale are used to. */
export function weekStart(locale: string): number {
  const known = new Intl.Locale(locale) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  return ((known.getWeekInfo?.() ?? known.weekInfo)?.firstDay ?? 1) - 1;
}

/** The first day of the week of a day. */
export function weekOf(day: string, start: number): string {
  const weekday = (new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7;
  return plus(day, -((weekday - start + 7) % 7));
}

export const monthOf = (day: string): string => `${day.slice(0, 7)}-01`;

/** A day so many months after another one, in the first days of its month. */
export function months(day: string, count: number): string {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + count, 1)).toISOString().slice(0, 10);
}

/** The days between two days, both included. */
export function daysOf(from: string, to: string): string[] {
  const days = [];
  for (let day = from; day <= to; day = plus(day, 1)) days.push(day);
  return days;
}

/** What a view shows: first and last day. */
export function spanOf(view: View, on: string, start: number): { from: string; to: string } {
  if (view === "day") return { from: on, to: on };
  if (view === "next") return { from: on, to: plus(on, 29) };
  if (view === "week") {
    const from = weekOf(on, start);
    return { from, to: plus(from, 6) };
  }
  const from = weekOf(monthOf(on), start);
  const last = plus(months(on, 1), -1);
  return { from, to: plus(weekOf(last, start), 6) };
}

/** The day that a view shows after it was turned over once. */
export function turned(view: View, on: string, by: 1 | -1): string {
  if (view === "day") return plus(on, by);
  if (view === "week") return plus(on, 7 * by);
  if (view === "next") return plus(on, 30 * by);
  return months(on, by);
}

/** The first and the last day of the year it is. */
export function thisYear(now = new Date()): [string, string] {
  const year = now.getUTCFullYear();
  return [`${year}-01-01`, `${year}-12-31`];
}
