import fc from "fast-check";
import { expect, test } from "vitest";
import { bodyOf, PRICE, valuesOf } from "@/modules/admin/plan-form";
import { daysOf, spansOf } from "@/modules/followups/settings/hours";
import { mergeOf } from "@/ui/merge";

const span = (day: number, from: string, until: string) => ({ day, from, until });

test("hours are the same by the day, in their order", () => {
  const time = fc.integer({ min: 0, max: 23 }).map((hour) => `${String(hour).padStart(2, "0")}:00`);
  const spans = fc.uniqueArray(fc.record({ day: fc.integer({ min: 1, max: 7 }), from: time, until: time }), {
    selector: ({ day, from }) => `${day} ${from}`,
  });
  fc.assert(
    fc.property(spans, (given) => {
      const kept = spansOf(daysOf(given));
      expect(new Set(kept)).toEqual(new Set(given));
      expect(spansOf(daysOf(kept))).toEqual(kept);
      expect(kept).toEqual([...kept].sort((a, b) => a.day - b.day || a.from.localeCompare(b.from)));
    }),
  );
});

test("two people change hours of two days: both stand; of the same day one of them decides", () => {
  const before = daysOf([span(1, "09:00", "17:00"), span(2, "09:00", "17:00")]);
  const here = { ...before, 1: [span(1, "08:00", "17:00")] };
  const apart = mergeOf(before, here, { ...before, 2: [] });
  expect(spansOf(apart.values)).toEqual([span(1, "08:00", "17:00")]);
  expect(apart.newer).toEqual({});
  const both = mergeOf(before, here, { ...before, 1: [] });
  expect(both.newer).toEqual({ 1: [] });
});

test("a price and its currency are one thing in a plan, and every module is sent as none", () => {
  const before = valuesOf(undefined);
  const merged = mergeOf(before, { ...before, price: "12.50" }, { ...before, currency: "JPY", name: "Big" }, PRICE);
  expect(merged.values).toMatchObject({ price: "12.50", currency: "USD", name: "Big" });
  expect(merged.newer).toEqual({ currency: "JPY" });
  expect(bodyOf(merged.values)).toMatchObject({ price_minor: 1250, currency: "USD" });
  expect(bodyOf(before)).not.toHaveProperty("modules");
  expect(bodyOf({ ...before, modules: ["deals"] })).toMatchObject({ modules: ["deals"] });
});
