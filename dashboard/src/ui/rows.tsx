import {
  defaultRangeExtractor,
  observeElementOffset,
  observeElementRect,
  observeWindowOffset,
  observeWindowRect,
  type Range,
  useVirtualizer,
  useWindowVirtualizer,
  type VirtualItem,
  type Virtualizer,
} from "@tanstack/react-virtual";
import {
  type FocusEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useMedia } from "./media";

/** So many rows are light enough to be there as a whole: then the browser finds every word of them. */
const WHOLE = 100;
/** Rows beyond the screen, on each side. */
const BEYOND = 12;

/**
 * Which rows exist besides those on the screen: the one with the focus, so that it is never lost, those beside the one that
 * keys go on from, and on paper all of them.
 */
export function useKeptRows(count: number, at = -1) {
  const paper = useMedia("print");
  const [held, setHeld] = useState(-1);
  const rangeExtractor = useCallback(
    (range: Range) => keptRows(range, at < 0 ? [held] : [held, at - 1, at, at + 1], paper ? count : 0),
    [held, at, paper, count],
  );
  return { paper, hold: setHeld, rangeExtractor };
}

export function keptRows(range: Range, held: readonly number[], all: number): number[] {
  if (all > 0) return Array.from({ length: all }, (_, index) => index);
  const wanted = held.filter((index) => index >= 0 && index < range.count);
  return [...new Set([...defaultRangeExtractor(range), ...wanted])].sort((a, b) => a - b);
}

interface Options {
  count: number;
  /** How high a row is, in pixels, as far as anybody knows before it was drawn. */
  height: number;
  kind: "table" | "list";
  /** More may be read. */
  more: boolean;
  /** The row that keys go on from. */
  at?: number;
}

/** What a row says of its place. */
export interface RowPlace {
  "data-index": number;
  ref?: (node: Element | null) => void;
  "aria-rowindex"?: number;
  "aria-posinset"?: number;
  "aria-setsize"?: number;
}

/** Rows, and in place of those that do not exist, gaps of their height. */
export type Part = { index: number } | { gap: number };

export function partsOf(
  items: readonly Pick<VirtualItem, "index" | "start" | "end">[],
  from: number,
  to: number,
): Part[] {
  const parts: Part[] = [];
  let reached = from;
  for (const { index, start, end } of items) {
    if (start > reached) parts.push({ gap: start - reached });
    parts.push({ index });
    reached = end;
  }
  if (to > reached) parts.push({ gap: to - reached });
  return parts;
}

/** A long list that scrolls in a frame of its own. */
export function useRowsIn(frame: RefObject<HTMLElement | null>, options: Options) {
  const kept = useKeptRows(options.count, options.at);
  const whole = kept.paper || options.count <= WHOLE;
  const view = useVirtualizer<HTMLElement, Element>({
    count: options.count,
    enabled: !whole,
    getScrollElement: () => frame.current,
    // It scrolls there when rows become too many to be there as a whole.
    initialOffset: () => frame.current?.scrollTop ?? 0,
    estimateSize: () => options.height,
    overscan: BEYOND,
    rangeExtractor: kept.rangeExtractor,
  });
  const parts = whole ? all(options.count) : partsOf(view.getVirtualItems(), 0, view.getTotalSize());
  return drawn(options, parts, kept.hold, whole ? undefined : view.measureElement);
}

/** A long list that scrolls with its page; `list` is what its rows stand in. */
export function useRowsOfPage<T extends HTMLElement>(options: Options) {
  const list = useRef<T>(null);
  const kept = useKeptRows(options.count, options.at);
  const whole = kept.paper || options.count <= WHOLE;
  // Where the list begins on the page.
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    if (!whole && list.current) setTop(Math.round(list.current.getBoundingClientRect().top + scrollY));
  }, [whole, options.count]);
  const view = useWindowVirtualizer<Element>({
    count: options.count,
    enabled: !whole,
    estimateSize: () => options.height,
    overscan: BEYOND,
    scrollMargin: top,
    rangeExtractor: kept.rangeExtractor,
  });
  const parts = whole ? all(options.count) : partsOf(view.getVirtualItems(), top, top + view.getTotalSize());
  return { ...drawn(options, parts, kept.hold, whole ? undefined : view.measureElement), list };
}

interface Among {
  /** What each row is known by, also after others came before it. */
  keys: readonly string[];
  /** How high a row usually is, in pixels. */
  height: (index: number) => number;
  /** The row in which somebody writes. */
  at?: number;
  /** Under what heights are remembered for the way back. */
  place: string;
}

/** How high the rows of the last few lists were when they were left: a place in them is found again. */
const left = new Map<string, VirtualItem[]>();
const LEFT = 10;

/** What scrolls an element. */
function scrollerOf(node: Element): Element | Window {
  for (let at = node.parentElement; at && at !== document.body; at = at.parentElement)
    if (/auto|scroll|hidden/.test(getComputedStyle(at).overflowY)) return at;
  return window;
}

type Either = Virtualizer<Element, Element>;
const ofWindow = (view: Either): view is Either & Virtualizer<Window, Element> =>
  (view.scrollElement as unknown) === window;

/**
 * A long list of rows of any height that scrolls with whatever it stands in, among other things. The rows that exist say how
 * high they are, so that nothing moves when there become too many of them to be there as a whole.
 */
