import { hash } from "../base/hash";
import {
  along,
  type Box,
  clamp,
  free,
  inside,
  overlap,
  type Point,
  px,
  textWidth,
  timeline,
  within,
} from "../base/place";
import { dayOf, hours, hoursOf, type Moment, ms, type Span, widen } from "../base/time";
import { merge, type StarEvent } from "./merge";

/** An appointment on the planet's edge. */
export interface SkyBody {
  id: string;
  at: Moment;
  title: string;
  href?: string;
}

/** The contact with the most touches today, drawn as lines between those events. */
export interface Constellation {
  contactId: string;
  /** The contact's name. */
  label: string;
  /** What the events add up to ("5 touches, deposit paid"). */
  note?: string;
  eventIds: readonly string[];
}

/** A day: what happened, what is planned, who was busiest. */
export interface SkyDay {
  now: Moment;
  /** IANA zone of the workspace. */
  zone: string;
  /** Where the drawing begins and ends; 06:00 to 21:00 when absent, wider when events lie outside. */
  from?: Moment;
  to?: Moment;
  stars: readonly StarEvent[];
  bodies: readonly SkyBody[];
  constellation?: Constellation;
}

/** The room for a drawing. */
export interface Canvas {
  width: number;
  height: number;
  rtl: boolean;
  /** What stays free of stars and names: the headline and the legend, measured. */
  clear: readonly Box[];
}

export interface Star extends Point {
  event: StarEvent;
  at: number;
  radius: number;
}

export interface Label {
  box: Box;
  /** The side of the box at which the text stands. */
  side: "left" | "right";
}

export interface Body extends Point {
  body: SkyBody;
  at: number;
  label?: Label;
}

/** Everything that the sky's drawing needs, in pixels. None of it depends on the minute: nothing moves as time passes. */
export interface SkyPlan {
  narrow: boolean;
  span: Span;
  /** The planet's edge as path data, and its height at an x. */
  limb: string;
  edge: (x: number) => number;
  xOf: (at: number) => number;
  graticule: string;
  ticks: { x: number; y: number; hour?: number; at: number }[];
  stars: Star[];
  bodies: Body[];
  /** Lines between the constellation's stars, and the place of its name. */
  lines: string;
  name?: Label;
}

/** Below this width the sky is a phone's. */
export const NARROW = 600;
/** Radius of a star by weight. */
export const RADII = [0.9, 1.25, 1.8, 2.6] as const;
const LABEL_HEIGHT = 17;
const LABEL_MOST = 210;
/** A label's size: the style sheet uses the same. */
export const LABEL_SIZE = 11.5;
/** How far above the edge a name may stand. */
const LEVELS = [32, 56, 80, 104, 128];
/** On a phone the one name stands over the stars. */
const HIGH = [80, 56, 32];

/** The hours that a drawing of `width` shows. */
export function spanOf(day: SkyDay, width: number): Span {
  const now = ms(day.now);
  const base = width < NARROW ? hoursOf(now, day.zone, 9, 19) : hoursOf(now, day.zone, 6, 21);
  const usual: Span = [day.from === undefined ? base[0] : ms(day.from), day.to === undefined ? base[1] : ms(day.to)];
  const moments = [now, ...day.stars.map(({ at }) => ms(at)), ...day.bodies.map(({ at }) => ms(at))];
  return widen(usual, dayOf(now, day.zone), moments, day.zone);
}

/** Lays the day out: edge, hours, appointments with their names, then stars in what room is left. */
export function plan(day: SkyDay, canvas: Canvas): SkyPlan {
  const { width, height, rtl } = canvas;
  const narrow = width < NARROW;
  const span = spanOf(day, width);
  const pad = narrow ? 14 : 36;
  const xOf = timeline(span, pad, width - pad, rtl);
  const rise = narrow ? 26 : 56;
  const foot = height - (narrow ? 34 : 30);
  const edge = (x: number) => foot - rise * (1 - ((x - width / 2) / (width / 2)) ** 2);
  const now = ms(day.now);
  const bodies = placeBodies(day, canvas, span, xOf, edge, now);
  const labels = bodies.flatMap(({ label }) => (label ? [label.box] : []));
  const stars = merge(day.stars, now).filter(({ at }) => ms(at) >= span[0] && ms(at) <= span[1]);
  const put = (boxes: readonly Box[]) => (event: StarEvent) => placeStar(event, canvas, xOf, edge, boxes);
  const joined = narrow ? undefined : day.constellation;
  const chosen = new Set(joined?.eventIds);
  const figure = stars.filter(({ id }) => chosen.has(id)).map(put(labels));
  const name = joined && figure.length > 1 ? placeName(joined, figure, canvas, labels) : undefined;
  const others = stars.filter(({ id }) => !chosen.has(id)).map(put(name ? [...labels, name.box] : labels));
  return {
    narrow,
    span,
    limb: `M0 ${px(foot)}Q${px(width / 2)} ${px(foot - 2 * rise)} ${px(width)} ${px(foot)}`,
    edge,
    xOf,
    graticule: graticule(width, height, foot, rise, narrow, span, day.zone, xOf, edge),
    ticks: ticks(span, day.zone, xOf, edge, width, rtl),
    stars: [...others, ...figure],
    bodies,
    lines: joined ? joinStars(figure) : "",
    ...(name && { name }),
  };
}

