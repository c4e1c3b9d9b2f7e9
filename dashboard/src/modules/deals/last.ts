import { useCallback, useLayoutEffect, useRef } from "react";
import { session } from "@/api/session";
import type { DealsSearch } from "./address";

/** How deals were asked for when they were left: the way back leads there. */
export const last: { search: DealsSearch } = { search: {} };

/** Where lists and boards were scrolled to when they were left. */
const left = new Map<string, { top: number; start: number }>();

/** Brings what scrolls back to where it was left; `name` says what is in it. */
export function usePlace<T extends HTMLElement>(name: string) {
  const frame = useRef<T>(null);
  const place = `${session.tenant}/${name}`;
  useLayoutEffect(() => {
    const { top, start } = left.get(place) ?? { top: 0, start: 0 };
    frame.current?.scrollTo(start, top);
  }, [place]);
  const onScroll = useCallback(() => {
    const at = frame.current;
    if (at) left.set(place, { top: at.scrollTop, start: at.scrollLeft });
  }, [place]);
  return { ref: frame, onScroll };
}

/** The stage that a phone shows of a board, by pipeline. */
export const tabs = new Map<string, string>();
