import { act, fireEvent, render, screen } from "@testing-library/react";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keptRows, Lines, type Part, partsOf } from "@/ui/rows";

let paper = false;
const listeners = new Set<() => void>();
beforeEach(() => {
  paper = false;
  vi.stubGlobal("matchMedia", (query: string) => ({
    matches: query === "print" && paper,
    addEventListener: (_: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
  }));
  vi.stubGlobal("scrollTo", () => undefined);
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(50);
});
afterEach(() => {
  listeners.clear();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("rows and gaps together are as high as all rows, in order, whichever rows exist", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 10, max: 90 }), { minLength: 1, maxLength: 60 }),
      fc.array(fc.nat(59), { maxLength: 20 }),
      fc.nat(500),
      (heights, chosen, from) => {
        const starts = heights.map((_, index) => heights.slice(0, index).reduce((sum, high) => sum + high, from));
        const to = heights.reduce((sum, high) => sum + high, from);
        const indexes = [...new Set(chosen.filter((index) => index < heights.length))].sort((a, b) => a - b);
        const items = indexes.map((index) => ({
          index,
          start: starts[index] as number,
          end: (starts[index] as number) + (heights[index] as number),
        }));
        const parts = partsOf(items, from, to);
        const high = (part: Part) => ("gap" in part ? part.gap : (heights[part.index] as number));
        expect(parts.reduce((sum, part) => sum + high(part), from)).toBe(to);
        expect(parts.flatMap((part) => ("index" in part ? [part.index] : []))).toEqual(indexes);
        expect(parts.every((part) => high(part) > 0)).toBe(true);
      },
    ),
  );
});

test("what has the focus stays, and what is no row any more does not", () => {
  const range = { startIndex: 20, endIndex: 22, overscan: 1, count: 40 };
  expect(keptRows(range, [-1], 0)).toEqual([19, 20, 21, 22, 23]);
  expect(keptRows(range, [2, 21, 40], 0)).toEqual([2, 19, 20, 21, 22, 23]);
  expect(keptRows(range, [2], 40)).toHaveLength(40);
});

const items = (count: number) => Array.from({ length: count }, (_, index) => ({ id: String(index) }));
const show = (count: number, more = false) =>
  render(
    <Lines items={items(count)} height={50} more={more} live>
      {(item, place) => (
        <li key={item.id} {...place}>
          <button type="button">{`Row ${item.id}`}</button>
        </li>
      )}
    </Lines>,
  );

test("a short list is there as a whole", () => {
  show(100);
  expect(screen.getAllByRole("listitem")).toHaveLength(100);
  expect(screen.getByRole("list").getAttribute("aria-live")).toBe("polite");
});

test("of a long list there is what is looked at, each row says its place, and on paper there is everything", () => {
  show(400);
  const rows = screen.getAllByRole("listitem");
  expect(rows.length).toBeLessThan(60);
  expect(rows[3]?.getAttribute("aria-posinset")).toBe("4");
  expect(rows[3]?.getAttribute("aria-setsize")).toBe("400");
  // Rows come and go: nobody is told of it.
  expect(screen.getByRole("list").getAttribute("aria-live")).toBeNull();
  fireEvent.focus(screen.getByRole("button", { name: "Row 2" }));
  act(() => {
    paper = true;
    for (const listener of listeners) listener();
  });
  expect(screen.getAllByRole("listitem")).toHaveLength(400);
});
