import fc from "fast-check";
import { expect, test } from "vitest";
import { hash } from "@/sky/base/hash";
import { inside, overlap } from "@/sky/base/place";
import { plan, type SkyDay } from "@/sky/Sky/geometry";
import { MOST_STARS, merge, tally } from "@/sky/Sky/merge";
import { at, bodies, events, NOW, room, ZONE } from "./given";

const headline = { x: 0, y: 0, width: 520, height: 150 };
const lay = (day: Partial<SkyDay>, size: { width: number; height: number; rtl: boolean }) =>
  plan({ now: NOW, zone: ZONE, stars: [], bodies: [], ...day }, { ...size, clear: size.width > 600 ? [headline] : [] });

test("every event of the day is one star, and every appointment one body", () => {
  fc.assert(
    fc.property(events(), bodies, room, (stars, appointments, size) => {
      const laid = lay({ stars, bodies: appointments }, size);
      expect(new Set(laid.stars.map(({ event }) => event.id))).toEqual(new Set(stars.map(({ id }) => id)));
      expect(laid.stars).toHaveLength(stars.length);
      expect(laid.bodies).toHaveLength(appointments.length);
    }),
  );
});

test("stars stand in the sky: above the edge, clear of the headline and of every name", () => {
  fc.assert(
    fc.property(events(), bodies, room, (stars, appointments, size) => {
      const laid = lay({ stars, bodies: appointments }, size);
      const names = laid.bodies.flatMap(({ label }) => (label ? [label.box] : []));
      for (const star of laid.stars) {
        expect(star.x).toBeGreaterThanOrEqual(0);
        expect(star.x).toBeLessThanOrEqual(size.width);
        expect(star.y).toBeGreaterThan(0);
        expect(star.y).toBeLessThanOrEqual(laid.edge(star.x) - 26 + 1e-6);
        if (size.width > 600) expect(inside(star, headline)).toBe(false);
        expect(names.some((box) => inside(star, box))).toBe(false);
      }
    }),
  );
});

test("names collide with nothing and stay in the drawing", () => {
  fc.assert(
    fc.property(bodies, room, (appointments, size) => {
      const { bodies: placed } = lay({ bodies: appointments }, size);
      const boxes = placed.flatMap(({ label }) => (label ? [label.box] : []));
      for (const [k, box] of boxes.entries()) {
        expect(box.x >= 0 && box.x + box.width <= size.width).toBe(true);
        expect(boxes.slice(k + 1).some((other) => overlap(box, other))).toBe(false);
        for (const { x, y, label } of placed) {
          if (!label || label.box === box) continue;
          const foot = label.box.y + label.box.height;
          expect(overlap({ x, y: foot, width: 0.5, height: Math.max(0, y - 8 - foot) }, box)).toBe(false);
        }
      }
    }),
  );
});

test("a star stays where it is when others come and as time passes", () => {
  fc.assert(
    fc.property(events(60), events(60), room, fc.integer({ min: 7, max: 18 }), (some, more, size, hour) => {
      const fixed = { from: at(0), to: at(24) };
      const before = lay({ stars: some, ...fixed }, size).stars;
      const after = lay({ stars: [...some, ...more], now: at(hour), ...fixed }, size).stars;
      const where = new Map(after.map(({ event, x, y }) => [event.id, `${x} ${y}`]));
      for (const { event, x, y } of before) expect(where.get(event.id)).toBe(`${x} ${y}`);
    }),
  );
});

test("a star's height does not change from release to release", () => {
  expect(hash("evt_1")).toBeCloseTo(0.9308, 4);
  expect(hash("evt_2")).toBeCloseTo(0.9987, 4);
});

test("ids that look alike spread over the whole height", () => {
  const buckets = new Array(10).fill(0);
  for (let k = 0; k < 10_000; k++) buckets[Math.floor(hash(`evt_${k}`) * 10)] += 1;
  expect(Math.min(...buckets)).toBeGreaterThan(850);
  expect(Math.max(...buckets)).toBeLessThan(1150);
});

test("time runs with the reading direction", () => {
  const stars = [6, 12, 20].map((hour) => ({ id: String(hour), at: at(hour), kind: "lead" as const, weight: 1 }));
  const xs = (rtl: boolean) => lay({ stars }, { width: 1200, height: 330, rtl }).stars.map(({ x }) => x);
  expect(xs(false)).toEqual([...xs(false)].sort((a, b) => a - b));
  expect(xs(true)).toEqual([...xs(true)].sort((a, b) => b - a));
});

test("a crowded day is merged by kind and time, and no event is lost from the counts", () => {
  fc.assert(
    fc.property(events(600), (stars) => {
      const merged = merge(stars, NOW);
      expect(merged.length).toBeLessThanOrEqual(MOST_STARS);
      expect(tally(merged, NOW)).toEqual(tally(stars, NOW));
      if (stars.length <= MOST_STARS) expect(merged).toEqual(stars);
    }),
    { numRuns: 40 },
  );
  const many = Array.from({ length: 5000 }, (_, k) => ({
    id: `${k}`,
    at: at((k % 1440) / 60),
    kind: "message" as const,
    weight: 2,
  }));
  const merged = merge(many, NOW);
  expect(merged.length).toBeLessThanOrEqual(MOST_STARS);
  expect(merged[0]?.weight).toBe(3);
  expect(merged.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(5000);
});

test("a constellation joins its events in the order of time, and its name covers no star", () => {
  fc.assert(
    fc.property(events(80), (stars) => {
      fc.pre(stars.length > 5);
      const eventIds = stars.slice(0, 5).map(({ id }) => id);
      const laid = lay(
        { stars, constellation: { contactId: "c", label: "Priya Raman", note: "5 touches", eventIds } },
        { width: 1200, height: 330, rtl: false },
      );
      const box = laid.name?.box;
      if (box) expect(laid.stars.some((star) => inside(star, box))).toBe(false);
      expect(laid.lines.split("M").length - 1).toBeLessThanOrEqual(4);
    }),
  );
});

test("an empty day is the horizon alone, and nonsense draws nothing", () => {
  const size = { width: 1200, height: 330, rtl: false };
  expect(lay({}, size)).toMatchObject({ stars: [], bodies: [], lines: "" });
  const broken = { id: "x", at: "soon", kind: "lead" as const, weight: 1 };
  expect(lay({ stars: [broken] }, size).stars).toEqual([]);
});
