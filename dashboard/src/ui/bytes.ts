/** How much, in the unit that a person reads. */
export function bytes(n: number, locale: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
  const step = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, n)) / Math.log(1024)));
  // Bytes have no sign that everybody knows, and in a word they have their plural.
  const look = { unitDisplay: step === 0 ? "long" : "short", maximumFractionDigits: step > 1 ? 1 : 0 } as const;
  return new Intl.NumberFormat(locale, { style: "unit", unit: units[step], ...look }).format(n / 1024 ** step);
}
