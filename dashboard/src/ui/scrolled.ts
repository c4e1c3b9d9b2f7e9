import { type RefObject, useLayoutEffect } from "react";

/** What is chosen in a row that scrolls sideways is seen, with a bit of what stands beside it. */
export function useScrolledTo(row: RefObject<HTMLElement | null>, chosen: string, value: unknown) {
  // Another choice is another element.
  useLayoutEffect(() => {
    const one = row.current?.querySelector(chosen);
    if (!row.current || !one) return;
    const [frame, place] = [row.current.getBoundingClientRect(), one.getBoundingClientRect()];
    const [before, after] = [frame.left - place.left, place.right - frame.right];
    if (after > 0) row.current.scrollLeft += after + BESIDE;
    else if (before > 0) row.current.scrollLeft -= before + BESIDE;
  }, [row, chosen, value]);
}

/** In pixels. */
const BESIDE = 24;
