import { type RefObject, useLayoutEffect, useState } from "react";

export interface Box {
  width: number;
  height: number;
}

const watched = new WeakMap<Element, (box: Box) => void>();
let observer: ResizeObserver | undefined;

/** One observer for every drawing on the page. */
function shared(): ResizeObserver {
  observer ??= new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries)
      watched.get(target)?.({ width: contentRect.width, height: contentRect.height });
  });
  return observer;
}

/** How much room an element has, now and after every change. */
export function useBox(ref: RefObject<Element | null>): Box {
  const [box, setBox] = useState<Box>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const { width, height } = element.getBoundingClientRect();
    setBox({ width, height });
    watched.set(element, (next) =>
      setBox((old) => (old.width === next.width && old.height === next.height ? old : next)),
    );
    shared().observe(element);
    return () => {
      watched.delete(element);
      shared().unobserve(element);
    };
  }, [ref]);
  return box;
}
