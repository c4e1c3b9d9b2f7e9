/** How much, in the unit that a person reads. */
export function bytes(n: number, locale: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
  const step = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, n)) / Math.log(1024)));
  const unit = units[step];
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: step > 1 ? 1 : 0 }).format(
    n / 1024 ** step,
  );
}
