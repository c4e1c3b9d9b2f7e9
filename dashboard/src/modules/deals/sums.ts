/** What deals add up to, by currency; exact, because minor units are whole numbers. */
export function sumsOf(deals: readonly { currency: string; amount: number }[]): { currency: string; amount: number }[] {
  const sums = new Map<string, number>();
  for (const { currency, amount } of deals) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums].map(([currency, amount]) => ({ currency, amount }));
}
