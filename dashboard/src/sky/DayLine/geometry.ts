import { clamp, textWidth, timeline } from "../base/place";
import { dayOf, hours, hoursOf, type Moment, ms, type Span, widen } from "../base/time";

/** Something that has its time today. */
export interface DayEvent {
  id: string;
  at: Moment;
  title: string;
  href: string;
  done: boolean;
  /** Who it is with. */
  person?: string;
  /** The one thing to do about it. */
  action?: { label: string; href: string };
}

export interface DayDot {
  x: number;
  done: boolean;
  event: DayEvent;
  at: number;
}

export interface DayPlan {
  span: Span;
  xOf: (at: number) => number;
  ticks: { x: number; big: boolean }[];
  /** Every event of today, in the order of time. */
  dots: DayDot[];
  /** What is drawn: of dots of one sort that lie on the same few pixels only the first. */
  drawn: DayDot[];
}

const PAD = 24;
/** Below this width the line begins at 09:00 and ends at 19:00. */
export const NARROW = 600;
/** Dots of one sort that are closer than this look like one. */
const SAME = 4;

/** Lays today out on a line. Hours are added when something lies before or after the usual ones. */
export function plan(
  events: readonly DayEvent[],
  now: number,
  zone: string,
  width: number,
  rtl: boolean,
  usual: Span = width < NARROW ? hoursOf(now, zone, 9, 19) : hoursOf(now, zone, 6, 21),
): DayPlan {
  const day = dayOf(now, zone);
  const today = events
    .map((event) => ({ event, at: ms(event.at), done: event.done }))
    .filter(({ at }) => at >= day[0] && at < day[1])
    .sort((a, b) => a.at - b.at);
  const span = widen(usual, day, [now, ...today.map(({ at }) => at)], zone);
  const xOf = timeline(span, PAD, Math.max(PAD + 1, width - PAD), rtl);
  const dots = today.map((dot) => ({ ...dot, x: xOf(dot.at) }));
  const drawn: DayDot[] = [];
  for (const done of [true, false]) {
    let last = Number.NaN;
    for (const dot of dots) {
      if (dot.done !== done || Math.abs(dot.x - last) < SAME) continue;
      drawn.push(dot);
      last = dot.x;
    }
  }
  return {
    span,
    xOf,
    ticks: hours(span, zone).map(({ at, hour }) => ({ x: xOf(at), big: hour % 3 === 0 })),
    dots,
    drawn,
  };
}

/** Dots that a pointer could not tell apart: one place to press, for one of them or for several. */
export interface DayHit {
  x: number;
  dots: DayDot[];
}

/** Joins the nearest dots until no two places are closer than `gap`; each place stands in the middle of its dots. */
export function hits(dots: readonly DayDot[], gap: number): DayHit[] {
  const found: DayHit[] = [...dots].sort((a, b) => a.x - b.x).map((dot) => ({ x: dot.x, dots: [dot] }));
  const middle = (all: readonly DayDot[]) => all.reduce((sum, { x }) => sum + x, 0) / all.length;
  for (;;) {
    let at = -1;
    let least = gap;
    for (let n = 1; n < found.length; n++) {
      const apart = (found[n]?.x ?? 0) - (found[n - 1]?.x ?? 0);
      if (apart >= least) continue;
      least = apart;
      at = n;
    }
    const [one, two] = [found[at - 1], found[at]];
    if (!one || !two) break;
    const both = [...one.dots, ...two.dots];
    found.splice(at - 1, 2, { x: middle(both), dots: both });
  }
  // Whoever goes from one to the next goes through the day.
  for (const { dots: all } of found) all.sort((a, b) => a.at - b.at);
  return found.sort((a, b) => (a.dots[0]?.at ?? 0) - (b.dots[0]?.at ?? 0));
}

/** The label's size; the style sheet uses the same. */
const SIZE = 11.5;
const MOST = 240;

/** Left edge and width of the two labels above the line: the sun's time and the name of what is next. */
export function labels(
  width: number,
  sunX: number,
  time: string,
  next: { x: number; text: string } | undefined,
  rtl: boolean,
): { sun: { x: number; width: number }; next?: { x: number; width: number } } {
  const sunWidth = textWidth(time, SIZE, 80);
  const keep = (x: number, length: number) => clamp(x, 4, Math.max(4, width - 4 - length));
  const sun = { x: keep(sunX - sunWidth / 2, sunWidth), width: sunWidth };
  if (!next || width < NARROW) return { sun };
  const nextWidth = textWidth(next.text, SIZE, MOST);
  const name = { x: keep(rtl ? next.x + 4 - nextWidth : next.x - 4, nextWidth), width: nextWidth };
  if (name.x < sun.x + sun.width + 8 && sun.x < name.x + name.width + 8) {
    // The name keeps its place over the dot; the time steps back to the side where the past is.
    sun.x = rtl ? name.x + name.width + 8 : name.x - 8 - sun.width;
    if (sun.x < 4) {
      sun.x = 4;
      name.x = 4 + sun.width + 8;
    } else if (sun.x + sun.width > width - 4) {
      sun.x = width - 4 - sun.width;
      name.x = sun.x - 8 - name.width;
    }
  }
  return { sun, next: name };
}
