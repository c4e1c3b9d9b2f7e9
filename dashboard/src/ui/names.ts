/** Two letters to recognise somebody by. Counts what people see, not code units: emoji and marks stay whole. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = (word: string | undefined) => (word ? (graphemes(word)[0] ?? "") : "");
  const [one, two] = [first(words[0]), words.length > 1 ? first(words.at(-1)) : (graphemes(words[0] ?? "")[1] ?? "")];
  return (one + two).toLocaleUpperCase() || "?";
}

/** Slow to make, and nearly every name is plain letters. */
let segmenter: Intl.Segmenter | undefined;

function graphemes(text: string): string[] {
  if (/^[\u0020-\u02ff]*$/.test(text) || !("Segmenter" in Intl)) return [...text];
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), (s) => s.segment);
}

/** One of twelve hues, always the same for the same id. */
export function hueOf(id: string): number {
  let hash = 2166136261;
  for (const char of id) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619);
  return (hash >>> 8) % 12;
}
