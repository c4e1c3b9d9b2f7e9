/**
 * Kinds of events that webhooks can hear, by family. A test compares them with what the core records; what is here is
 * named in the words under `kinds`, with `_` for the dot.
 */
export const FAMILIES = {
  contact: [
    "created",
    "updated",
    "stage_changed",
    "assigned",
    "tagged",
    "consent_granted",
    "consent_withdrawn",
    "blocked",
    "unblocked",
    "deleted",
    "restored",
    "erased",
  ],
  form: ["submitted", "quarantined", "published", "unpublished"],
  submission: ["released", "marked_spam", "deleted"],
  note: ["created", "updated", "deleted"],
  activity: ["logged", "updated", "deleted"],
  tag: ["created", "updated", "deleted"],
  file: ["created", "deleted"],
  widget: ["published", "updated", "removed"],
  origin: ["allowed", "refused"],
  member: ["added", "updated", "removed"],
  data_request: ["created", "completed", "refused", "failed"],
} as const;

export type Family = keyof typeof FAMILIES;
export const families = Object.keys(FAMILIES) as Family[];
export const kindsOf = (family: Family): string[] => FAMILIES[family].map((what) => `${family}.${what}`);
const ALL = new Set(families.flatMap(kindsOf));

/** Whether a list of a webhook hears a kind: by its name, by its family or because it hears everything. */
export const hears = (kinds: readonly string[], kind: string): boolean =>
  kinds.includes("*") || kinds.includes(kind) || kinds.includes(`${kind.split(".")[0]}.*`);

/** What a webhook asked for that is not in the list here; it is kept as it is. */
export const others = (kinds: readonly string[]): string[] =>
  kinds.filter((kind) => kind !== "*" && !ALL.has(kind) && !families.some((family) => kind === `${family}.*`));

/** The shortest spelling: a whole family is a star. */
export function spelled(kinds: readonly string[]): string[] {
  if (kinds.includes("*")) return ["*"];
  const short = families.flatMap((family) => {
    const all = kindsOf(family);
    return all.every((kind) => hears(kinds, kind)) ? [`${family}.*`] : all.filter((kind) => kinds.includes(kind));
  });
  return [...short, ...others(kinds)];
}

/** Turns single kinds on or off; stars are spelled out first. */
export function turned(kinds: readonly string[], which: readonly string[], on: boolean): string[] {
  const now = new Set(families.flatMap(kindsOf).filter((kind) => hears(kinds, kind)));
  for (const kind of which) on ? now.add(kind) : now.delete(kind);
  return spelled([...now, ...others(kinds)]);
}
