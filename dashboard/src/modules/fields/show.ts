import type { TFunction } from "i18next";
import type { Formats } from "@/i18n/format";
import { minorOf, money, typedOf } from "@/ui/money";
import type { CustomField } from "./data";

/** What a value of the field is, whether somebody writes it or a formula gives it. */
export const shapeOf = (field: Pick<CustomField, "type" | "result">) =>
  field.type === "formula" ? (field.result ?? "text") : field.type;

const labelOf = (field: CustomField, key: unknown) =>
  field.options.find((option) => option.key === key)?.label ?? String(key);

/** A value as people read it; empty when there is none. */
export function shown(field: CustomField, value: unknown, formats: Formats, t: TFunction): string {
  if (value === undefined || value === null) return "";
  switch (shapeOf(field)) {
    case "money":
      return money(Number(value), field.currency ?? "EUR", formats.locale);
    case "number":
      return new Intl.NumberFormat(formats.locale, { maximumFractionDigits: 6 }).format(Number(value));
    case "date":
      // A day has no zone: noon of it is the same day everywhere.
      return new Intl.DateTimeFormat(formats.locale, { dateStyle: "medium", timeZone: "UTC" }).format(
        new Date(`${String(value)}T12:00:00Z`),
      );
    case "checkbox":
      return value ? t("fields.yes") : t("fields.no");
    case "select":
      return labelOf(field, value);
    case "multi_select":
      return formats.list((value as unknown[]).map((key) => labelOf(field, key)));
    default:
      return String(value);
  }
}

/** A value as it is typed into a field. */
export function typed(field: CustomField, value: unknown): string {
  if (value === undefined || value === null) return "";
  return field.type === "money" ? amountTyped(Number(value), field.currency ?? "EUR") : String(value);
}

/** Minor units as they are typed, also below zero. */
export const amountTyped = (amount: number, currency: string): string =>
  `${amount < 0 ? "-" : ""}${typedOf(Math.abs(amount), currency)}`;

/** Minor units of what was typed, also below zero; none when it is no amount. */
export function minorTyped(text: string, currency: string): number | undefined {
  const bare = text.trim();
  const isBelow = /^[-\u2212]/u.test(bare);
  const minor = minorOf(isBelow ? bare.slice(1) : bare, currency);
  return isBelow && minor ? -minor : minor;
}
