import { describe, expect, it } from "vitest";
import { minorOf, money, typedOf } from "@/ui/money";

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
});
