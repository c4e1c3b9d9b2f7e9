import { type Box, overlap, type Point, px, textWidth } from "../base/place";

/** How far a step is. */
export type StepState = "done" | "current" | "next";

/** One step of an ordered process. The last one is the goal. */
export interface Step {
  id: string;
  label: string;
  note?: string;
  state: StepState;
}

/** A condition that leads past steps. */
export interface Skip {
  from: string;
  to: string;
  /** The rule ("if no pain"). */
  label: string;
}

export interface Transfer {
  skip: Skip;
  path: string;
  /** Room of the rule's text, centred; undefined when it would cover another. */
  label?: Box;
}

export interface TrajectoryPlan {
  points: Point[];
  /** The whole arc, and the part that is behind. */
  arc: string;
  past: string;
  transfers: Transfer[];
  /** The most that each label may take, in pixels; 0 when steps stand too close for names. */
  rooms: number[];
  baseline: number;
}

/** Below this width labels are a phone's. */
export const NARROW = 560;
const RULE_SIZE = 11;
/** Names of steps are set a little narrower than the rule's letters are reckoned. */
const LABEL_SIZE = 11.5;
const RULE_MOST = 180;

/** The height of a drawing with this many levels of transfer curves. */
export function heightOf(levels: number, narrow: boolean): number {
  return (narrow ? 108 : 124) + Math.max(0, levels - 1) * 20;
}

/** How many levels of curves are needed so that those over the same steps do not run into each other. */
export function levelsOf(steps: readonly Step[], skips: readonly Skip[]): Map<Skip, number> {
  const index = new Map(steps.map(({ id }, k) => [id, k]));
  const spans = skips
    .flatMap((skip) => {
      const [from, to] = [index.get(skip.from), index.get(skip.to)];
      return from === undefined || to === undefined || to <= from ? [] : [{ skip, from, to }];
    })
    .sort((a, b) => a.to - a.from - (b.to - b.from) || a.from - b.from);
  const levels = new Map<Skip, number>();
  const rows: { from: number; to: number }[][] = [];
  for (const { skip, from, to } of spans) {
    let level = rows.findIndex((row) => row.every((other) => to <= other.from || from >= other.to));
    if (level < 0) level = rows.push([]) - 1;
    (rows[level] as { from: number; to: number }[]).push({ from, to });
    levels.set(skip, level);
  }
  return levels;
}

/** A shallow arc with a body for each step. */
export function plan(steps: readonly Step[], skips: readonly Skip[], width: number, rtl: boolean): TrajectoryPlan {
  const narrow = width < NARROW;
  const levels = levelsOf(steps, skips);
  const extra = Math.max(0, Math.max(0, ...[...levels.values()].map((level) => level + 1)) - 1) * 20;
  const lift = narrow ? 16 : 24;
  const baseline = (narrow ? 64 : 74) + extra;
  const height = (x: number) => baseline - lift * (1 - ((x - width / 2) / (width / 2)) ** 2);
  const last = steps.length - 1;
  const margin = Math.min(narrow ? 0.12 : 0.16, 0.5 / Math.max(1, steps.length));
  const points = steps.map((_, k) => {
    const share = last === 0 ? 0.5 : margin + ((1 - 2 * margin) * k) / last;
    const x = width * (rtl ? 1 - share : share);
    return { x, y: height(x) };
  });
  const apart = last > 0 ? (width * (1 - 2 * margin)) / last : width * 0.8;
  const current = Math.max(
    steps.findIndex(({ state }) => state === "current"),
    steps.findLastIndex(({ state }) => state === "done"),
  );
  return {
    points,
    arc: curve(0, width, height),
    past: current > 0 ? curve((points[0] as Point).x, (points[current] as Point).x, height) : "",
    transfers: transfers(steps, points, levels),
    rooms: apart >= 64 ? roomsOf(steps, points, apart, width) : steps.map(() => 0),
    baseline,
  };
}

/** What a label may take: its part of the way to its neighbours, and of theirs what their short names leave. */
function roomsOf(steps: readonly Step[], points: readonly Point[], apart: number, width: number): number[] {
  const edge = 2 * Math.min(points[0]?.x ?? 0, width - (points[0]?.x ?? 0));
  const own = Math.min(apart - 8, edge);
  const names = steps.map(({ label }) => textWidth(label, LABEL_SIZE, width));
  return steps.map((_, k) => {
    const beside = Math.max(names[k - 1] ?? 0, names[k + 1] ?? 0);
    const free = beside > own ? own : 2 * apart - beside - 8;
    const most = k === 0 || k === steps.length - 1 ? edge : width;
    return Math.floor(Math.max(own, Math.min(free, most)));
  });
}

/** The arc between two points: a parabola, so one quadratic curve is exact. */
function curve(from: number, to: number, height: (x: number) => number): string {
  const middle = (from + to) / 2;
  const control = 2 * height(middle) - (height(from) + height(to)) / 2;
  return `M${px(from)} ${px(height(from))}Q${px(middle)} ${px(control)} ${px(to)} ${px(height(to))}`;
}

/** Dashed curves over the bodies that they skip; each level is higher than the one below. */
function transfers(steps: readonly Step[], points: readonly Point[], levels: ReadonlyMap<Skip, number>): Transfer[] {
  const indexOf = (id: string) => steps.findIndex((step) => step.id === id);
  const taken: Box[] = [];
  return [...levels].map(([skip, level]) => {
    const passed = points.slice(indexOf(skip.from), indexOf(skip.to) + 1);
    const [from, to] = [passed[0] as Point, passed.at(-1) as Point];
    const lean = Math.sign(to.x - from.x) * Math.min(50, Math.abs(to.x - from.x) / 3);
    const up = 44 + level * 26;
    const top = Math.min(...passed.map(({ y }) => y)) - 11;
    const path = `M${px(from.x)} ${px(from.y - 12)}C${px(from.x + lean)} ${px(top - up + 12)} ${px(to.x - lean)} ${px(top - up)} ${px(to.x)} ${px(to.y - 11)}`;
    // Three quarters of the way up to its controls is where such a curve has its top.
    const y = top - (up - 6) * 0.75;
    const length = textWidth(skip.label, RULE_SIZE, Math.min(RULE_MOST, Math.abs(to.x - from.x)));
    const label = { x: (from.x + to.x) / 2 - length / 2, y: y - 8, width: length, height: 16 };
    const hidden = taken.some((other) => overlap(label, other));
    if (!hidden) taken.push(label);
    return { skip, path, ...(!hidden && { label }) };
  });
}
