import type { Schema } from "@/api/client";

export type Fate = Schema["Fate"];
/** What can become of a deal, the best first. */
export const FATES = ["won", "open", "moved", "lost", "abandoned", "deleted"] as const satisfies readonly Fate[];

type Outcome = Pick<Schema["ForecastOutcome"], "month" | "currency" | "fate" | "count" | "amount">;
interface Became {
  fate: Fate;
  count: number;
  amount: number;
}

/** A line of the comparison: what was believed, what became of it, and which deals that are. */
export interface Line {
  key: string;
  /** Its first day; without one the deals named no day. */
  month?: string;
  currency: string;
  count: number;
  amount: number;
  weighted: number;
  fates: Became[];
  /** Conditions of its deals, as they are asked of that day. */
  filter: string[];
}

/** The first day of the month after one. */
export function monthAfter(month: string): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10);
}

/** What became of the deals that fit, added up; exact, because minor units are whole numbers. */
function became(outcomes: readonly Outcome[]): Became[] {
  return FATES.flatMap((fate) => {
    const mine = outcomes.filter((outcome) => outcome.fate === fate);
    if (mine.length === 0) return [];
    const sum = (of: "count" | "amount") => mine.reduce((all, outcome) => all + outcome[of], 0);
    return [{ fate, count: sum("count"), amount: sum("amount") }];
  });
}

/** The lines of a past forecast, month by month and then everything of each currency. */
export function monthsOf(then: Pick<Schema["Forecast"], "months" | "totals">, outcomes: readonly Outcome[]): Line[] {
  const months = then.months.map(({ month, currency, count, amount, weighted }) => ({
    key: `${month}${currency}`,
    ...(month && { month }),
    currency,
    count,
    amount,
    weighted,
    fates: became(outcomes.filter((each) => each.month === month && each.currency === currency)),
    filter: [
      `currency:eq:${currency}`,
      ...(month
        ? [`expected_close:gte:${month}`, `expected_close:lt:${monthAfter(month)}`]
        : ["expected_close:empty:true"]),
    ],
  }));
  if (then.months.length < 2) return months;
  const totals = then.totals.map(({ currency, count, amount, weighted }) => ({
    key: `all${currency}`,
    currency,
    count,
    amount,
    weighted,
    fates: became(outcomes.filter((each) => each.currency === currency)),
    filter: [`currency:eq:${currency}`],
  }));
  return [...months, ...totals];
}

/** Where each part of a bar of a hundred begins, and how wide it is. */
export function shapeOf(fates: readonly Became[], whole: number): { fate: Fate; from: number; width: number }[] {
  let from = 0;
  return fates.map(({ fate, amount }) => {
    const part = { fate, from, width: whole > 0 ? (100 * amount) / whole : 0 };
    from += part.width;
    return part;
  });
}
