import fc from "fast-check";
import { expect, test } from "vitest";
import { dayOf, hours, hoursOf, instant, midnights, wall, widen } from "@/sky/base/time";
import { plan } from "@/sky/DayLine/geometry";

const HOUR = 3_600_000;
const zones = fc.constantFrom(
  "Europe/Vienna",
  "America/New_York",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "Pacific/Auckland",
  "Africa/Cairo",
  "UTC",
);
const moments = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2028, 0, 1) });

test("a day is 23 hours long in spring and 25 in autumn", () => {
  const long = (day: string, zone: string) => {
    const [from, to] = dayOf(Date.parse(`${day}T12:00:00Z`), zone);
    return (to - from) / HOUR;
  };
  expect(long("2026-03-29", "Europe/Vienna")).toBe(23);
  expect(long("2026-10-25", "Europe/Vienna")).toBe(25);
  expect(long("2026-10-04", "Australia/Lord_Howe")).toBe(23.5);
  expect(long("2026-06-01", "Europe/Vienna")).toBe(24);
});

test("an hour that spring skips is the first moment after it, and autumn's repeated hour is the first", () => {
  expect(new Date(instant(2026, 3, 29, 2, "Europe/Vienna")).toISOString()).toBe("2026-03-29T01:00:00.000Z");
  expect(new Date(instant(2026, 10, 25, 2, "Europe/Vienna")).toISOString()).toBe("2026-10-25T00:00:00.000Z");
});

test("hour marks follow the clock on the wall through a change", () => {
  const marks = (day: string) =>
    hours(dayOf(Date.parse(`${day}T12:00:00Z`), "Europe/Vienna"), "Europe/Vienna").map(({ hour }) => hour);
  expect(marks("2026-03-29").slice(0, 5)).toEqual([0, 1, 3, 4, 5]);
  expect(marks("2026-10-25").slice(0, 5)).toEqual([0, 1, 2, 2, 3]);
});

test("marks stand at full hours of the wall clock in every zone", () => {
  fc.assert(
    fc.property(moments, zones, (now, zone) => {
      const found = hours(dayOf(now, zone), zone);
      expect(found.every(({ at }) => wall(at, zone).minute === 0)).toBe(true);
      expect(found.length).toBeGreaterThanOrEqual(23);
    }),
    { numRuns: 30 },
  );
});

test("a moment lies in its own day, and days join without a gap", () => {
  fc.assert(
    fc.property(moments, zones, (now, zone) => {
      const [from, to] = dayOf(now, zone);
      expect(from <= now && now < to).toBe(true);
      expect(dayOf(to, zone)[0]).toBe(to);
      expect(midnights([from, to], zone)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test("the usual hours grow until they hold what is given, and never beyond the day", () => {
  fc.assert(
    fc.property(
      moments,
      zones,
      fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 8 }),
      (now, zone, shares) => {
        const day = dayOf(now, zone);
        const given = shares.map((share) => Math.floor(day[0] + share * (day[1] - day[0])));
        const [from, to] = widen(hoursOf(now, zone, 6, 21), day, given, zone);
        expect(given.every((at) => at >= from && at <= to)).toBe(true);
        expect(from >= day[0] && to <= day[1]).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test.each(["2026-03-29", "2026-10-25", "2026-03-12"])(
  "on %s 06:00 is at the line's start and 21:00 at its end",
  (day) => {
    const now = Date.parse(`${day}T12:00:00+02:00`);
    const line = plan([], now, "Europe/Vienna", 1000, false);
    expect(wall(line.span[0], "Europe/Vienna").hour).toBe(6);
    expect(wall(line.span[1], "Europe/Vienna").hour).toBe(21);
    expect(line.ticks).toHaveLength(16);
  },
);
