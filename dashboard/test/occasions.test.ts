import { describe, expect, it } from "vitest";
import { readCalendar, readGreetings } from "@/modules/occasions/address";
import { daysOf, months, spanOf, turned, weekOf, weekStart } from "@/modules/occasions/days";
import { summed } from "@/modules/occasions/greetings/simulation";

describe("days of the calendar", () => {
  it("shows whole weeks of a month, as people count them", () => {
    expect(spanOf("month", "2026-11-28", 0)).toEqual({ from: "2026-10-26", to: "2026-12-06" });
    expect(spanOf("month", "2026-02-14", 6)).toEqual({ from: "2026-02-01", to: "2026-02-28" });
    for (let n = 0; n < 40; n++)
      for (let start = 0; start < 7; start++) {
        const on = months("2026-01-01", n);
        const { from, to } = spanOf("month", on, start);
        const days = daysOf(from, to);
        expect(days.length % 7).toBe(0);
        expect(days.length).toBeLessThanOrEqual(42);
        expect(days).toContain(on);
        expect(weekOf(from, start)).toBe(from);
      }
  });

  it("turns over by what it shows", () => {
    expect(turned("month", "2026-12-31", 1)).toBe("2027-01-01");
    expect(turned("month", "2026-03-31", -1)).toBe("2026-02-01");
    expect(turned("week", "2026-12-28", 1)).toBe("2027-01-04");
    expect(turned("day", "2028-02-28", 1)).toBe("2028-02-29");
    expect(turned("next", "2026-11-28", -1)).toBe("2026-10-29");
  });

  it("begins weeks on a day of the week", () => {
    for (const locale of ["en-US", "de-DE", "ar-AE"]) expect([0, 5, 6]).toContain(weekStart(locale));
  });

  it("reads only addresses that it could have written", () => {
    expect(readCalendar({ view: "year", on: "2026-13-45" })).toEqual({ view: undefined, on: undefined });
    expect(readCalendar({ view: "week", on: "2026-11-28" })).toEqual({ view: "week", on: "2026-11-28" });
    expect(readGreetings({ view: "x", greeting: "con_1", new: "true" })).toEqual({
      view: undefined,
      greeting: undefined,
      new: true,
    });
  });
});

it("adds the figures of all pages up, day by day", () => {
  const page = (day: string, sent: number, counts: number[]) => ({
    items: [{ day, sent, skipped: counts.map((count) => ({ reason: "lost" as const, count })) }],
    contacts: 2,
  });
  expect(summed([page("2026-12-25", 3, [1, 2]), page("2026-12-01", 1, []), page("2026-12-25", 2, [4])])).toEqual([
    { day: "2026-12-01", sent: 1, skipped: 0 },
    { day: "2026-12-25", sent: 5, skipped: 7 },
  ]);
});
