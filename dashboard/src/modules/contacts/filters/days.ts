/** The day of a moment where the tenant is, as a date field writes it. */
export function dayOf(moment: string, zone: string | undefined): string {
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return "";
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(
    at,
  );
}

/** The moment at which a day begins where the tenant is. */
export function momentOf(day: string, zone: string | undefined): string {
  const guess = new Date(`${day}T00:00:00Z`);
  // Twice, because the shift may differ at the moment that was found first.
  const first = new Date(guess.getTime() - shift(guess, zone));
  return new Date(guess.getTime() - shift(first, zone)).toISOString();
}

/** Milliseconds that a zone's clocks are ahead of UTC. */
function shift(at: Date, zone: string | undefined): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  const there = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return there - Math.floor(at.getTime() / 1000) * 1000;
}

/** Days that are other ones tomorrow, as the API takes them, in the order in which they are offered. */
export const MOVING: readonly string[] = [
  ...["today", "today-1", "today-7", "today-14", "today-30", "today-90", "today-180", "today-365"],
  ...["today+1", "today+7", "today+14", "today+30", "today+90"],
  ...["week", "week-1", "week+1", "month", "month-1", "month+1"],
  ...["quarter", "quarter-1", "quarter+1", "year", "year-1", "year+1"],
];

const MOVES = /^(today|week|month|quarter|year)([+-]\d{1,5})?$/;

/** Whether a filter names a day by what day it is. */
export const isMoving = (value: string): boolean => MOVES.test(value);

/** What such a day is called: 7 days ago, this month. */
export function movingDay(value: string, locale: string): string {
  const [, unit = "", shift = "0"] = MOVES.exec(value) ?? [];
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return words.format(Number(shift), unit === "today" ? "day" : (unit as Intl.RelativeTimeFormatUnit));
}
