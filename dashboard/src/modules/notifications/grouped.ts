import type { Notification } from "./data";

/** What decides about the group of a notification. */
export type Told = Pick<Notification, "id" | "kind" | "link" | "record" | "critical" | "told_at">;

/** What comes so much later, in milliseconds, is no quick succession any more. */
const SUCCESSION = 3_600_000;

/** The one thing that it leads to; a page without an id is none. */
const thingOf = ({ link }: Told): string | undefined => /\b[a-z]{3}_\w+/.exec(link ?? "")?.[0];

/**
 * Notifications of one kind together, in the place of the newest of them: those that follow each other within an hour, unless
 * they came by different records, such as answers by their forms; and whatever is about the same thing. What is critical is
 * never hidden behind something else. Takes them as lists have them, the last told first: what comes while one looks joins the
 * group of before.
 */
export function grouped<T extends Told>(items: readonly T[]): T[][] {
  const groups: T[][] = [];
  const lately = new Map<string, { group: T[]; at: number }>();
  const things = new Map<string, T[]>();
  for (const item of items) {
    const thing = thingOf(item);
    const at = Date.parse(item.told_at);
    const stream = `${item.kind} ${item.record === thing ? "" : (item.record ?? "")}`;
    const near = item.critical ? undefined : lately.get(stream);
    const joins = near !== undefined && Math.abs(near.at - at) <= SUCCESSION;
    const same = thing && things.get(`${item.kind} ${thing}`);
    const group = (joins && near.group) || same || [];
    if (group.length === 0) groups.push(group);
    group.push(item);
    if (!item.critical && (joins || group.length === 1)) lately.set(stream, { group, at });
    if (thing && !same) things.set(`${item.kind} ${thing}`, group);
  }
  return groups;
}