/**
 * A star stands at its own minute, at a height that comes from its id. Only when a label covers that place does it
 * take another, from the same id, so that a new star or name moves no star that it does not cover.
 */
function placeStar(
  event: StarEvent,
  { clear }: Canvas,
  xOf: (at: number) => number,
  edge: (x: number) => number,
  boxes: readonly Box[],
): Star {
  const at = ms(event.at);
  const x = xOf(at);
  const radius = RADII[clamp(Math.round(event.weight), 1, 4) - 1] ?? RADII[0];
  const bottom = edge(x) - 26;
  const top = Math.min(78, bottom - 40);
  const open = free(top, bottom, x, clear, 10);
  // A little more room at the top, where the sky is dark.
  const wanted = along(open, hash(event.id) ** 1.15) ?? bottom;
  const covered = boxes.some((box) => overlap({ x, y: wanted, width: 0, height: 0 }, box, radius + 4));
  const y = covered ? (along(free(top, bottom, x, [...clear, ...boxes], 10), hash(event.id, 1)) ?? bottom) : wanted;
  return { event, at, x, y, radius };
}

/** Appointments stand on the edge. Of those to come as many as possible carry their names, the next ones first. */
function placeBodies(
  day: SkyDay,
  canvas: Canvas,
  span: Span,
  xOf: (at: number) => number,
  edge: (x: number) => number,
  now: number,
): Body[] {
  const placed: Body[] = day.bodies
    .map((body) => ({ body, at: ms(body.at) }))
    .filter(({ at }) => at >= span[0] && at <= span[1])
    .sort((a, b) => a.at - b.at)
    .map(({ body, at }) => ({ body, at, x: xOf(at), y: edge(xOf(at)) }));
  const coming = placed.filter(({ at }) => at > now);
  for (let count = Math.min(coming.length, canvas.width < NARROW ? 1 : 8); count > 0; count--) {
    const labels = placeNames(coming.slice(0, count), canvas);
    if (!labels && count > 1) continue;
    for (const [index, label] of (labels ?? []).entries()) (coming[index] as Body).label = label;
    break;
  }
  return placed;
}

/**
 * Names at the lowest height at which nothing collides; undefined when one of them finds no place. The last is placed
 * first: a name runs over the stems of those after it, so it has to stand above their names.
 */
function placeNames(bodies: readonly Body[], { width, clear, rtl }: Canvas): Label[] | undefined {
  const taken: Box[] = [...clear];
  const stems: Box[] = [];
  const labels: Label[] = [];
  for (const { body, x, y } of [...bodies].reverse()) {
    const length = textWidth(`00:00 ${body.title}`, LABEL_SIZE, LABEL_MOST);
    // Text runs away from the stem, and back over it where the drawing ends.
    const ahead = rtl ? x + 4 - length : x - 4;
    const left = clamp(ahead, 12, Math.max(12, width - 12 - length));
    const label = (width < NARROW ? HIGH : LEVELS)
      .map((level): Label => {
        const box = { x: left, y: y - level - LABEL_HEIGHT, width: length, height: LABEL_HEIGHT };
        return { box, side: left < ahead !== rtl ? "right" : "left" };
      })
      .find(({ box }) => {
        const foot = box.y + box.height;
        const stem = { x: x - 1, y: foot, width: 2, height: y - foot - 8 };
        const free = ![...taken, ...stems].some((other) => overlap(box, other, 3));
        return free && box.y > 50 && !taken.some((other) => overlap(stem, other, 3));
      });
    if (!label) return undefined;
    const foot = label.box.y + label.box.height;
    labels.unshift(label);
    taken.push(label.box);
    stems.push({ x: x - 1, y: foot, width: 2, height: y - foot - 8 });
  }
  return labels;
}

