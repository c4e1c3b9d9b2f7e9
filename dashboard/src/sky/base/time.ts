/** A point in time as the API gives it (RFC 3339), or in milliseconds since the epoch. */
export type Moment = number | string;

/** What the clock on the wall shows. `month` counts from 1. */
export interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

/** Two instants in milliseconds, the first not after the second. */
export type Span = readonly [from: number, to: number];

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const DAY = 86_400_000;

/** Milliseconds since the epoch; NaN when the text is no time. */
export const ms = (moment: Moment): number => (typeof moment === "number" ? moment : Date.parse(moment));

const clocks = new Map<string, Intl.DateTimeFormat>();

function clock(zone: string): Intl.DateTimeFormat {
  let found = clocks.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
    clocks.set(zone, found);
  }
  return found;
}

/** What clocks in `zone` (an IANA name) show at an instant. */
export function wall(at: number, zone: string): Wall {
  const shown = { year: 0, month: 0, day: 0, hour: 0, minute: 0 };
  for (const { type, value } of clock(zone).formatToParts(at)) if (type in shown) shown[type as keyof Wall] = +value;
  return shown;
}

/** How far clocks in `zone` are ahead of UTC, in milliseconds. */
function offset(at: number, zone: string): number {
  const w = wall(at, zone);
  return Date.UTC(w.year, w.month - 1, w.day, w.hour, w.minute) - Math.floor(at / MINUTE) * MINUTE;
}

/**
 * The instant at which clocks in `zone` show this hour. An hour that the spring change skips is the first moment after
 * it; one that autumn repeats is the first of the two. `day` may run over the end of the month.
 */
export function instant(year: number, month: number, day: number, hour: number, zone: string): number {
  const wanted = Date.UTC(year, month - 1, day, hour);
  const [before, after] = [offset(wanted - DAY, zone), offset(wanted + DAY, zone)];
  const fits = [wanted - before, wanted - after].filter((at) => at + offset(at, zone) === wanted);
  return fits.length > 0 ? Math.min(...fits) : wanted - before;
}

/** Today from midnight to midnight: 23 or 25 hours long when the clocks change. */
export function dayOf(now: number, zone: string): Span {
  const { year, month, day } = wall(now, zone);
  return [instant(year, month, day, 0, zone), instant(year, month, day + 1, 0, zone)];
}

/** Today between two hours of the wall clock. */
export function hoursOf(now: number, zone: string, from: number, to: number): Span {
  const { year, month, day } = wall(now, zone);
  return [instant(year, month, day, from, zone), instant(year, month, day, to, zone)];
}

/** The midnights after `from` and before `to`. */
export function midnights([from, to]: Span, zone: string): number[] {
  const { year, month, day } = wall(from, zone);
  const found: number[] = [];
  for (let k = 1; ; k++) {
    const at = instant(year, month, day + k, 0, zone);
    if (at >= to) return found;
    found.push(at);
  }
}

/** Every full hour in a span, with what the clock shows: 02 comes twice in an autumn night and never in a spring one. */
export function hours([from, to]: Span, zone: string): { at: number; hour: number }[] {
  const found: { at: number; hour: number }[] = [];
  // Every zone in use keeps to quarters of an hour.
  for (let at = Math.ceil(from / QUARTER) * QUARTER; at <= to; at += QUARTER) {
    const { hour, minute } = wall(at, zone);
    if (minute === 0) found.push({ at, hour });
  }
  return found;
}

/**
 * `usual`, widened to full hours until it holds every moment of `day` that is given: nothing that happened early or
 * late is left out. Moments of other days do not count.
 */
export function widen(usual: Span, day: Span, moments: readonly number[], zone: string): Span {
  let [from, to] = usual;
  for (const at of moments) {
    if (!(at >= day[0] && at < day[1])) continue;
    const past = wall(at, zone).minute * MINUTE + (((at % MINUTE) + MINUTE) % MINUTE);
    if (at < from) from = Math.max(day[0], at - past);
    if (at > to) to = Math.min(day[1], at - past + 60 * MINUTE);
  }
  return [from, to];
}

/** Whether two instants fall on the same date in `zone`. */
export function sameDay(a: number, b: number, zone: string): boolean {
  const [x, y] = [wall(a, zone), wall(b, zone)];
  return x.day === y.day && x.month === y.month && x.year === y.year;
}
