import type { RefObject } from "react";

/**
 * The place of the gravity line, between navigation and content. It draws over the whole height of the rail and finds
 * the active item by `aria-current`; `active` changes with it.
 */
export function RailEdge(_: { nav: RefObject<HTMLElement | null>; active: string }) {
  return <span aria-hidden="true" className="pointer-events-none absolute inset-y-0 end-0 w-px bg-line-2" />;
}
