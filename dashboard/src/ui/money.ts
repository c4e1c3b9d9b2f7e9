const WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
const THREE = "BHD IQD JOD KWD LYD OMR TND";

/**
 * How many digits a currency has behind the point, by ISO 4217, as the server counts its minor units. What browsers say differs
 * from that, and from one to the other: they know how much of it people still write (no fillér of a forint).
 */
export const digitsOf = (currency: string): number =>
  WHOLE.split(" ").includes(currency) ? 0 : THREE.split(" ").includes(currency) ? 3 : 2;

/** Minor units as a number of the currency: for drawings, never for sums. */
export const major = (amount: number, currency: string): number => amount / 10 ** digitsOf(currency);

const known = new Map<string, Intl.NumberFormat>();

/** An amount in the reader's way of writing; without cents when there are none. */
export function money(amount: number, currency: string, locale: string): string {
  const digits = digitsOf(currency);
  const whole = amount % 10 ** digits === 0;
  const key = `${locale}/${currency}/${whole}`;
  const format =
    known.get(key) ??
    new Intl.NumberFormat(locale, {
      style: "currency",
      currency,
      minimumFractionDigits: whole ? 0 : digits,
      maximumFractionDigits: whole ? 0 : digits,
    });
  known.set(key, format);
  return sided(format.format(amount / 10 ** digits));
}

/** Where a line runs from right to left, a sign at the end would leave its letters (`UK£`) and go before them. */
const sided = (text: string): string => (/[A-Z]\p{Sc}$/u.test(text) ? `${text}\u200e` : text);

const heads = new Map<string, Intl.NumberFormat>();

/**
 * An amount as a head says it: no cents from a thousand on, and short from ten millions on (`£12.3M`). Of the account's
 * own currency the sign alone is enough.
 */
export function headline(amount: number, currency: string, locale: string, own = false): string {
  const digits = digitsOf(currency);
  const size = Math.abs(amount) / 10 ** digits;
  if (size < 1_000) return money(amount, currency, locale);
  const short = size >= 10_000_000;
  const key = `${locale}/${currency}/${short}/${own}`;
  const format =
    heads.get(key) ??
    new Intl.NumberFormat(locale, {
      style: "currency",
      currency,
      ...(own && { currencyDisplay: "narrowSymbol" }),
      ...(short ? { notation: "compact", maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 }),
    });
  heads.set(key, format);
  return sided(format.format(amount / 10 ** digits));
}

/** The same as it is typed into a field: digits and a point. */
export function typedOf(amount: number, currency: string): string {
  const digits = digitsOf(currency);
  const text = String(amount).padStart(digits + 1, "0");
  if (digits === 0) return text;
  const [whole, cents] = [text.slice(0, -digits), text.slice(-digits)];
  return Number(cents) === 0 ? whole : `${whole}.${cents}`;
}

/** Digits alone, or in groups as people write them: `1,234`, `12,34,567`. */
const GROUPED = /^(\d+|[1-9]\d{0,2}([.,]\d{2,3})*[.,]\d{3})$/;

/** Minor units of what was typed, exactly: `1,234.50`, `1.234,50`, `1 234`; none when it is no amount of that currency. */
export function minorOf(text: string, currency: string): number | undefined {
  const digits = digitsOf(currency);
  const bare = text.replace(/[\s\u00a0\u202f'’]/g, "");
  if (!/^\d[\d.,]*$/.test(bare)) return undefined;
  // The last mark is the point when no more digits follow it than the currency has behind its point.
  const at = Math.max(bare.lastIndexOf("."), bare.lastIndexOf(","));
  const behind = at < 0 ? 0 : bare.length - at - 1;
  const isPoint = at >= 0 && behind <= digits && bare.split(bare[at] as string).length === 2;
  const written = isPoint ? bare.slice(0, at) : bare;
  // `1.5` is no amount of yen, and no fifteen of them.
  if (!GROUPED.test(written)) return undefined;
  const whole = written.replace(/[.,]/g, "");
  const cents = isPoint ? bare.slice(at + 1) : "";
  const amount = Number(`${whole}${cents.padEnd(digits, "0")}`);
  return Number.isSafeInteger(amount) ? amount : undefined;
}
