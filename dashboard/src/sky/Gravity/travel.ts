import { still } from "../base/motion";
import { transfer } from "./geometry";

/** Something that stands at a place on a line, or nowhere. */
export interface Traveller {
  /** Stands there at once. */
  jump(to: number | undefined): void;
  /** Goes there in the time that a body needs for an orbit; at once when motion is not wanted. */
  go(to: number | undefined): void;
  /** Stays where it is. */
  stop(): void;
}

const TIME = 420;

/** Calls `draw` with each place on the way, once a frame and never through React. */
export function traveller(draw: (at: number | undefined) => void): Traveller {
  let at: number | undefined;
  let frame = 0;
  const put = (to: number | undefined) => {
    at = to;
    draw(to);
  };
  const stop = () => cancelAnimationFrame(frame);
  return {
    stop,
    jump(to) {
      stop();
      put(to);
    },
    go(to) {
      stop();
      const from = at;
      if (from === undefined || to === undefined || from === to || still()) return put(to);
      let begun: number | undefined;
      const step = (time: number) => {
        begun ??= time;
        const share = (time - begun) / TIME;
        put(from + (to - from) * transfer(share));
        if (share < 1) frame = requestAnimationFrame(step);
      };
      frame = requestAnimationFrame(step);
    },
  };
}
