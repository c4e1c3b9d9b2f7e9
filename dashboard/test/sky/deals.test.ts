import fc from "fast-check";
import { expect, test } from "vitest";
import { overlap, within } from "@/sky/base/place";
import { bodyRadius, type Deal, MOST_BODIES, median, mergeDeals, sums } from "@/sky/Deals/deal";
import { plan as dome } from "@/sky/Deals/dome";
import { plan as orbits } from "@/sky/Deals/orbits";
import { deals } from "./given";

const stages = (most?: number) =>
  fc
    .array(deals(most), { minLength: 2, maxLength: 7 })
    .map((lists) => lists.map((list, k) => ({ id: `s${k}`, name: `Stage ${k}`, deals: list })));
const sizes = fc.record({ width: fc.integer({ min: 320, max: 2000 }), rtl: fc.boolean() });

test("a body's area follows its value; the median one is five pixels wide", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1 }), (values) => {
      const middle = median(values);
      expect(bodyRadius(middle, middle)).toBeCloseTo(5);
      const radii = [...values].sort((a, b) => a - b).map((value) => bodyRadius(value, middle));
      for (const [k, radius] of radii.entries())
        expect(radius >= 2.4 && radius <= 14 && radius >= (radii[k - 1] ?? 0)).toBe(true);
    }),
  );
  expect(bodyRadius(0, 0)).toBe(2.4);
  expect(bodyRadius(Number.NaN, 5)).toBe(2.4);
});

test("merging keeps the sums", () => {
  fc.assert(
    fc.property(deals(300), (list) => {
      const merged = mergeDeals(list);
      expect(merged.length).toBeLessThanOrEqual(MOST_BODIES);
      const total = (some: readonly Deal[]) => sums([{ id: "s", name: "s", deals: some }])[0];
      expect(total(merged)?.value).toBe(total(list)?.value);
      expect(total(merged)?.count).toBe(list.length);
      if (list.length <= MOST_BODIES) expect(merged).toEqual(list);
    }),
    { numRuns: 40 },
  );
});

test("every deal is one body in the strip, whole and in the drawing, left of the sun", () => {
  fc.assert(
    fc.property(stages(40), sizes, (list, { width, rtl }) => {
      const laid = orbits(list, width, 116, rtl);
      expect(laid.marks).toHaveLength(list.reduce((sum, { deals: some }) => sum + some.length, 0));
      for (const { deal, x, y, radius } of laid.marks) {
        expect(y - radius >= 0 && y + radius <= 116).toBe(true);
        expect(x - radius >= 0 && x + radius <= width).toBe(true);
        if (!list.at(-1)?.deals.includes(deal)) expect(rtl ? x >= laid.sun.x : x <= laid.sun.x).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

test("what closes sooner stands higher on its orbit", () => {
  const list = [0, 10, 40, 90].map((days) => ({
    id: `${days}`,
    name: "",
    value: 1000,
    days,
    state: "active" as const,
  }));
  const { marks } = orbits(
    [
      { id: "a", name: "A", deals: list },
      { id: "won", name: "Won", deals: [] },
    ],
    1200,
    116,
    false,
  );
  const heights = marks.map(({ y }) => y);
  expect(heights).toEqual([...heights].sort((a, b) => a - b));
});

test("every open deal is one body in the dome, in its own ring, between today and 90 days", () => {
  fc.assert(
    fc.property(stages(40), sizes, (list, { width, rtl }) => {
      const laid = dome(list, width, 296, rtl);
      expect(laid.marks).toHaveLength(list.reduce((sum, { deals: some }) => sum + some.length, 0));
      for (const { deal, x, y, radius } of laid.marks) {
        const ring = list.findIndex(({ deals: some }) => some.includes(deal));
        const distance = Math.hypot(x - laid.centre.x, y - laid.centre.y);
        expect(distance).toBeLessThanOrEqual((laid.rings[ring] ?? 0) + 1e-6);
        expect(distance).toBeGreaterThanOrEqual((laid.rings[ring + 1] ?? laid.core) - 1e-6);
        expect(y).toBeLessThanOrEqual(laid.centre.y);
        expect(radius).toBeGreaterThan(0);
      }
    }),
    { numRuns: 60 },
  );
});

test("at most three bodies are named: hot or at risk, and no name covers a body or another name", () => {
  fc.assert(
    fc.property(stages(20), sizes, (list, { width, rtl }) => {
      const { labels, marks } = dome(list, width, 296, rtl);
      expect(labels.length).toBeLessThanOrEqual(3);
      for (const [k, { box, deal }] of labels.entries()) {
        expect(deal.state === "hot" || deal.atRisk).toBe(true);
        expect(within(box, width, 296)).toBe(true);
        expect(labels.slice(k + 1).some((other) => overlap(box, other.box))).toBe(false);
        for (const { deal: other, x, y, radius } of marks) {
          if (other === deal) continue;
          expect(overlap(box, { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius })).toBe(false);
        }
      }
    }),
    { numRuns: 60 },
  );
});
