import fc from "fast-check";
import i18next from "i18next";
import { expect, test } from "vitest";
import { weekDots } from "@/modules/clients/week";
import { type Day, months, plannedOf } from "@/modules/home/data";
import { constellationOf, nowAmong, starsOf } from "@/modules/home/client/stars";
import { plan } from "@/sky/ActivityStrip/geometry";

const moments = fc.integer({ min: 0, max: 86_399_000 }).map((ms) => new Date(Date.UTC(2026, 2, 12) + ms).toISOString());
const star = fc.record({
  id: fc.uuid(),
  at: moments,
  kind: fc.constantFrom("lead", "message", "change") as fc.Arbitrary<Day["stars"][number]["kind"]>,
  weight: fc.integer({ min: 1, max: 4 }),
  count: fc.integer({ min: 1, max: 9 }),
});
const day = (stars: Day["stars"]): Day => ({
  date: "2026-03-12",
  zone: "UTC",
  since: "2026-03-12T00:00:00Z",
  until: "2026-03-13T00:00:00Z",
  counts: [],
  plans: [],
  stars,
});

test("what is in the log has happened: no star of a day lies after now, whatever the browser's clock says", () => {
  fc.assert(
    fc.property(
      fc.array(star),
      fc.integer({ min: Date.UTC(2026, 2, 11), max: Date.UTC(2026, 2, 13) }),
      (stars, minute) => {
        const now = nowAmong(day(stars), minute);
        expect(now).toBeGreaterThanOrEqual(minute);
        for (const { at } of stars) expect(Date.parse(at)).toBeLessThanOrEqual(now);
      },
    ),
  );
});

test("every star is drawn as what it is, and leads only where there is a page", () => {
  fc.assert(
    fc.property(fc.array(star), fc.boolean(), (stars, known) => {
      const given = day(
        stars.map((one) => ({ ...one, contact: "con_1", event: "contact.created", title: "Contact created" })),
      );
      const drawn = starsOf(given, i18next.t, () => known);
      expect(drawn.map(({ id, at, kind, weight, count }) => ({ id, at, kind, weight, count }))).toEqual(stars);
      for (const { href } of drawn) expect(href).toBe(known ? "/contacts/con_1" : undefined);
    }),
  );
});

test("talks and tasks stand on one day in the order of time; only a talk is over by itself", () => {
  const plan = {
    id: "act_1",
    at: "2026-03-12T09:00:00Z",
    kind: "meeting",
    title: "Fitting",
    contact: "con_1",
    name: "Ada",
  };
  const task = { id: "tsk_1", due_at: "2026-03-12T08:00:00Z", due_time: "08:00", kind: "call", title: "Ring back" };
  const planned = plannedOf([plan], [task] as never, Date.parse("2026-03-12T10:00:00Z"));
  expect(planned.map(({ id, href, done, name }) => [id, href, done, name])).toEqual([
    ["tsk_1", "/tasks?task=tsk_1", false, ""],
    ["act_1", "/contacts/con_1", true, "Ada"],
  ]);
});

test("a single touch is no constellation", () => {
  const busiest = { contact: "con_1", name: "Ada", touches: 3, stars: ["a"] };
  expect(constellationOf({ ...day([]), busiest }, i18next.t)).toBeUndefined();
  expect(constellationOf({ ...day([]), busiest: { ...busiest, stars: ["a", "b"] } }, i18next.t)?.eventIds).toEqual([
    "a",
    "b",
  ]);
});

test("a week's strip counts everything once, and what was quiet has no dot", () => {
  const since = Date.UTC(2026, 2, 6);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 56, maxLength: 56 }), (parts) => {
      const dots = weekDots("ten_1", parts, since);
      expect(dots.length).toBe(parts.filter((count) => count > 0).length);
      const { total } = plan(dots, [since, since + 7 * 86_400_000], "UTC", 120, 26, false);
      expect(total).toBe(parts.reduce((sum, count) => sum + count, 0));
    }),
  );
});

test("as much of the last month is compared as has passed of this one, and never more than it had", () => {
  expect(months("2026-11-28")).toEqual({
    month: "2026-11-01T00:00:00.000Z",
    before: "2026-10-01T00:00:00.000Z",
    until: "2026-10-29T00:00:00.000Z",
  });
  expect(months("2026-03-31").until).toBe("2026-03-01T00:00:00.000Z");
  expect(months("2028-03-30").until).toBe("2028-03-01T00:00:00.000Z");
  expect(months("2026-01-05").before).toBe("2025-12-01T00:00:00.000Z");
});
