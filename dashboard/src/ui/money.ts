/** Digits behind the point of a currency: two for most, none for yen, three for some dinars. */
export function digits(currency: string): number {
  try {
    const format = new Intl.NumberFormat("en", { style: "currency", currency });
    return format.resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** An amount in minor units, as a person writes it. */
export function money(minor: number, currency: string, locale: string): string {
  try {
    return new Intl.NumberFormat(locale, { style: "currency", currency }).format(minor / 10 ** digits(currency));
  } catch {
    return `${minor} ${currency}`;
  }
}

/** The same without what is nothing: whole amounts have no digits behind the point. */
export function shortMoney(minor: number, currency: string, locale: string): string {
  const amount = minor / 10 ** digits(currency);
  try {
    const places = Number.isInteger(amount) ? { maximumFractionDigits: 0 } : {};
    return new Intl.NumberFormat(locale, { style: "currency", currency, ...places }).format(amount);
  } catch {
    return `${minor} ${currency}`;
  }
}

/** What somebody typed, in minor units; none when it is no amount. */
export function minorOf(typed: string, currency: string): number | undefined {
  const amount = Number(typed.trim().replace(",", "."));
  return typed.trim() === "" || !Number.isFinite(amount) ? undefined : Math.round(amount * 10 ** digits(currency));
}

/** Minor units as somebody would type them. */
export const typedOf = (minor: number, currency: string): string => `${minor / 10 ** digits(currency)}`;
