/** Amounts as they are typed into conditions and fields of the tenant's own, which may be below zero. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { amountTyped, minorTyped } from "@/modules/fields/show";

test("an amount below zero is read and written like any other", () => {
  for (const [text, minor] of [
    ["-500", -50_000],
    [" -1,234.50 ", -123_450],
    ["\u2212500", -50_000],
    ["500", 50_000],
    ["-0", 0],
    ["-", undefined],
    ["--5", undefined],
    ["", undefined],
  ] as const)
    expect(minorTyped(text, "EUR"), text).toBe(minor);
  expect(amountTyped(-50_050, "EUR")).toBe("-500.50");
  expect(amountTyped(-5, "JPY")).toBe("-5");
});

test("what is written is read as the same amount", () => {
  const currencies = fc.constantFrom("EUR", "JPY", "KWD");
  fc.assert(
    fc.property(fc.integer({ min: -100_000_000, max: 100_000_000 }), currencies, (minor, currency) => {
      expect(minorTyped(amountTyped(minor, currency), currency)).toBe(minor);
    }),
  );
});
