/** The record that it is about: what it leads to, without what stands behind. */
const recordOf = ({ id, link }: { id: string; link?: string | null }): string => link?.split(/[?#]/)[0] ?? id;

/** Notifications of one record together, in the place of the newest of them. */
export function grouped<T extends { id: string; module: string; link?: string | null }>(items: readonly T[]): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = `${item.module} ${recordOf(item)}`;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}
