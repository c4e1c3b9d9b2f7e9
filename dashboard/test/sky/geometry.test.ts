import fc from "fast-check";
import { expect, test } from "vitest";
import { plan as strip } from "@/sky/ActivityStrip/geometry";
import { overlap, within } from "@/sky/base/place";
import { dayOf } from "@/sky/base/time";
import { hits, labels, plan as line } from "@/sky/DayLine/geometry";
import { plan as galaxy, tally, type Tenant } from "@/sky/Galaxy/geometry";
import { dockTabs, railEdge, transfer } from "@/sky/Gravity/geometry";
import { cover } from "@/sky/Terminator/terminator";
import { group } from "@/sky/Timeline/group";
import { levelsOf, plan as arc, type Step } from "@/sky/Trajectory/geometry";
import { at, bodies, events, NOW, room, ZONE } from "./given";

test("no two places to press on the day line are closer than a finger, and none of the dots is lost", () => {
  fc.assert(
    fc.property(bodies, room, fc.constantFrom(24, 44), (list, { width, rtl }, gap) => {
      const given = list.map((body) => ({ ...body, href: "#", done: body.at < NOW }));
      const { dots } = line(given, NOW, ZONE, width, rtl);
      const places = hits(dots, gap);
      expect(
        places
          .flatMap((place) => place.dots)
          .map(({ event }) => event.id)
          .sort(),
      ).toEqual(dots.map(({ event }) => event.id).sort());
      const xs = places.map(({ x }) => x).sort((a, b) => a - b);
      for (const [n, x] of xs.entries()) if (n > 0) expect(x - (xs[n - 1] ?? 0)).toBeGreaterThanOrEqual(gap);
    }),
  );
});

test("every event of today has a dot and a link on the day line, wherever it lies", () => {
  fc.assert(
    fc.property(bodies, room, (list, { width, rtl }) => {
      const given = list.map((body) => ({ ...body, href: "#", done: body.at < NOW }));
      const laid = line(given, NOW, ZONE, width, rtl);
      expect(laid.dots).toHaveLength(given.length);
      for (const { x } of laid.dots) expect(x >= 23.9 && x <= width - 23.9).toBe(true);
      for (const { x, done } of laid.dots) {
        expect(laid.drawn.some((dot) => dot.done === done && Math.abs(dot.x - x) < 4)).toBe(true);
      }
    }),
  );
});

test("the two labels of the day line never meet", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 600, max: 2400 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.string({ maxLength: 300 }),
      fc.boolean(),
      (width, a, b, text, rtl) => {
        const { sun, next } = labels(width, a * width, "14:20", { x: b * width, text }, rtl);
        expect(sun.x >= 0 && sun.x + sun.width <= width).toBe(true);
        if (!next) return;
        expect(next.x >= 0 && next.x + next.width <= width).toBe(true);
        expect(sun.x + sun.width <= next.x || next.x + next.width <= sun.x).toBe(true);
      },
    ),
  );
});

const tenants = (count: number, shards = 4): Tenant[] =>
  Array.from({ length: count }, (_, k) => ({
    id: `${k}`,
    name: `t_${k}`,
    shard: `db-${k % shards}`,
    state: k % 97 === 0 ? "failed" : k % 31 === 0 ? "queued" : "current",
  }));

test.each([1, 2, 412, 2000])("%i tenants are as many dots, none outside and none touching", (count) => {
  const { dots, grouped } = galaxy(tenants(count), 400, 330);
  expect(grouped).toBe(false);
  expect(dots).toHaveLength(count);
  for (const { x, y, radius } of dots) {
    expect(x - radius >= 0 && x + radius <= 400 && y - radius >= 0 && y + radius <= 330).toBe(true);
  }
  for (const [k, a] of dots.entries()) {
    for (const b of dots.slice(k + 1)) {
      if (Math.abs(a.x - b.x) > 12 || Math.abs(a.y - b.y) > 12) continue;
      expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(a.radius + b.radius);
    }
  }
});

test("more tenants than can be told apart are grouped by shard, and every failure still shows", () => {
  const all = tenants(5000, 12);
  const { dots, grouped } = galaxy(all, 400, 330);
  expect(grouped).toBe(true);
  expect(dots).toHaveLength(12);
  expect(dots.reduce((sum, { count }) => sum + count, 0)).toBe(5000);
  expect(dots.reduce((sum, { failed }) => sum + failed, 0)).toBe(tally(all).failed);
  expect(dots.every(({ failed, state }) => failed === 0 || state === "failed")).toBe(true);
});

test("the oldest tenant is in the middle", () => {
  const { dots, centre } = galaxy(tenants(300), 400, 330);
  const distance = (k: number) => Math.hypot((dots[k]?.x ?? 0) - centre.x, (dots[k]?.y ?? 0) - centre.y);
  expect(distance(0)).toBeLessThan(distance(10));
  expect(distance(10)).toBeLessThan(distance(299));
});

const steps = fc
  .integer({ min: 1, max: 30 })
  .map((count): Step[] =>
    Array.from({ length: count }, (_, k) => ({ id: `${k}`, label: `Step ${k}`, state: k === 0 ? "current" : "next" })),
  );

