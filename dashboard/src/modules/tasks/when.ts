import { isElsewhere } from "@/sky/base/year";
import { instant, wall } from "@/sky/base/time";

/** A day of the calendar so many days after another one. */
export const plus = (day: string, days: number): string => {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, date + days)).toISOString().slice(0, 10);
};

/** The Monday after a day. */
export const monday = (day: string): string => plus(day, 7 - ((new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7));

/** The day it is in a zone. */
export function today(zone: string, now = Date.now()): string {
  const w = wall(now, zone);
  return `${w.year}-${String(w.month).padStart(2, "0")}-${String(w.day).padStart(2, "0")}`;
}

/** The moment of an hour of a day in a zone, for the API. */
export function at(day: string, hour: number, zone: string): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(instant(year, month, date, hour, zone)).toISOString();
}

/** The moment of a time (`HH:MM`) of a day in a zone, for the API. */
export function moment(day: string, time: string, zone: string): string {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return new Date(Date.parse(at(day, hour, zone)) + minute * 60_000).toISOString();
}

export const SNOOZES = ["later", "evening", "tomorrow", "monday"] as const;
export type Snooze = (typeof SNOOZES)[number];

/** Until when a task can be put off; what is past already is not offered. */
export function snoozes(zone: string, now = Date.now()): { name: Snooze; until: string }[] {
  const day = today(zone, now);
  const all: { name: Snooze; until: string }[] = [
    { name: "later", until: new Date(Math.ceil((now + 3 * 3_600_000) / 900_000) * 900_000).toISOString() },
    { name: "evening", until: at(day, 18, zone) },
    { name: "tomorrow", until: at(plus(day, 1), 9, zone) },
    { name: "monday", until: at(monday(day), 9, zone) },
  ];
  return all.filter(({ name, until }) => name !== "evening" || Date.parse(until) > now + 1_800_000);
}

const noon = (day: string) => new Date(`${day}T12:00:00Z`);

const inWords = (day: string, locale: string, how: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(locale, { ...how, day: "numeric", timeZone: "UTC" }).format(noon(day));

/** A day of the calendar in words, the same in every zone; of another year, the year says more than the weekday. */
export const dayWords = (day: string, locale: string, now = Date.now()): string =>
  inWords(day, locale, {
    month: "short",
    ...(isElsewhere(noon(day), new Date(now)) ? { year: "numeric" } : { weekday: "short" }),
  });

/** The same in full. */
export const dayInFull = (day: string, locale: string, now = Date.now()): string =>
  inWords(day, locale, {
    weekday: "long",
    month: "long",
    ...(isElsewhere(noon(day), new Date(now)) && { year: "numeric" }),
  });

/** When something is due. */
interface Dated {
  due_on: string;
  due_at: string;
  due_time?: string | null;
  zone: string;
}

/** The day that stands beside a time on a reader's clock, and how many days away it is; a whole day is one where it is meant. */
export function dueDay({ due_on, due_at, due_time, zone }: Dated, clock: string, now = Date.now()) {
  const day = due_time ? today(clock, Date.parse(due_at)) : due_on;
  return { day, away: daysBetween(today(due_time ? clock : zone, now), day) };
}

/** Days from one day of the calendar to another. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