/** The constellation's name stands beside its heaviest star, on the first side where it covers nothing. */
function placeName(
  { label, note = "" }: Constellation,
  figure: readonly Star[],
  { width, height, clear, rtl }: Canvas,
  labels: readonly Box[],
): Label | undefined {
  const room = {
    width: Math.max(textWidth(label, LABEL_SIZE, LABEL_MOST), textWidth(note, LABEL_SIZE, LABEL_MOST)),
    height: 30,
  };
  const heaviest = [...figure].sort((a, b) => b.event.weight - a.event.weight || a.at - b.at);
  const dots = figure.map(({ x, y }) => ({ x: x - 3, y: y - 3, width: 6, height: 6 }));
  for (const { x, y } of heaviest) {
    const sides = [
      { x: x + 13, y: y - 26 },
      { x: x + 13, y: y + 2 },
      { x: x + 13, y: y - 14 },
      { x: x - 13 - room.width, y: y - 26 },
      { x: x - 13 - room.width, y: y + 2 },
      { x: x - 13 - room.width, y: y - 14 },
    ];
    for (const side of rtl ? [...sides.slice(3), ...sides.slice(0, 3)] : sides) {
      const box = { ...side, ...room };
      const free = ![...labels, ...dots, ...clear].some((other) => overlap(box, other, 4)) && !crossed(box, figure);
      if (free && within(box, width, height - 60)) return { box, side: box.x < x ? "right" : "left" };
    }
  }
  return undefined;
}

/** Whether a line of the constellation runs through a box. */
function crossed(box: Box, figure: readonly Star[]): boolean {
  const ordered = [...figure].sort((a, b) => a.at - b.at);
  return ordered.some((to, k) => {
    const from = ordered[k - 1];
    if (!from) return false;
    const steps = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 4) + 1;
    return Array.from({ length: steps }, (_, n) => n / steps).some((share) =>
      inside({ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }, box, 2),
    );
  });
}

/** Straight lines from star to star in the order of time, that stop short of the stars. */
function joinStars(figure: readonly Star[]): string {
  const ordered = [...figure].sort((a, b) => a.at - b.at);
  return ordered
    .slice(1)
    .map((to, k) => {
      const from = ordered[k] as Star;
      const length = Math.hypot(to.x - from.x, to.y - from.y);
      if (length < 16) return "";
      const [dx, dy] = [((to.x - from.x) * 7) / length, ((to.y - from.y) * 7) / length];
      return `M${px(from.x + dx)} ${px(from.y + dy)}L${px(to.x - dx)} ${px(to.y - dy)}`;
    })
    .join("");
}

/** Full hours on the edge; every second, third or sixth is named, as many as fit. */
function ticks(
  span: Span,
  zone: string,
  xOf: (at: number) => number,
  edge: (x: number) => number,
  width: number,
  rtl: boolean,
) {
  // On a phone the way to the list stands in the last corner.
  const corner = width < NARROW ? 62 : 10;
  const [low, high] = rtl ? [corner, width - 10] : [10, width - corner];
  const all = hours(span, zone);
  const apart =
    all.length > 1 ? Math.abs(xOf((all[1] as { at: number }).at) - xOf((all[0] as { at: number }).at)) : width;
  const step = [1, 2, 3, 6, 12].find((n) => n * apart >= (width < NARROW ? 64 : 88)) ?? 24;
  return all.map(({ at, hour }) => {
    const x = xOf(at);
    const named = hour % step === 0 && x > low && x < high;
    return { x, y: edge(x), at, ...(named && { hour }) };
  });
}

/** The atlas's grid: circles of altitude above the edge, and hour circles. */
function graticule(
  width: number,
  height: number,
  foot: number,
  rise: number,
  narrow: boolean,
  span: Span,
  zone: string,
  xOf: (at: number) => number,
  edge: (x: number) => number,
): string {
  let path = "";
  for (let k = 1; k <= 4; k++) {
    const up = k * (narrow ? 46 : 58);
    path += `M0 ${px(foot - up)}Q${px(width / 2)} ${px(foot - 2 * rise - up * 1.16)} ${px(width)} ${px(foot - up)}`;
  }
  for (const { at, hour } of hours(span, zone)) {
    if (hour % 2 !== 0) continue;
    const x = xOf(at);
    const lean = width / 2 - x;
    path += `M${px(x)} ${px(edge(x))}Q${px(x + lean * 0.1)} ${px(edge(x) - height * 0.55)} ${px(x + lean * 0.3)} -20`;
  }
  return path;
}
