/** What was found while somebody reads waits until he wants it: what he looks at stays where it is. */
import { useEffect, useState } from "react";

/** Where rows stand, by what each is known by. */
type Places = ReadonlyMap<string, number>;
export type Ids<T> = (item: T) => readonly string[];

const NONE: Places = new Map();

const placeOf = (ids: readonly string[], places: Places) =>
  ids.reduce((least, id) => Math.min(least, places.get(id) ?? Infinity), Infinity);

/** Parts a list that was read anew: rows that are known as they stood, with all that follows them, and those that came between. */
export function parted<T>(items: readonly T[], ids: Ids<T>, places: Places): { shown: T[]; fresh: T[] } {
  const rows = items.map((item) => ({ item, place: placeOf(ids(item), places) }));
  const after = rows.findLastIndex(({ place }) => place < Infinity) + 1;
  const fresh = rows.slice(0, after).filter(({ place }) => place === Infinity);
  const shown = rows
    .filter((row) => !fresh.includes(row))
    .sort((a, b) => (a.place < b.place ? -1 : +(a.place > b.place)));
  return { shown: shown.map(({ item }) => item), fresh: fresh.map(({ item }) => item) };
}

/** Keeps the place of each row that is shown; those that went are remembered, for they may come back. */
export function placed<T>(shown: readonly T[], ids: Ids<T>, places: Places): Places {
  if (shown.every((item) => ids(item).every((id) => places.has(id)))) return places;
  const next = new Map(places);
  let free = places.size;
  for (const item of shown) {
    const known = placeOf(ids(item), next);
    const place = known < Infinity ? known : free++;
    for (const id of ids(item)) if (!next.has(id)) next.set(id, place);
  }
  return next;
}

/** Rows to show, those that came meanwhile, and how these come in. */
export function useArrived<T>(items: readonly T[], ids: Ids<T>) {
  const [places, setPlaces] = useState(NONE);
  useEffect(() => setPlaces((old) => placed(parted(items, ids, old).shown, ids, old)), [items, ids]);
  return { ...parted(items, ids, places), take: () => setPlaces(placed(items, ids, NONE)) };
}
