import type { Schema } from "@/api/client";

type Line = Schema["Consent"];

/** The newest line of a purpose and a channel holds. */
export function newest(items: readonly Line[]): Line[] {
  const held = new Map<string, Line>();
  for (const line of items) {
    const key = `${line.purpose}/${line.channel ?? ""}`;
    if (!held.has(key)) held.set(key, line);
  }
  return [...held.values()];
}

export const purposeOf = ({ purpose, channel }: Pick<Line, "purpose" | "channel">) =>
  [purpose.replaceAll("_", " "), channel].filter(Boolean).join(", ");

/** Words as the key that the API knows a purpose by: lower-case letters, digits and `_`, at most 63. */
export const purposeKey = (words: string): string =>
  words
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 63);
