import type { TFunction } from "i18next";
import type { Formats } from "@/i18n/format";

/** The days of a week as rules name them. */
export const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
export type Weekday = (typeof WEEKDAYS)[number];
export const EVERY = ["daily", "weekly", "monthly", "yearly"] as const;
export type Every = (typeof EVERY)[number];
/** Most days, weeks, months or years between two times, and most times. */
export const MOST = 1000;

/** How something repeats, as far as the form can say it. */
export interface Rule {
  every: Every;
  interval: number;
  /** On these days of a week; on the day it begins when there are none. */
  on: readonly Weekday[];
  /** The last day that counts, or how many times there are in all; at most one of the two. */
  until?: string;
  times?: number;
}

const counted = (text: string | undefined, absent?: number): number | undefined => {
  if (text === undefined) return absent;
  return /^\d{1,4}$/.test(text) && +text >= 1 && +text <= MOST ? +text : undefined;
};

/** A rule that the form can say; any other one stays as it is. */
export function readRule(text: string): Rule | undefined {
  const parts = new Map(text.split(";").map((part) => part.split("=", 2) as [string, string | undefined]));
  const known = ["FREQ", "INTERVAL", "BYDAY", "UNTIL", "COUNT"];
  if ([...parts.keys()].some((name) => !known.includes(name))) return undefined;
  const every = EVERY.find((each) => each.toUpperCase() === parts.get("FREQ"));
  const interval = counted(parts.get("INTERVAL"), 1);
  const days = parts.get("BYDAY")?.split(",") ?? [];
  const on = WEEKDAYS.filter((day) => days.includes(day));
  if (!every || !interval || on.length < days.length || (on.length > 0 && every !== "weekly")) return undefined;
  const [, year, month, date] = /^(\d{4})(\d\d)(\d\d)/.exec(parts.get("UNTIL") ?? "") ?? [];
  const times = counted(parts.get("COUNT"));
  if ((parts.has("UNTIL") && !year) || (parts.has("COUNT") && (!times || year))) return undefined;
  return { every, interval, on, ...(year && { until: `${year}-${month}-${date}` }), ...(times && { times }) };
}

/** The rule as the API takes it. */
export function ruleText({ every, interval, on, until, times }: Rule): string {
  const parts = [
    `FREQ=${every.toUpperCase()}`,
    interval > 1 && `INTERVAL=${interval}`,
    every === "weekly" && on.length > 0 && `BYDAY=${WEEKDAYS.filter((day) => on.includes(day)).join(",")}`,
    until && `UNTIL=${until.replaceAll("-", "")}`,
    times && `COUNT=${times}`,
  ];
  return parts.filter(Boolean).join(";");
}

/** The name of a day of the week. */
export const weekdayName = (day: Weekday, locale: string, weekday: "long" | "short" = "long"): string =>
  // The first of January 2024 was a Monday.
  new Intl.DateTimeFormat(locale, { weekday, timeZone: "UTC" }).format(Date.UTC(2024, 0, 1 + WEEKDAYS.indexOf(day)));

/** A rule as a sentence. */
export function sayRule(text: string, t: TFunction, { locale, list }: Pick<Formats, "locale" | "list">): string {
  const rule = readRule(text);
  if (!rule) return t("tasks.repeat.own", { rule: text });
  const { every, interval, on, until, times } = rule;
  let said: string = t(`tasks.repeat.${every}`, { count: interval });
  if (interval === 1 && on.join() === "MO,TU,WE,TH,FR") said = t("tasks.repeat.workdays");
  else if (on.length > 0)
    said = t("tasks.repeat.on", { every: said, days: list(on.map((day) => weekdayName(day, locale))) });
  if (until) {
    const day = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
    return t("tasks.repeat.until", { every: said, day: day.format(new Date(`${until}T12:00:00Z`)) });
  }
  return times ? t("tasks.repeat.times", { every: said, count: times }) : said;
}
