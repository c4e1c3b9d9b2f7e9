import "../base/base.css";
import "./edges.css";
import { type RefObject, useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef } from "react";
import { useBox } from "../base/useBox";
import { bend, DEPTH, dockBend, dockEdge, railEdge } from "./geometry";
import { traveller } from "./travel";

interface EdgeProps {
  /** What holds the links; the open one has `aria-current`. */
  nav: RefObject<HTMLElement | null>;
  /** Changes when another page is open. */
  active: string | undefined;
}

/** Where the line stands in the rail's drawing, 14 px of which lie over the rail. */
const LINE_X = 14;
/** How far the dock's drawing reaches above the bar. */
const ABOVE = 18;

/**
 * Keeps a drawing at the open link: at once when the place changes or a list scrolls, on a journey when another page is
 * opened. Never through React.
 */
function useGravity(
  { nav, active }: EdgeProps,
  size: number,
  middle: (link: DOMRect, frame: DOMRect) => number,
  frame: RefObject<HTMLElement | null>,
  draw: (frame: HTMLElement, at: number | undefined) => void,
): void {
  const journey = useMemo(() => traveller((at) => frame.current && draw(frame.current, at)), [frame, draw]);
  const target = useCallback(() => {
    const link = nav.current?.querySelector("[aria-current]");
    if (!link || !frame.current) return undefined;
    return middle(link.getBoundingClientRect(), frame.current.getBoundingClientRect());
  }, [nav, frame, middle]);
  const sized = size > 0;
  useLayoutEffect(() => {
    if (!sized) return;
    journey.go(active === undefined ? undefined : target());
    return journey.stop;
  }, [sized, journey, target, active]);
  // In another size the links stand elsewhere; that is no journey.
  useLayoutEffect(() => {
    if (size > 0) journey.jump(target());
  }, [size, journey, target]);
  useEffect(() => {
    const root = nav.current;
    if (!root) return;
    const scrolled = () => journey.jump(target());
    root.addEventListener("scroll", scrolled, { capture: true, passive: true });
    // Which link is the open one may be known later than the address.
    const named = new MutationObserver(() => journey.go(target()));
    named.observe(root, { attributeFilter: ["aria-current"], subtree: true });
    return () => {
      root.removeEventListener("scroll", scrolled, { capture: true });
      named.disconnect();
    };
  }, [nav, journey, target]);
}

function usePlace() {
  const frame = useRef<HTMLDivElement>(null);
  const [box, room] = useBox<HTMLDivElement>();
  const place = useCallback(
    (element: HTMLDivElement | null) => {
      frame.current = element;
      return box(element);
    },
    [box],
  );
  return { frame, place, size: room.width + room.height };
}

const middleY = (link: DOMRect, frame: DOMRect) => link.top - frame.top + link.height / 2;
const middleX = (link: DOMRect, frame: DOMRect) => link.left - frame.left + link.width / 2;

/** The line between navigation and content, over the whole height of its positioned parent, with the lit planet in its bend. */
export function RailEdge({ nav, active }: EdgeProps) {
  const id = useId();
  const { frame, place, size } = usePlace();
  useGravity({ nav, active }, size, middleY, frame, drawRail);
  return (
    <div ref={place} className="gravity-frame sky-forced" aria-hidden="true">
      <svg className="gravity-edge" aria-hidden="true">
        <defs>
          <linearGradient id={`${id}fade`} x1="0" x2="0" y1="0" y2="1">
            <stop offset="0" stopColor="var(--accent-line)" stopOpacity="0" />
            <stop offset=".35" stopColor="var(--accent-line)" />
            <stop offset=".65" stopColor="var(--accent-line)" />
            <stop offset="1" stopColor="var(--accent-line)" stopOpacity="0" />
          </linearGradient>
        </defs>
        <path data-line="" className="gravity-line" />
        {/* The near line and the echoes do not change shape, they only move. */}
        <g data-bend="">
          <path d={bend(LINE_X, 0)} stroke={`url(#${id}fade)`} className="gravity-near" />
          <path d={bend(LINE_X + 4.5, 0, DEPTH + 1, 0.62)} stroke={`url(#${id}fade)`} opacity=".5" />
          <path d={bend(LINE_X + 9, 0, DEPTH + 1, 0.44)} stroke={`url(#${id}fade)`} opacity=".25" />
        </g>
      </svg>
      <span className="gravity-planet" data-planet="" />
    </div>
  );
}

function drawRail(frame: HTMLElement, y: number | undefined): void {
  const height = frame.clientHeight;
  frame.querySelector("[data-line]")?.setAttribute("d", railEdge(LINE_X, y, height));
  frame.querySelector("[data-bend]")?.setAttribute("transform", `translate(0 ${y ?? 0})`);
  frame.querySelector<HTMLElement>("[data-planet]")?.style.setProperty("transform", `translateY(${y ?? 0}px)`);
  frame.toggleAttribute("data-massless", y === undefined || y < 0 || y > height);
}

/** The upper edge of a phone's bar and the bar's ground, over its positioned parent. */
export function DockEdge({ nav, active }: EdgeProps) {
  const { frame, place, size } = usePlace();
  useGravity({ nav, active }, size, middleX, frame, drawDock);
  return (
    <div ref={place} className="dock-frame sky-forced" aria-hidden="true">
      <svg aria-hidden="true">
        <path data-fill="" className="dock-fill" />
        <path data-line="" className="dock-line" />
        <path data-bend="" className="dock-near" />
      </svg>
    </div>
  );
}

function drawDock(frame: HTMLElement, x: number | undefined): void {
  const edge = dockEdge(frame.clientWidth, x, ABOVE);
  const set = (part: string, d: string) => frame.querySelector(`[data-${part}]`)?.setAttribute("d", d);
  set("fill", `${edge}V${frame.clientHeight + ABOVE}H-10Z`);
  set("line", edge);
  set("bend", x === undefined ? "" : dockBend(x, ABOVE));
}
