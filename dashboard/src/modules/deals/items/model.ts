import type { Schema } from "@/api/client";
import { minorOf, typedOf } from "@/ui/money";
import type { Deal } from "../data";

/** The limits of the API. */
export const MOST_LINES = 100;
const MOST_AMOUNT = 100_000_000_000_000n;
const MOST_QUANTITY = 1_000_000_000;
const MOST_DISCOUNT = 10_000;

/** A line as it is typed. */
export interface Line {
  key: string;
  name: string;
  quantity: string;
  price: string;
  /** In percent. */
  discount: string;
  billing: Billing;
  /** Days as the API says them; empty for none. */
  starts: string;
  ends: string;
}

/** What a line says, when all of it can be read. */
export interface Read {
  name: string;
  /** In thousandths. */
  quantity: number;
  /** In minor units. */
  unit_price: number;
  /** In hundredths of a percent. */
  discount: number;
  total: number;
  billing: Billing;
  starts_on?: string | undefined;
  ends_on?: string | undefined;
}

export type Billing = Schema["Billing"];
export const BILLINGS = ["once", "monthly", "quarterly", "yearly"] as const satisfies readonly Billing[];

export type Field = "name" | "quantity" | "unit_price" | "discount" | "starts_on" | "ends_on";
/** What is wrong with a line, by field: a code of the API. */
export type Wrong = Partial<Record<Field, string>>;

/** What a line costs, as the server reckons it: exactly, and rounded once, halves up. */
export function totalOf(quantity: number, price: number, discount: number): number | undefined {
  const exact = BigInt(quantity) * BigInt(price) * BigInt(MOST_DISCOUNT - discount);
  const rounded = (exact + 5_000_000n) / 10_000_000n;
  return rounded <= MOST_AMOUNT ? Number(rounded) : undefined;
}

/** What stands between whole and part, and between thousands, where the reader is. Only what keyboards have. */
function marksOf(locale: string): { point: string; group: string } {
  // As amounts are written, for a price stands beside it: English in Germany has a point in those and a comma elsewhere.
  const parts = new Intl.NumberFormat(locale, { style: "currency", currency: "EUR" }).formatToParts(12_345.6);
  const found = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  const point = found("decimal") === "," ? "," : ".";
  return { point, group: point === "," ? "." : "," };
}

/** A number of so many digits behind the point, as a whole number; none when it is no number. */
export function readNumber(text: string, digits: number, locale: string): number | undefined {
  const bare = text.replace(/[\s\u00a0\u202f'’%]/g, "");
  if (!/^\d[\d.,]*$/.test(bare)) return undefined;
  const { point, group } = marksOf(locale);
  // Three digits after the mark of thousands are thousands; anything else after a single mark is a part.
  const grouped = new RegExp(`^\\d{1,3}(\\${group}\\d{3})+(\\${point}\\d+)?$`);
  const plain = grouped.test(bare) ? bare.replaceAll(group, "") : bare;
  const [whole = "", part = "", ...rest] = plain.split(/[.,]/);
  if (rest.length > 0 || part.length > digits) return undefined;
  const number = Number(`${whole}${part.padEnd(digits, "0")}`);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The same number as it is typed there. */
export function typedNumber(number: number, digits: number, locale: string): string {
  const text = String(number).padStart(digits + 1, "0");
  const part = text.slice(-digits).replace(/0+$/, "");
  return text.slice(0, -digits) + (part && marksOf(locale).point + part);
}

export function linesOf({ items, currency }: Pick<Deal, "items" | "currency">, locale: string): Line[] {
  return items.map(({ name, quantity, unit_price, discount, billing, starts_on, ends_on }) => ({
    ...emptyLine(),
    name,
    billing,
    starts: starts_on ?? "",
    ends: ends_on ?? "",
    quantity: typedNumber(quantity, 3, locale),
    price: typedOf(unit_price, currency),
    discount: discount > 0 ? typedNumber(discount, 2, locale) : "",
  }));
}

let made = 0;
export const emptyLine = (): Line => {
  made += 1;
  return {
    key: `line-${made}`,
    name: "",
    quantity: "1",
    price: "",
    discount: "",
    billing: "once",
    starts: "",
    ends: "",
  };
};

/** What a line says and costs, or what is wrong with it. */
export function readLine(line: Line, currency: string, locale: string): { read?: Read; wrong: Wrong } {
  const wrong: Wrong = {};
  const name = line.name.trim();
  const quantity = readNumber(line.quantity, 3, locale);
  const price = minorOf(line.price, currency);
  const discount = line.discount.trim() === "" ? 0 : readNumber(line.discount, 2, locale);
  if (name === "") wrong.name = "required";
  else if ([...name].length > 200) wrong.name = "too_long";
  if (quantity === undefined || quantity < 1 || quantity > MOST_QUANTITY) wrong.quantity = "quantity_range";
  if (line.price.trim() === "") wrong.unit_price = "required";
  else if (price === undefined) wrong.unit_price = "amount_invalid";
  else if (BigInt(price) > MOST_AMOUNT) wrong.unit_price = "amount_range";
  if (discount === undefined || discount > MOST_DISCOUNT) wrong.discount = "discount_range";
  if (line.starts && line.ends && line.ends < line.starts) wrong.ends_on = "ends_before";
  if (wrong.quantity || wrong.unit_price || wrong.discount) return { wrong };
  const [many, each, off] = [quantity ?? 0, price ?? 0, discount ?? 0];
  const total = totalOf(many, each, off);
  if (total === undefined) return { wrong: { ...wrong, quantity: "amount_range" } };
  const { billing } = line;
  const term = { ...(line.starts && { starts_on: line.starts }), ...(line.ends && { ends_on: line.ends }) };
  return { read: { name, quantity: many, unit_price: each, discount: off, total, billing, ...term }, wrong };
}

/** What lines add up to; none when that is more than a deal may be worth. */
export function sumOf(lines: readonly { total: number }[]): number | undefined {
  const sum = lines.reduce((all, { total }) => all + BigInt(total), 0n);
  return sum <= MOST_AMOUNT ? Number(sum) : undefined;
}

/** Lines as the API takes them. */
export const bodyOf = (lines: readonly Read[]): Schema["NewDealItem"][] => lines.map(({ total: _, ...line }) => line);
