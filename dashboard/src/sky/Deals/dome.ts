import { type Box, clamp, overlap, type Point, textWidth, within } from "../base/place";
import { bodyRadius, type Deal, median, mergeDeals, type Stage } from "./deal";
import type { DealMark } from "./orbits";

export interface DomeLabel {
  box: Box;
  /** Where in its box the text stands. */
  align: "left" | "center" | "right";
  deal: Deal;
}

export interface DomePlan {
  centre: Point;
  /** Outer radius, and that of the ring round the sun. */
  radius: number;
  core: number;
  /** Outer radius of each open stage, the first at the rim. */
  rings: number[];
  spokes: { from: Point; to: Point }[];
  marks: DealMark[];
  labels: DomeLabel[];
}

/** Days from the left edge to the right one. */
const HORIZON = 90;
/** How far a body may give way to another one of its ring, in radians: some ten days. */
const GIVES = 0.35;
const NAMES = 3;
/** A name's size and the most it may take; the style sheet uses the same. */
export const NAME_SIZE = 11.5;
export const NAME_MOST = 140;

/** Half a sky over the open stages: the rim is new, the centre is won, time runs with the reading direction. */
export function plan(open: readonly Stage[], width: number, height: number, rtl: boolean): DomePlan {
  const centre = { x: width / 2, y: height - 26 };
  const radius = Math.max(40, Math.min(width / 2 - 14, height - 44));
  const core = Math.min(30, radius / 4);
  const rings = open.map((_, index) => core + ((radius - core) * (open.length - index)) / open.length);
  const middle = median(open.flatMap(({ deals }) => deals.map(({ value }) => value)));
  const scale = clamp(radius / 190, 0.8, 1.3);
  const polar = (angle: number, r: number): Point => ({
    x: centre.x + (rtl ? 1 : -1) * Math.cos(angle) * r,
    y: centre.y - Math.sin(angle) * r,
  });
  const marks = open.flatMap(({ deals }, index) => {
    const [outer, inner] = [rings[index] as number, rings[index + 1] ?? core];
    const orbit = (outer + inner) / 2;
    const bodies = mergeDeals(deals).map((deal) => ({
      deal,
      angle: 0.094 + (clamp(deal.days, 0, HORIZON) / HORIZON) * (Math.PI - 0.188),
      // A body larger than its ring would stand in the neighbours' rings too.
      radius: Math.min(bodyRadius(deal.value, middle) * scale, (outer - inner) / 2.4),
    }));
    // Whatever is past the horizon would stand on one spot, where only one of them can be pressed.
    let next = { angle: Number.POSITIVE_INFINITY, radius: 0 };
    return bodies
      .sort((a, b) => b.angle - a.angle)
      .map(({ deal, angle, radius }): DealMark => {
        const apart = next.angle - (radius + next.radius + 2) / orbit;
        next = { angle: Math.min(angle, Math.max(apart, angle - GIVES, 0.094)), radius };
        return { deal, radius, ...polar(next.angle, orbit) };
      });
  });
  const spokes = [1, 2, 3, 4, 5].map((k) => ({
    from: polar((Math.PI * k) / 6, core),
    to: polar((Math.PI * k) / 6, radius),
  }));
  const captions = open.map(({ name }, index) => {
    const length = textWidth(name, 11, NAME_MOST);
    return { x: centre.x - length / 2, y: centre.y - (rings[index] as number) + 2, width: length, height: 16 };
  });
  return { centre, radius, core, rings, spokes, marks, labels: name(marks, captions, width, height) };
}

/** Names the largest bodies that are hot or at risk, each on a side where it covers no other body and no other text. */
function name(marks: readonly DealMark[], captions: readonly Box[], width: number, height: number) {
  const taken = [...captions];
  const labels: DomeLabel[] = [];
  const worth = marks.filter(({ deal }) => deal.state === "hot" || deal.atRisk);
  for (const mark of worth.sort((a, b) => b.deal.value - a.deal.value).slice(0, NAMES)) {
    const length = textWidth(mark.deal.name, NAME_SIZE, NAME_MOST);
    const away = mark.radius + 6;
    const sides: [x: number, y: number, align: DomeLabel["align"]][] = [
      [mark.x + away, mark.y - 8, "left"],
      [mark.x - away - length, mark.y - 8, "right"],
      [mark.x - length / 2, mark.y + away - 3, "center"],
      [mark.x - length / 2, mark.y - away - 13, "center"],
    ];
    const others = marks
      .filter((other) => other !== mark)
      .map(({ x, y, radius: r }) => ({ x: x - r, y: y - r, width: 2 * r, height: 2 * r }));
    for (const [x, y, align] of sides) {
      const box = { x, y, width: length, height: 16 };
      if (!within(box, width, height - 26) || [...taken, ...others].some((other) => overlap(box, other, 1))) continue;
      labels.push({ box, align, deal: mark.deal });
      taken.push(box);
      break;
    }
  }
  return labels;
}
