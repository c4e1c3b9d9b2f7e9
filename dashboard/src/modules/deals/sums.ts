import type { TFunction } from "i18next";
import type { Schema } from "@/api/client";
import { money } from "@/ui/money";

/** What deals add up to, by currency; exact, because minor units are whole numbers. */
export function sumsOf(deals: readonly { currency: string; amount: number }[]): { currency: string; amount: number }[] {
  const sums = new Map<string, number>();
  for (const { currency, amount } of deals) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums].map(([currency, amount]) => ({ currency, amount }));
}

type Home = Schema["HomeTotal"];

/** Whether anything has to be converted to be told in one sum. */
export const isMixed = (totals: readonly { currency: string }[], home: Home): boolean =>
  totals.some(({ currency }) => currency !== home.currency);

/** What is not in a sum because nobody knows what its currency is worth, by name; nothing when everything is. */
export function missingWords({ missing }: Home, t: TFunction, locale: string): string | undefined {
  if (missing.length === 0) return undefined;
  const amounts = missing.map(({ amount, currency }) => money(amount, currency, locale));
  return t("deals.home.missing", { amounts: new Intl.ListFormat(locale).format(amounts) });
}
