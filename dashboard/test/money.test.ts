import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { toldSum } from "@/modules/deals/sums";
import { digitsOf, headline, minorOf, money, typedOf } from "@/ui/money";

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
      ["12,34,567", "INR", 123456700],
      ["1.5", "JPY", undefined],
      ["100.50", "JPY", undefined],
      ["12.3456", "EUR", undefined],
      ["0.125", "EUR", undefined],
      ["0.125", "KWD", 125],
    ];
    for (const [text, currency, amount] of cases) expect(minorOf(text, currency), text).toBe(amount);
  });

  it("have as many digits behind the point as the server counts, whatever the browser says", () => {
    const source = readFileSync(join(import.meta.dirname, "../../core/tenants/src/tenants/currencies.rs"), "utf8");
    const codes = (text: string) => text.match(/"[A-Z]{3}"/g)?.map((code) => code.slice(1, -1)) ?? [];
    const [all = "", rules = ""] = source.split("pub fn minor_digits");
    const [, none = "", three = ""] = /\{\s+match code \{([^=]+)=> 0,([^=]+)=> 3,/.exec(rules) ?? [];
    expect([codes(all).length > 100, codes(none).length, codes(three).length]).toEqual([true, 16, 7]);
    for (const code of codes(all))
      expect(digitsOf(code), code).toBe(codes(none).includes(code) ? 0 : codes(three).includes(code) ? 3 : 2);
    expect([money(123_450, "HUF", "en"), money(1_234_567, "IQD", "en")]).toEqual([
      "HUF\u00a01,234.50",
      "IQD\u00a01,234.567",
    ]);
    expect(minorOf("5 000 000", "IDR")).toBe(500_000_000);
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
