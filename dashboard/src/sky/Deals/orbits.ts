import { hash } from "../base/hash";
import { clamp, type Point } from "../base/place";
import { bodyRadius, type Deal, median, mergeDeals, type Stage } from "./deal";

/** A body of a drawing of deals. */
export interface DealMark extends Point {
  deal: Deal;
  radius: number;
}

export interface Orbit {
  stageId: string;
  rx: number;
  ry: number;
}

export interface OrbitPlan {
  sun: Point;
  /** Radius of the sun; the orbit of what is won is `wonRx` by `wonRy`. */
  sunRadius: number;
  wonRx: number;
  wonRy: number;
  orbits: Orbit[];
  marks: DealMark[];
}

/** Below this width the strip is a phone's tab row. */
export const NARROW = 600;
/** Days that the height of the strip stands for. */
const HORIZON = 90;
/**
 * A tilted solar system over the columns of a board. The last stage is the sun; each other stage is an orbit that
 * crosses its own column at 70 % of the width, soonest to close at the top.
 */
export function plan(stages: readonly Stage[], width: number, height: number, rtl: boolean): OrbitPlan {
  const narrow = width < NARROW;
  const columns = Math.max(1, stages.length);
  const column = width / columns;
  const side = (x: number) => (rtl ? width - x : x);
  const margin = column * (narrow ? 0.5 : 0.26);
  const sun = { x: side(width - margin), y: height / 2 };
  const scale = narrow ? 0.62 : 1;
  const middle = median(stages.flatMap(({ deals }) => deals.map(({ value }) => value)));
  const orbits: Orbit[] = [];
  const marks: DealMark[] = [];
  for (const [index, { id, deals }] of stages.slice(0, -1).entries()) {
    const rx = Math.abs(sun.x - side(column * (index + (narrow ? 0.42 : 0.7))));
    const ry = Math.max(rx * (narrow ? 0.42 : 0.17), narrow ? 14 : 30);
    orbits.push({ stageId: id, rx, ry });
    for (const deal of mergeDeals(deals)) {
      const radius = bodyRadius(deal.value, middle) * scale;
      // The whole body stays in the strip, and on the part of the orbit that faces away from the sun.
      const limit = Math.max(0, Math.min(height / 2 - radius - 5 * scale, ry * 0.66));
      const y = sun.y - limit + (clamp(deal.days, 0, HORIZON) / HORIZON) * 2 * limit;
      const reach = rx * Math.sqrt(Math.max(0, 1 - ((y - sun.y) / ry) ** 2));
      marks.push({ deal, radius, x: sun.x + (rtl ? reach : -reach), y });
    }
  }
  // With many stages the last column is narrow, and what is won still has to fit.
  const wonRx = Math.max(6, Math.min(narrow ? 15 : 30, margin - 8));
  const wonRy = wonRx * 0.62;
  const won = mergeDeals(stages.at(-1)?.deals ?? []);
  for (const [index, deal] of won.entries()) {
    // Evenly round the sun, beginning where the first one's id says, so that a reload shows the same picture.
    const angle = ((index + hash((won[0] as Deal).id)) / won.length) * 2 * Math.PI;
    const x = sun.x + Math.cos(angle) * wonRx;
    marks.push({
      deal,
      radius: Math.min(bodyRadius(deal.value, middle) * 0.85, 7) * scale,
      x,
      y: sun.y + Math.sin(angle) * wonRy,
    });
  }
  return { sun, sunRadius: 9 * scale, wonRx, wonRy, orbits, marks };
}
