import { describe, expect, test } from "vitest";
import { FATES, monthAfter, monthsOf, shapeOf } from "@/modules/deals/believed";

const money = (currency: string, count: number, amount: number) => ({ currency, count, amount, weighted: amount / 2 });

describe("a past forecast beside what became of it", () => {
  const then = {
    months: [
      { month: "2026-12-01", ...money("EUR", 3, 600) },
      { month: "2026-12-01", ...money("USD", 1, 50) },
      money("EUR", 1, 40),
    ],
    totals: [money("EUR", 4, 640), money("USD", 1, 50)],
  };
  const outcomes = [
    { month: "2026-12-01", currency: "EUR", fate: "moved" as const, count: 1, amount: 100 },
    { month: "2026-12-01", currency: "EUR", fate: "won" as const, count: 2, amount: 500 },
    { month: "2026-12-01", currency: "USD", fate: "lost" as const, count: 1, amount: 50 },
    { currency: "EUR", fate: "moved" as const, count: 1, amount: 40 },
  ];

  test("has a line for each month and currency, and one for everything of a currency", () => {
    const lines = monthsOf(then, outcomes);
    expect(lines.map(({ month, currency, fates }) => [month, currency, fates.map(({ fate }) => fate)])).toEqual([
      ["2026-12-01", "EUR", ["won", "moved"]],
      ["2026-12-01", "USD", ["lost"]],
      [undefined, "EUR", ["moved"]],
      [undefined, "EUR", ["won", "moved"]],
      [undefined, "USD", ["lost"]],
    ]);
    for (const { fates, count, amount } of lines) {
      expect(fates.reduce((sum, fate) => sum + fate.count, 0)).toBe(count);
      expect(fates.reduce((sum, fate) => sum + fate.amount, 0)).toBe(amount);
    }
    expect(new Set(lines.map(({ key }) => key)).size).toBe(5);
  });

  test("asks for the deals of a line as they were then", () => {
    const filters = monthsOf(then, outcomes).map(({ filter }) => filter);
    expect(filters[0]).toEqual(["currency:eq:EUR", "expected_close:gte:2026-12-01", "expected_close:lt:2027-01-01"]);
    expect(filters[2]).toEqual(["currency:eq:EUR", "expected_close:empty:true"]);
    expect(filters[3]).toEqual(["currency:eq:EUR"]);
    expect(monthAfter("2026-11-01")).toBe("2026-12-01");
  });

  test("draws parts that fill their bar", () => {
    const parts = shapeOf(monthsOf(then, outcomes)[0]?.fates ?? [], 600);
    expect(parts.map(({ from }) => Math.round(from))).toEqual([0, 83]);
    expect(Math.round(parts.reduce((sum, { width }) => sum + width, 0))).toBe(100);
    expect(shapeOf([{ fate: FATES[0], count: 1, amount: 0 }], 0)).toEqual([{ fate: "won", from: 0, width: 0 }]);
  });
});
