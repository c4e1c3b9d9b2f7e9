import { money } from "@/ui/money";
import type { Admin } from "./api";

export type Month = Admin["RevenueMonth"];

/** Of the months of all currencies those of one, the oldest first. */
export const monthsOf = (months: readonly Month[], currency: string | undefined): Month[] =>
  months.filter((month) => month.currency === currency);

/** Every currency that was paid in, the one of most accounts first. */
export function currenciesOf(months: readonly Month[]): string[] {
  const weight = new Map<string, number>();
  for (const { currency, end_accounts: paying } of months) weight.set(currency, (weight.get(currency) ?? 0) + paying);
  return [...weight].sort(([a, x], [b, y]) => y - x || a.localeCompare(b)).map(([currency]) => currency);
}

/** The part of the accounts that paid at the start and pay no more; none where nobody paid. */
export const churnOf = ({ lost_accounts: lost, start_accounts: all }: Month): number | undefined =>
  all > 0 ? lost / all : undefined;

/** What came and what went, with its sign. */
export function netOf({ start_minor: start, end_minor: end, currency }: Month, locale: string): string {
  const net = end - start;
  const sign = net > 0 ? "+" : net < 0 ? "−" : "±";
  // The sign stays before the amount where lines run from right to left.
  return `\u2066${sign}${money(Math.abs(net), currency, locale)}\u2069`;
}

/** November 2026: months are those of UTC, wherever somebody reads. */
export const nameOf = ({ month }: Pick<Month, "month">, locale: string): string =>
  new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(month));
