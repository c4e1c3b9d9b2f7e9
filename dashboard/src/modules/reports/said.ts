import type { TFunction } from "i18next";
import { digitsOf, major, money } from "@/ui/money";
import type { Line, Numbered, Report, Table, Unit } from "./data";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** What a number says, in the reader's way of writing. */
export function said(
  t: TFunction,
  locale: string,
  unit: Unit,
  value: number | null | undefined,
  currency?: string | null,
) {
  if (value === undefined || value === null) return t("reports.none");
  switch (unit) {
    case "money":
      return money(value, currency ?? "USD", locale);
    case "share":
      return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(value / 10_000);
    case "seconds": {
      const [key, count] = value >= DAY ? (["daysLong", value / DAY] as const) : (["hoursLong", value / HOUR] as const);
      return t(`reports.${key}`, { count: Math.round(count * 10) / 10 });
    }
    default:
      return new Intl.NumberFormat(locale).format(value);
  }
}

/** Of which sums a converted one is made. */
const MADE_OF: Record<string, string> = { won_home: "won_value", open_home: "open_value", weighted_home: "open_value" };

/** Whether nothing of what a figure tells could be converted: that is no sum of nothing. */
export const isRateless = ({ tables }: Pick<Report, "tables">, { key, numbers }: Report["figures"][number]): boolean =>
  MADE_OF[key] !== undefined &&
  numbers.every(({ value }) => !value) &&
  tables.some((table) => table.key === "not_converted" && table.columns[0]?.key === MADE_OF[key]);

/** How much a number changed, in words that say in which direction. */
export function changed(t: TFunction, locale: string, unit: Unit, { value, before, currency }: Numbered) {
  if (typeof value !== "number" || typeof before !== "number") return undefined;
  const change = value - before;
  if (change === 0) return t("reports.same");
  const size = Math.abs(change);
  const points = size / 100;
  const text =
    unit === "share"
      ? t("reports.points", {
          count: points,
          change: new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(points),
        })
      : said(t, locale, unit, size, currency);
  return t(change > 0 ? "reports.up" : "reports.down", { change: text });
}

const days = new Map<string, Intl.DateTimeFormat>();
const format = (locale: string, options: Intl.DateTimeFormatOptions) => {
  const key = locale + JSON.stringify(options);
  const known = days.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
  days.set(key, known);
  return known;
};
const DATED = { day: "numeric", month: "short", year: "numeric" } as const;
const noon = (day: string) => new Date(`${day}T12:00:00Z`);

/** From one day of the calendar to another, without saying twice what they share; no zone moves them. */
export const daysOf = (locale: string, from: string, until: string) =>
  format(locale, DATED).formatRange(noon(from), noon(until));

/** What a line is about. */
export function lineOf(
  t: TFunction,
  locale: string,
  table: Table,
  { label }: Line,
  members: Map<string, string>,
): string {
  if (label.word) return t(`reports.labels.${label.word}` as "reports.labels.won");
  switch (table.dimension) {
    case "time":
      if (!label.from) return t("reports.labels.undated");
      if (label.until && label.until !== label.from)
        return format(locale, { month: "short", year: "numeric" }).format(noon(label.from));
      return format(locale, { day: "numeric", month: "short" }).format(noon(label.from));
    case "member":
      return label.member ? (members.get(label.member) ?? t("reports.member")) : t("reports.labels.nobody");
    case "company_status":
    case "company_tier":
      return t(`reports.labels.${label.text ?? "unsaid"}` as "reports.labels.unsaid");
    default:
      return label.text ?? t("reports.labels.unsaid");
  }
}

/** How tall something is drawn: money in main units, so that a yen is not a hundredth. */
export const size = (unit: Unit, { value, currency }: Numbered): number =>
  unit === "money" && currency && digitsOf(currency) > 0 ? major(value ?? 0, currency) : (value ?? 0);
