import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linesOf, readLine, readNumber, sumOf, totalOf, typedNumber } from "@/modules/deals/items/model";

describe("what a line costs", () => {
  it("is what the server says", () => {
    // The same cases as those of the server's own test.
    const cases: [number, number, number, number | undefined][] = [
      [1000, 1999, 0, 1999],
      [1500, 333, 0, 500],
      [3000, 999, 1000, 2697],
      [1, 499, 0, 0],
      [1, 500, 0, 1],
      [1000, 100, 10_000, 0],
      [1_000_000_000, 100_000_000_000_000, 0, undefined],
    ];
    for (const [quantity, price, discount, total] of cases) expect(totalOf(quantity, price, discount)).toBe(total);
  });

  it("is never further than half a unit from the exact price, and halves go up", () => {
    const line = fc.tuple(
      fc.integer({ min: 1, max: 1_000_000_000 }),
      fc.integer({ min: 0, max: 100_000_000_000_000 }),
      fc.integer({ min: 0, max: 10_000 }),
    );
    fc.assert(
      fc.property(line, ([quantity, price, discount]) => {
        const exact = BigInt(quantity) * BigInt(price) * BigInt(10_000 - discount);
        const total = totalOf(quantity, price, discount);
        if (total === undefined) return exact + 5_000_000n >= 10_000_000n * (100_000_000_000_000n + 1n);
        const away = BigInt(total) * 10_000_000n - exact;
        return away > -5_000_000n && away <= 5_000_000n;
      }),
      { numRuns: 2000 },
    );
  });

  it("adds up exactly, as far as a deal may go", () => {
    expect(sumOf([])).toBe(0);
    expect(sumOf([{ total: 99_999_999_999_999 }, { total: 1 }])).toBe(100_000_000_000_000);
    expect(sumOf([{ total: 99_999_999_999_999 }, { total: 2 }])).toBeUndefined();
  });
});

describe("quantities", () => {
  it("are read as people of different countries write them", () => {
    const cases: [string, string, number | undefined][] = [
      ["1", "en", 1000],
      ["1.5", "en", 1500],
      ["1,5", "en", 1500],
      ["1,000", "en", 1_000_000],
      ["1.125", "en", 1125],
      ["1.000", "de", 1_000_000],
      ["1,125", "de", 1125],
      ["1.234,5", "de", 1_234_500],
      ["1,234.5", "en", 1_234_500],
      ["12 000", "en", 12_000_000],
      // As the price beside it is written there: €1,250.50.
      ["1,250", "en-DE", 1_250_000],
      ["1.2345", "en", undefined],
      ["1.2.3", "en", undefined],
      ["-1", "en", undefined],
      ["", "en", undefined],
      ["two", "en", undefined],
    ];
    for (const [text, locale, number] of cases) expect(readNumber(text, 3, locale), text).toBe(number);
    expect(readNumber("12.5 %", 2, "en")).toBe(1250);
    expect(typedNumber(12_500, 3, "en-DE")).toBe("12.5");
  });

  it("come back exactly from what is shown for typing, everywhere", () => {
    const locale = fc.constantFrom("en", "en-GB", "de", "fr", "ar", "pl", "en-IN", "de-CH");
    fc.assert(
      fc.property(
        locale,
        fc.integer({ min: 0, max: 1_000_000_000 }),
        fc.constantFrom(2, 3),
        (place, number, digits) => {
          expect(readNumber(typedNumber(number, digits, place), digits, place)).toBe(number);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("a line", () => {
  const term = { billing: "quarterly" as const, starts_on: "2026-01-31", ends_on: "2026-12-31" };
  const item = { name: "Kite", quantity: 2500, unit_price: 1999, discount: 1250, total: 4373, ...term };

  it("is read back as it was stored", () => {
    for (const currency of ["EUR", "JPY", "KWD"])
      for (const place of ["en", "de", "ar"]) {
        const [line] = linesOf({ items: [item], currency }, place);
        expect(line && readLine(line, currency, place)).toEqual({ read: item, wrong: {} });
      }
  });

  it("says of every field what is wrong", () => {
    const days = { billing: "monthly" as const, starts: "2026-02-01", ends: "2026-01-31" };
    const line = { key: "a", name: " ", quantity: "0", price: "much", discount: "101", ...days };
    expect(readLine(line, "EUR", "en").wrong).toEqual({
      name: "required",
      quantity: "quantity_range",
      unit_price: "amount_invalid",
      discount: "discount_range",
      ends_on: "ends_before",
    });
    const dear = { ...line, name: "Moon", quantity: "1000000", price: "999999999999", discount: "", ends: "" };
    expect(readLine(dear, "EUR", "en").wrong).toEqual({ quantity: "amount_range" });
  });
});