export function useRowsAmong<T extends HTMLElement>({ keys, height, at, place }: Among) {
  const list = useRef<T>(null);
  const count = keys.length;
  const kept = useKeptRows(count, at);
  const whole = kept.paper || count <= WHOLE;
  const [frame, setFrame] = useState<Element | Window | null>(null);
  // Where the list begins in what scrolls it.
  const [top, setTop] = useState(0);
  const view = useVirtualizer<Element, Element>({
    count,
    getScrollElement: () => frame as Element | null,
    observeElementRect: (of, tell) => (ofWindow(of) ? observeWindowRect(of, tell) : observeElementRect(of, tell)),
    observeElementOffset: (of, tell) => (ofWindow(of) ? observeWindowOffset(of, tell) : observeElementOffset(of, tell)),
    estimateSize: height,
    getItemKey: useCallback((index: number) => keys[index] ?? index, [keys]),
    overscan: BEYOND,
    scrollMargin: top,
    rangeExtractor: kept.rangeExtractor,
    initialMeasurementsCache: left.get(place) ?? [],
  });
  // Where it begins is looked up anew for each scrolling: what stands above may have grown.
  useLayoutEffect(() => {
    if (whole) return;
    const look = () => {
      if (!list.current) return;
      const near = scrollerOf(list.current);
      const [begins, offset] =
        near instanceof Element ? [near.getBoundingClientRect().top, near.scrollTop] : [0, scrollY];
      setTop(Math.round(list.current.getBoundingClientRect().top - begins + offset));
      if (near === frame) return;
      // It scrolls to where it believes to be.
      view.scrollOffset = offset;
      setFrame(near);
    };
    // Something else scrolls it by now: the window was made narrower, or what a frame waited for is there.
    const scrolled = ({ target }: Event) => {
      if (target !== (frame === window ? document : frame) && (target as Node).contains(list.current)) look();
    };
    look();
    document.addEventListener("scroll", scrolled, true);
    return () => document.removeEventListener("scroll", scrolled, true);
  }, [whole, count, frame, view, view.isScrolling]);
  useEffect(
    () => () => {
      left.delete(place);
      left.set(place, view.takeSnapshot());
      for (const oldest of left.keys()) if (left.size > LEFT) left.delete(oldest);
    },
    [place, view],
  );
  // Asked also when all of them are there: then it keeps what they say.
  const items = view.getVirtualItems();
  return {
    list,
    whole,
    parts: whole ? all(count) : partsOf(items, top, top + view.getTotalSize()),
    /** For each row that exists, with its `data-index`; on paper rows have other heights. */
    measure: kept.paper ? undefined : view.measureElement,
    holding: holding(kept.hold),
  };
}

/** For what rows stand in. */
const holding = (hold: (index: number) => void) => ({
  onFocus: ({ target }: FocusEvent) => hold(Number(target.closest<HTMLElement>("[data-index]")?.dataset.index ?? -1)),
  onBlur: () => hold(-1),
});

const all = (count: number): Part[] => Array.from({ length: count }, (_, index) => ({ index }));

function drawn(
  { count, kind, more }: Options,
  parts: readonly Part[],
  hold: (index: number) => void,
  measure: ((node: Element | null) => void) | undefined,
) {
  const place = (index: number): RowPlace => {
    if (!measure) return { "data-index": index };
    const said =
      kind === "table"
        ? { "aria-rowindex": index + 2 }
        : { "aria-posinset": index + 1, "aria-setsize": more ? -1 : count };
    return { "data-index": index, ref: measure, ...said };
  };
  return {
    /** Every row is there. */
    whole: measure === undefined,
    /** For the table: how many rows it has with its heading, as far as is known. */
    rowCount: measure && (more ? -1 : count + 1),
    holding: holding(hold),
    rows: (row: (index: number, place: RowPlace) => ReactNode): ReactNode[] =>
      parts.map((part, at) =>
        "index" in part ? row(part.index, place(part.index)) : <Gap key={`gap/${at}`} kind={kind} height={part.gap} />,
      ),
  };
}

function Gap({ kind, height }: { kind: Options["kind"]; height: number }) {
  if (kind === "list") return <li aria-hidden="true" style={{ height }} />;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in a gap takes the focus
    <tr aria-hidden="true">
      <td colSpan={99} className="p-0" style={{ height }} />
    </tr>
  );
}

/** The lines of a list that scrolls with its page. */
export function Lines<T>(props: {
  items: readonly T[];
  /** How high a line usually is, in pixels. */
  height: number;
  more: boolean;
  at?: number;
  className?: string;
  label?: string;
  /** What comes by itself is told. */
  live?: boolean;
  children: (item: T, place: RowPlace, index: number) => ReactNode;
}) {
  const { items, height, more, at } = props;
  const long = useRowsOfPage<HTMLUListElement>({ count: items.length, height, kind: "list", more, at });
  return (
    <ul
      ref={long.list}
      className={props.className}
      aria-label={props.label}
      // Lines of a long list come and go while it is scrolled: nobody has to hear that.
      {...(props.live && long.whole && { "aria-live": "polite" as const, "aria-relevant": "additions" as const })}
      {...long.holding}
    >
      {long.rows((index, place) => {
        const item = items[index];
        return item === undefined ? null : props.children(item, place, index);
      })}
    </ul>
  );
}
