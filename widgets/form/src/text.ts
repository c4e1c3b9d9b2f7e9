/** The widget's own words, in the visitor's language. */
import { LONGEST } from "./engine";
import en from "./strings/en.json";
import type { Field } from "./types";

export type Word = keyof typeof en;
let words: Record<string, string> = en;
let lang = "en";

declare const STRINGS: Record<string, string>;

/** Loads the words of one language; English, already here, stays for any that is missing or unreachable. */
export async function speak(wanted: string): Promise<void> {
  lang = wanted;
  const file = typeof STRINGS === "object" && STRINGS[wanted.split("-")[0] ?? ""];
  if (!file) return;
  try {
    words = { ...en, ...(await (await fetch(`/v1/${file}`)).json()) };
  } catch {
    // English words beat no form.
  }
}

/** Takes words that are at hand already. */
export function adopt(language: string, own: Record<string, string>): void {
  lang = language;
  words = { ...en, ...own };
}

export const direction = (l: string): "rtl" | "ltr" => (/^(ar|he|fa|ur)\b/.test(l) ? "rtl" : "ltr");

const show = (v: unknown): string => (typeof v === "number" ? new Intl.NumberFormat(lang).format(v) : `${v ?? ""}`);

export function t(word: Word, values: object = {}): string {
  return (words[word] ?? "").replace(/\{(\w+)\}/g, (_, k) => show((values as Record<string, unknown>)[k]));
}

/** A size in bytes as people write it. */
export function size(bytes: number): string {
  const unit = bytes >= 1e6 ? "megabyte" : "kilobyte";
  const n = Math.max(0.1, bytes / (bytes >= 1e6 ? 1e6 : 1e3));
  const opts = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: n < 10 ? 1 : 0 } as const;
  return new Intl.NumberFormat(lang, opts).format(n);
}

/** What to tell the visitor about a refused answer. */
export function problem(f: Field, code: string): string {
  let word = `e_${code}`;
  if (code === "required" && ["select", "radio", "multi", "rating"].includes(f.type)) word = "e_choose";
  if (code === "type" && f.type === "number") word = "e_number";
  if (code === "step" && f.type === "rating") word = "e_whole";
  const max = f.type === "file" ? (f.max_files ?? 1) : f.type === "rating" ? (f.max ?? 5) : f.max;
  const max_length = f.max_length ?? LONGEST[f.type];
  const values = { ...f, min: f.type === "rating" ? 1 : f.min, max, max_length, size: size(f.max_bytes ?? 0) };
  return t((word in en ? word : "e_type") as Word, values);
}

/** A typed number in the visitor's notation, or the text itself when it is none. */
export function parseNumber(text: string): number | string {
  const ascii = digits(text.trim());
  const comma = new Intl.NumberFormat(lang).formatToParts(1.5).find((p) => p.type === "decimal")?.value === ",";
  let s = ascii.replace(/[\u066c\u00a0\u202f ']/g, "").replace("\u066b", ".");
  s = comma ? s.replace(/\.(?=\d{3}(\D|$))/g, "").replace(",", ".") : s.replace(/,(?=\d{3}(\D|$))/g, "");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(s) ? Number(s) : ascii;
}

/** Arabic and Persian digits as the ASCII ones the server reads. */
export const digits = (s: string): string =>
  s.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (d) => `${d.charCodeAt(0) & 15}`);
