import { px } from "../base/place";

/** How far from the active item's middle the rail's line begins to bend. */
export const REACH = 46;
/** How far the line steps aside. */
export const DEPTH = 12;

/** The bend round a mass at `y`, without the straight parts; `scale` shrinks it for the echoes. */
export function bend(x: number, y: number, depth = DEPTH, scale = 1): string {
  const at = (dy: number) => px(y + dy * scale);
  const out = px(x + depth);
  return `M${px(x)} ${at(-46)}C${px(x)} ${at(-25)} ${out} ${at(-23)} ${out} ${at(0)}C${out} ${at(23)} ${px(x)} ${at(25)} ${px(x)} ${at(46)}`;
}

/** The rail's whole edge: straight, bent round the active item, straight. Without an active item it is a line. */
export function railEdge(x: number, y: number | undefined, height: number): string {
  if (y === undefined) return `M${px(x)} 0V${px(height)}`;
  const top = Math.min(0, y - REACH);
  return `M${px(x)} ${px(top)}V${px(y - REACH)}${bend(x, y).replace(/^M[^C]*/, "")}V${px(Math.max(height, y + REACH))}`;
}

/** The bend in the dock's upper edge, 88 px wide and 16 px high, from its left foot to its right one. */
const hill = (x: number, y: number): string => {
  const top = px(y - 16);
  return `C${px(x - 26)} ${px(y)} ${px(x - 28)} ${top} ${px(x)} ${top}C${px(x + 28)} ${top} ${px(x + 26)} ${px(y)} ${px(x + 44)} ${px(y)}`;
};

/** Only the bend round the active tab's middle. */
export const dockBend = (x: number, y: number): string => `M${px(x - 44)} ${px(y)}${hill(x, y)}`;

/** The dock's whole upper edge. Without an active tab it is straight. */
export const dockEdge = (width: number, x: number | undefined, y: number): string =>
  `M-10 ${px(y)}${x === undefined ? "" : `H${px(x - 44)}${hill(x, y)}`}H${px(width + 10)}`;

/** cubic-bezier(.62,.02,.2,1), the curve of things that move between two places. */
export function transfer(share: number): number {
  if (share <= 0) return 0;
  if (share >= 1) return 1;
  const curve = (a: number, b: number, t: number) => 3 * a * t * (1 - t) ** 2 + 3 * b * t * t * (1 - t) + t ** 3;
  let [low, high] = [0, 1];
  for (let k = 0; k < 20; k++) {
    const middle = (low + high) / 2;
    if (curve(0.62, 0.2, middle) < share) low = middle;
    else high = middle;
  }
  return curve(0.02, 1, (low + high) / 2);
}

/** The tabs that fit a dock: five, or four and the way to the rest. */
export const dockTabs = <T>(tabs: readonly T[], more: T | undefined): T[] =>
  more !== undefined ? [...tabs.slice(0, 4), more] : tabs.slice(0, 5);
