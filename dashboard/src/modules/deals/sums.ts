import type { TFunction } from "i18next";
import type { Schema } from "@/api/client";
import { headline, money } from "@/ui/money";

/** What deals add up to, by currency; exact, because minor units are whole numbers. */
export function sumsOf(deals: readonly { currency: string; amount: number }[]): { currency: string; amount: number }[] {
  const sums = new Map<string, number>();
  for (const { currency, amount } of deals) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums].map(([currency, amount]) => ({ currency, amount }));
}

type Home = Schema["HomeTotal"];
type Sum = { currency: string; amount: number };
type Converted = Pick<Home, "currency" | "count" | "amount"> & { missing: readonly Sum[] };

/** What deals come to: by currency, and in the account's own as far as there are rates. */
export interface Sums {
  totals: readonly Sum[];
  home: Converted | undefined;
}

/** The same deals in the account's own currency, as far as there are rates; none when there is no deal. */
export function homeOf(deals: readonly Schema["Deal"][]): Converted | undefined {
  const [first] = deals;
  if (!first) return undefined;
  const known = deals.flatMap(({ home_amount }) => (typeof home_amount === "number" ? [home_amount] : []));
  const missing = sumsOf(deals.filter(({ home_amount }) => typeof home_amount !== "number"));
  const amount = known.reduce((sum, each) => sum + each, 0);
  return { currency: first.home_currency, count: known.length, amount, missing };
}

/** Whether anything has to be converted to be told in one sum. */
export const isMixed = (totals: readonly { currency: string }[], home: Pick<Home, "currency">): boolean =>
  totals.some(({ currency }) => currency !== home.currency);

/** What is not in a sum because nobody knows what its currency is worth, by name; nothing when everything is. */
export function missingWords({ missing }: Home, t: TFunction, locale: string): string | undefined {
  if (missing.length === 0) return undefined;
  const amounts = missing.map(({ amount, currency }) => money(amount, currency, locale));
  return t("deals.home.missing", { amounts: new Intl.ListFormat(locale).format(amounts) });
}

/**
 * One sum for where there is room for one: of several currencies what they come to in the account's own, about, with the
 * parts beside it. Dots say that there is more, of which nobody knows what it is worth.
 */
export function toldSum(
  totals: readonly Sum[],
  home: Converted | undefined,
  locale: string,
): { text: string; parts?: string } | undefined {
  if (totals.length === 0) return undefined;
  const parts = totals.map(({ amount, currency }) => headline(amount, currency, locale)).join(" + ");
  if (!home || home.count === 0 || !isMixed(totals, home)) return { text: parts };
  const more = home.missing.length > 0 ? " + …" : "";
  return { text: `≈ ${headline(home.amount, home.currency, locale, true)}${more}`, parts };
}
