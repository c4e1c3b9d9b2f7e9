import { type RefCallback, useCallback, useState } from "react";
import { flushSync } from "react-dom";

/** How large an element is, and which way its text runs. */
export interface Room {
  width: number;
  height: number;
  rtl: boolean;
}

const NONE: Room = { width: 0, height: 0, rtl: false };
const watched = new Map<Element, () => void>();
let sizes: ResizeObserver | undefined;
let direction: MutationObserver | undefined;

/**
 * One observer for all drawings of the page. It also tells the first size, after the browser has laid the page out by
 * itself and before anything is painted: nothing has to ask for a layout in between, and all drawings come at once.
 */
function watch(element: Element, changed: () => void): () => void {
  sizes ??= new ResizeObserver((entries) =>
    flushSync(() => {
      for (const { target } of entries) watched.get(target)?.();
    }),
  );
  if (!direction) {
    direction = new MutationObserver(() => {
      for (const read of watched.values()) read();
    });
    direction.observe(document.documentElement, { attributeFilter: ["dir", "lang"] });
  }
  watched.set(element, changed);
  sizes.observe(element);
  return () => {
    watched.delete(element);
    sizes?.unobserve(element);
  };
}

/** The room of the element that gets the ref; nothing is wide until it is in the page. */
export function useBox<E extends HTMLElement>(): [ref: RefCallback<E>, room: Room] {
  const [room, setRoom] = useState(NONE);
  const ref = useCallback((element: E | null) => {
    if (!element) return;
    const read = () => {
      const { clientWidth: width, clientHeight: height } = element;
      const rtl = getComputedStyle(element).direction === "rtl";
      setRoom((old) =>
        old.width === width && old.height === height && old.rtl === rtl ? old : { width, height, rtl },
      );
    };
    return watch(element, read);
  }, []);
  return [ref, room];
}
