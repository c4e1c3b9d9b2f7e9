/** Without case, accents and marks: "orbites" finds "Orbités". */
export const fold = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** Every word of the query begins or stands in the text. */
export function matches(text: string, query: string): boolean {
  const where = fold(text);
  return fold(query)
    .split(/\s+/)
    .every((word) => where.includes(word));
}
