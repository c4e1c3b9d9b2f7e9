import type { Span } from "./time";

/** A rectangle in CSS pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A point in CSS pixels. */
export interface Point {
  x: number;
  y: number;
}

/** Whether two rectangles share any area, with `gap` pixels of air between them counted in. */
export const overlap = (a: Box, b: Box, gap = 0): boolean =>
  a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap;

/** Whether a point lies in a rectangle grown by `gap`. */
export const inside = ({ x, y }: Point, box: Box, gap = 0): boolean =>
  x > box.x - gap && x < box.x + box.width + gap && y > box.y - gap && y < box.y + box.height + gap;

/** Whether a rectangle lies in the drawing. */
export const within = (box: Box, width: number, height: number): boolean =>
  box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;

export const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** The drawing's pixel for an instant; time runs with the reading direction. */
export function timeline([from, to]: Span, left: number, right: number, rtl = false): (at: number) => number {
  const length = Math.max(1, to - from);
  return (at) => {
    const share = (at - from) / length;
    return left + (rtl ? 1 - share : share) * (right - left);
  };
}

/** What is left of a vertical line between `top` and `bottom` when the boxes that it crosses at `x` are cut out. */
export function free(top: number, bottom: number, x: number, boxes: readonly Box[], gap: number): Span[] {
  let left: Span[] = bottom > top ? [[top, bottom]] : [];
  for (const box of boxes) {
    if (x <= box.x - gap || x >= box.x + box.width + gap) continue;
    const [low, high] = [box.y - gap, box.y + box.height + gap];
    left = left.flatMap(([a, b]): Span[] => {
      if (high <= a || low >= b) return [[a, b]];
      const parts: Span[] = [
        [a, low],
        [high, b],
      ];
      return parts.filter(([from, to]) => to > from);
    });
  }
  return left;
}

/** The point at `share` (0 to 1) of intervals laid end to end; undefined when there is no room at all. */
export function along(spans: readonly Span[], share: number): number | undefined {
  let rest = share * spans.reduce((sum, [a, b]) => sum + b - a, 0);
  for (const [a, b] of spans) {
    if (rest <= b - a) return a + rest;
    rest -= b - a;
  }
  return spans.at(-1)?.[1];
}

const WIDE =
  /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]|\p{Extended_Pictographic}/u;

/**
 * Rather too wide than too narrow a guess at how many pixels a line of text takes, never more than `most`, at which the
 * style sheet cuts it. Measuring would need a layout for each label.
 */
export function textWidth(text: string, size: number, most: number): number {
  let width = 0;
  for (const char of text) {
    width += size * (WIDE.test(char) ? 1.1 : 0.57);
    if (width >= most) return most;
  }
  return Math.ceil(width);
}

/** The nearest of `points` within `reach` pixels: a star is a pixel or two wide and nobody can hit that. */
export function nearest<P extends Point>(points: readonly P[], { x, y }: Point, reach: number): P | undefined {
  let best: P | undefined;
  let least = reach;
  for (const point of points) {
    const distance = Math.hypot(point.x - x, point.y - y);
    if (distance <= least) [best, least] = [point, distance];
  }
  return best;
}

/** Coordinates in path data: a tenth of a pixel is finer than any screen shows, and the text is a third as long. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);

/** Many dots as one path: short strokes with round ends. One node, where circles would be hundreds. */
export const dots = (points: readonly Point[]): string => points.map(({ x, y }) => `M${px(x)} ${px(y)}h.01`).join("");

/** Many rings as one path. */
export const rings = (points: readonly Point[], r: number): string =>
  points.map(({ x, y }) => `M${px(x - r)} ${px(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`).join("");
