import { still } from "../base/motion";

/** The two skies. */
export type Theme = "dark" | "light";

const TIME = 560;
const EASE = "cubic-bezier(.62,.02,.2,1)";
let running: ViewTransition | undefined;

const painted = () => new Promise<void>((done) => requestAnimationFrame(() => setTimeout(done)));

/** The circle round a point that covers a window of this size. */
export const cover = (x: number, y: number, width: number, height: number): number =>
  Math.hypot(Math.max(x, width - x), Math.max(y, height - y));

/**
 * Changes the theme with `set`: the edge of night crosses the page from `from`. Where the browser knows no view
 * transitions, and where motion is not wanted, the theme changes at once. A second switch ends the first.
 */
export async function crossTerminator(set: () => void, from: Element): Promise<void> {
  running?.skipTransition();
  if (!document.startViewTransition || still()) {
    set();
    return;
  }
  const { left, top, width, height } = from.getBoundingClientRect();
  const [x, y] = [left + width / 2, top + height / 2];
  const radius = cover(x, y, innerWidth, innerHeight);
  // The press is answered by the switch itself; what all the page costs comes after that was painted.
  from.animate({ rotate: ["0deg", "180deg"] }, { duration: TIME, easing: EASE });
  await painted();
  const transition = document.startViewTransition(set);
  running = transition;
  try {
    await transition.ready;
    const clipPath = [`circle(0 at ${x}px ${y}px)`, `circle(${radius}px at ${x}px ${y}px)`];
    document.documentElement.animate(
      { clipPath },
      { duration: TIME, easing: EASE, pseudoElement: "::view-transition-new(root)" },
    );
    await transition.finished;
  } catch {
    // A transition that is skipped has still set the theme.
  } finally {
    if (running === transition) running = undefined;
  }
}
