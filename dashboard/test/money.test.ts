import { describe, expect, it } from "vitest";
import { toldSum } from "@/modules/deals/sums";
import { headline, minorOf, money, typedOf } from "@/ui/money";

describe("amounts", () => {
  it("are read as people of different countries write them", () => {
    const cases: [string, string, number | undefined][] = [
      ["1,234.50", "EUR", 123450],
      ["1.234,50", "EUR", 123450],
      ["1 234", "EUR", 123400],
      ["12,000", "EUR", 1_200_000],
      ["12.5", "EUR", 1250],
      ["1,234", "KWD", 1234],
      ["1.500", "JPY", 1500],
      ["", "EUR", undefined],
      ["-5", "EUR", undefined],
      ["five", "EUR", undefined],
    ];
    for (const [text, currency, amount] of cases) expect(minorOf(text, currency), text).toBe(amount);
  });

  it("come back exactly from what is shown for typing", () => {
    for (const currency of ["EUR", "JPY", "KWD"])
      for (let amount = 1, step = 1; amount < 9e15; amount = amount * 3 + step++)
        expect(minorOf(typedOf(amount, currency), currency)).toBe(amount);
  });

  it("have no cents when there are none", () => {
    expect(money(120_000, "EUR", "en")).toBe("€1,200");
    expect(money(120_050, "EUR", "en")).toBe("€1,200.50");
  });

  it("have no cents in a head from a thousand on, and are short from ten millions on", () => {
    expect(headline(99_950, "EUR", "en")).toBe("€999.50");
    expect(headline(1_496_250, "EUR", "en")).toBe("€14,963");
    expect(headline(1_234_567_890, "GBP", "en")).toBe("£12.3M");
    expect(headline(15_000, "JPY", "en")).toBe("¥15,000");
  });

  it("of several currencies are one sum, about, with their parts beside it; of one they are that sum", () => {
    const totals = [
      { currency: "EUR", amount: 1_496_250 },
      { currency: "GBP", amount: 1_799_750 },
    ];
    const home = { currency: "GBP", amount: 3_103_283, count: 3, missing: [] };
    expect(toldSum(totals, home, "en")).toEqual({ text: "≈ £31,033", parts: "€14,963 + £17,998" });
    const more = { ...home, missing: [{ currency: "JPY", amount: 9_000 }] };
    expect(toldSum(totals, more, "en")?.text).toBe("≈ £31,033 + …");
    expect(toldSum(totals.slice(1), home, "en")).toEqual({ text: "£17,998" });
    // Without a rate there is nothing to convert.
    expect(toldSum(totals, { ...home, count: 0 }, "en")).toEqual({ text: "€14,963 + £17,998" });
    expect(toldSum([], home, "en")).toBeUndefined();
  });

  it("keep sign and letters of a currency together where lines run from right to left", () => {
    expect(money(100, "GBP", "ar").endsWith("UK£\u200e")).toBe(true);
  });
});