test("a trajectory keeps the order, in the drawing, rising to the middle and falling after it", () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 200, max: 2000 }), fc.boolean(), (list, width, rtl) => {
      const { points } = arc(list, [], width, rtl);
      expect(points).toHaveLength(list.length);
      for (const [k, { x, y }] of points.entries()) {
        expect(x > 0 && x < width && y > 0).toBe(true);
        const before = points[k - 1];
        if (!before) continue;
        expect(rtl ? before.x > x : before.x < x).toBe(true);
        const rising = Math.abs(x - width / 2) < Math.abs(before.x - width / 2);
        expect(rising ? y <= before.y + 1e-9 : y >= before.y - 1e-9).toBe(true);
      }
    }),
  );
});

test("conditions over the same steps lie on different levels, and their rules do not cover each other", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 8 }), (pairs) => {
      const list: Step[] = Array.from({ length: 10 }, (_, k) => ({ id: `${k}`, label: "", state: "next" }));
      const skips = pairs.map(([from, to]) => ({ from: `${from}`, to: `${to}`, label: "if no pain" }));
      const levels = [...levelsOf(list, skips)];
      expect(levels).toHaveLength(pairs.filter(([from, to]) => to > from).length);
      for (const [a, level] of levels) {
        for (const [b, other] of levels) {
          if (a === b || level !== other) continue;
          expect(+a.to <= +b.from || +b.to <= +a.from).toBe(true);
        }
      }
      const boxes = arc(list, skips, 1000, false).transfers.flatMap(({ label }) => (label ? [label] : []));
      for (const [k, box] of boxes.entries()) {
        expect(boxes.slice(k + 1).some((other) => overlap(box, other))).toBe(false);
        expect(within(box, 1000, 600)).toBe(true);
      }
    }),
  );
});

test("a strip counts what it was given, and draws every dot inside", () => {
  fc.assert(
    fc.property(events(200), fc.integer({ min: 60, max: 300 }), fc.boolean(), (list, width, rtl) => {
      const { dots, total } = strip(list, dayOf(NOW, ZONE), ZONE, width, 26, rtl);
      expect(total).toBe(list.length);
      const all = dots.flat();
      expect(all.length).toBeLessThanOrEqual(200);
      if (list.length <= 120) expect(all).toHaveLength(list.length);
      for (const { x, y } of all) expect(x >= 0 && x <= width && y > 0 && y < 26).toBe(true);
    }),
  );
});

test("history is grouped by the workspace's day: newest first, plans apart", () => {
  const entries = [26, 15, 14, 0.5, -0.5, -30].map((hour) => ({ id: `${hour}`, at: at(hour) }));
  const { plans, days } = group(entries, NOW, ZONE);
  expect(plans.map(({ id }) => id)).toEqual(["26", "15"]);
  expect(days.map(({ entries: rows, today }) => [today, ...rows.map(({ id }) => id)])).toEqual([
    [true, "14", "0.5"],
    [false, "-0.5"],
    [false, "-30"],
  ]);
  // In Auckland it is already tomorrow at 14:00.
  expect(group(entries, NOW, "Pacific/Auckland").days[0]?.entries.map(({ id }) => id)).toEqual(["14"]);
});

test("the gravity line bends at the item, and is straight without one", () => {
  expect(railEdge(14, undefined, 600)).toBe("M14 0V600");
  expect(railEdge(14, 200, 600)).toMatch(/^M14 0V154C.* 26 200C.* 14 246V600$/);
});

test("a journey begins slowly, ends exactly, and never turns back", () => {
  expect([transfer(0), transfer(1)]).toEqual([0, 1]);
  let last = 0;
  for (let share = 0; share <= 1; share += 0.01) {
    const now = transfer(share);
    expect(now).toBeGreaterThanOrEqual(last);
    last = now;
  }
});

test("a dock has five tabs at most, and the last leads to the rest", () => {
  expect(dockTabs([1, 2, 3], undefined)).toEqual([1, 2, 3]);
  expect(dockTabs([1, 2, 3, 4, 5, 6], 0)).toEqual([1, 2, 3, 4, 0]);
});

test("the terminator's circle covers the farthest corner", () => {
  fc.assert(
    fc.property(fc.nat(3000), fc.nat(2000), (x, y) => {
      const radius = cover(x, y, 3000, 2000);
      for (const [cx, cy] of [
        [0, 0],
        [3000, 0],
        [0, 2000],
        [3000, 2000],
      ] as const) {
        expect(Math.hypot(cx - x, cy - y)).toBeLessThanOrEqual(radius + 1e-9);
      }
    }),
  );
});

test("a long name of a step takes what the short ones beside it leave", () => {
  const steps = ["New", "Qualified", "Proposal", "Negotiation", "Won"].map(
    (label): Step => ({ id: label, label, state: "next" }),
  );
  const { rooms, points } = arc(steps, [], 324, false);
  // So wide it is drawn.
  expect(rooms[3]).toBeGreaterThanOrEqual(66);
  const [proposal, negotiation] = [points[2]?.x ?? 0, points[3]?.x ?? 0];
  expect(negotiation - proposal).toBeGreaterThan((rooms[3] ?? 0) / 2 + 26);
  // Beside another long one each keeps to its part.
  const long = steps.map((step) => ({ ...step, label: "Negotiation" }));
  expect(Math.max(...arc(long, [], 324, false).rooms)).toBeLessThan(negotiation - proposal);
  expect(arc(steps, [], 300, false).rooms).toEqual([0, 0, 0, 0, 0]);
});
