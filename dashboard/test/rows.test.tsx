import { act, fireEvent, render, screen, within } from "@testing-library/react";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startLanguage } from "@/i18n";
import { bring } from "@/i18n/words";
import { group, keyOf, linesOf, stretches } from "@/sky/Timeline/group";
import { Timeline } from "@/sky/Timeline/Timeline";
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

const HOUR = 3_600_000;
const NOW = Date.parse("2026-03-11T14:20:00Z");
/** Some are planned, the others go back for weeks. */
const entries = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    id: `e${n}`,
    at: NOW + (20.5 - n * 3) * HOUR,
    icon: <i />,
    verb: `Entry ${n}`,
    tools: <button type="button">{`Change ${n}`}</button>,
  }));

test("whichever lines of a timeline exist, each stands in its own list, in order, and the gaps are as high as what lacks", () => {
  const { plans, days } = group(entries(60), NOW, "UTC");
  const lines = linesOf(plans, days, true);
  expect(new Set(lines.map(keyOf)).size).toBe(lines.length);
  expect([plans.length, lines.filter(({ kind }) => kind === "head").length]).toEqual([7, days.length - 1]);
  // How long the last day is, nobody knows before the rest was read.
  const sizes = lines.flatMap((line) => (line.kind === "entry" ? [line.size] : []));
  expect([sizes[0], sizes.at(-1)]).toEqual([7, -1]);
  fc.assert(
    fc.property(fc.subarray([...lines.keys()]), (there) => {
      const items = there.map((index) => ({ index, start: index * 10, end: index * 10 + 10 }));
      const found = stretches(lines, partsOf(items, 0, lines.length * 10));
      const shown: number[] = [];
      let gaps = 0;
      for (const stretch of found) {
        if (stretch.kind === "gap") gaps += stretch.height;
        else if (stretch.kind === "now") shown.push(stretch.index);
        else {
          if (stretch.head !== undefined) shown.push(stretch.head);
          for (const part of stretch.parts) {
            if ("gap" in part) gaps += part.gap;
            else {
              shown.push(part.index);
              expect(lines[part.index]).toMatchObject({ kind: "entry", of: stretch.of });
            }
          }
        }
      }
      expect(shown).toEqual(there);
      expect(gaps).toBe((lines.length - there.length) * 10);
      // A list is never torn apart.
      const lists = found.flatMap((stretch) => (stretch.kind === "list" ? [stretch.of] : []));
      expect(new Set(lists).size).toBe(lists.length);
    }),
  );
});

test("of a long timeline there is what is looked at, with its days and the sun; a short one and paper have everything", async () => {
  await startLanguage("en");
  await bring("shell");
  const drawn = (count: number) => <Timeline label="History" now={NOW} zone="UTC" entries={entries(count)} more />;
  const { rerender } = render(drawn(80));
  expect(screen.getAllByRole("listitem")).toHaveLength(80);
  expect(screen.getAllByRole("listitem")[0]?.hasAttribute("aria-posinset")).toBe(false);
  rerender(drawn(400));
  const rows = screen.getAllByRole("listitem");
  expect(rows.length).toBeLessThan(60);
  const [planned] = within(screen.getByRole("list", { name: "Planned" })).getAllByRole("listitem");
  expect([planned?.getAttribute("aria-posinset"), planned?.getAttribute("aria-setsize")]).toEqual(["1", "7"]);
  expect(screen.getByText(/^Now, /)).toBeTruthy();
  expect(screen.getAllByRole("heading").length).toBeGreaterThan(1);
  expect(screen.getAllByRole("list").every((list) => list.getAttribute("aria-label"))).toBe(true);
  fireEvent.focus(screen.getByRole("button", { name: "Change 2" }));
  act(() => {
    paper = true;
    for (const listener of listeners) listener();
  });
  expect(screen.getAllByRole("listitem")).toHaveLength(400);
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
