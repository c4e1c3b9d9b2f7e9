/** How a text names a member: by his id, so that he may be called otherwise tomorrow. */
const NAMED = /@(usr_[0-9a-z]{26})(?![0-9a-z_])/g;

/** A text in pieces: words, and members by id. */
export function pieces(text: string): (string | { member: string })[] {
  const found: (string | { member: string })[] = [];
  let from = 0;
  for (const match of text.matchAll(NAMED)) {
    if (match.index > from) found.push(text.slice(from, match.index));
    found.push({ member: match[1] as string });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push(text.slice(from));
  return found;
}

/** The text as somebody edits it, with names; gives also who is named by what. */
export function named(text: string, name: (id: string) => string | undefined) {
  const people = new Map<string, string>();
  const words = pieces(text).map((piece) => {
    if (typeof piece === "string") return piece;
    const called = name(piece.member);
    if (!called) return `@${piece.member}`;
    people.set(called, piece.member);
    return `@${called}`;
  });
  return { text: words.join(""), people };
}

/** The text as it is kept: `@Name` becomes the id of whoever was chosen by that name; the longest name first. */
export function kept(text: string, people: ReadonlyMap<string, string>): string {
  const names = [...people.keys()].sort((a, b) => b.length - a.length);
  if (names.length === 0) return text;
  // With more letters behind it, it would be no id: somebody has typed another name on.
  const any = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  return text.replace(new RegExp(`@(${any})(?![0-9A-Za-z_])`, "g"), (_, name: string) => `@${people.get(name)}`);
}

/** Somebody who can be named. */
export interface Person {
  id: string;
  name: string;
  email?: string;
}

/** What each is called in a text: by name, and where several have one name, by address too, or by number. */
export function callings(people: readonly Person[]): Map<string, string> {
  const named = new Map<string, Person[]>();
  for (const person of people) named.set(person.name, [...(named.get(person.name) ?? []), person]);
  return new Map(
    [...named.values()].flatMap((same) =>
      same.map(
        ({ id, name, email }, index) => [id, same.length > 1 ? `${name} (${email ?? index + 1})` : name] as const,
      ),
    ),
  );
}

/** Who is named in a draft, as text and back; whatever cannot be read names nobody. */
export const writtenPeople = (people: ReadonlyMap<string, string>): string =>
  people.size > 0 ? JSON.stringify([...people]) : "";
export function readPeople(text: string): ReadonlyMap<string, string> {
  try {
    return new Map(text ? (JSON.parse(text) as [string, string][]) : []);
  } catch {
    return new Map();
  }
}

/** What stands between the last @ and the caret, when a name may be meant. */
export function asked(text: string, caret: number): { from: number; words: string } | undefined {
  const before = text.slice(0, caret);
  const from = before.lastIndexOf("@");
  if (from < 0 || /[\p{L}\p{N}]$/u.test(before.slice(0, from))) return undefined;
  const words = before.slice(from + 1);
  return words.length <= 40 && !/[\n@]/.test(words) && !/^\s|\s\s/.test(words) ? { from, words } : undefined;
}
