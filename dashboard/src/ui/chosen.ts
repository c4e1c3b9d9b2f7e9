import { useState, useSyncExternalStore } from "react";

/** What can be chosen. */
export interface Row {
  id: string;
}

/** Everything that a list shows is chosen, also what nobody has read, but for some rows. */
export interface Everything {
  count: number;
  but: ReadonlySet<string>;
}

/** Rows that are meant by what comes next. Whoever shows a part of it is drawn anew when that part changes, and only then. */
export interface Chosen<T extends Row> {
  has: (id: string) => boolean;
  count: () => number;
  /** As they were when they were chosen: what has to be put back when a change is taken back. */
  rows: () => ReadonlyMap<string, T>;
  put: (rows: readonly T[], on: boolean) => void;
  /** Chooses all that the list shows, so many. */
  putAll: (count: number) => void;
  everything: () => Everything | undefined;
  clear: () => void;
  subscribe: (listener: () => void) => () => void;
}

export function makeChosen<T extends Row>(): Chosen<T> {
  let chosen: ReadonlyMap<string, T> = new Map();
  let all: Everything | undefined;
  const listeners = new Set<() => void>();
  const become = (next: ReadonlyMap<string, T>, everything?: Everything) => {
    chosen = next;
    all = everything;
    for (const listener of listeners) listener();
  };
  return {
    has: (id) => (all ? !all.but.has(id) : chosen.has(id)),
    count: () => (all ? all.count - all.but.size : chosen.size),
    rows: () => chosen,
    put: (rows, on) => {
      if (all) {
        const but = new Set(all.but);
        for (const row of rows) on ? but.delete(row.id) : but.add(row.id);
        return become(chosen, but.size < all.count ? { ...all, but } : undefined);
      }
      const next = new Map(chosen);
      for (const row of rows) on ? next.set(row.id, row) : next.delete(row.id);
      become(next);
    },
    putAll: (count) => become(chosen, { count, but: new Set() }),
    everything: () => all,
    clear: () => (chosen.size > 0 || all) && become(new Map()),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const useChosen = <T extends Row>(): Chosen<T> => useState(() => makeChosen<T>())[0];
export const useCount = <T extends Row>(chosen: Chosen<T>): number =>
  useSyncExternalStore(chosen.subscribe, chosen.count);
export const useSome = <T extends Row>(chosen: Chosen<T>): boolean =>
  useSyncExternalStore(chosen.subscribe, () => chosen.count() > 0);
export const useHas = <T extends Row>(chosen: Chosen<T>, id: string): boolean =>
  useSyncExternalStore(chosen.subscribe, () => chosen.has(id));
export const useRows = <T extends Row>(chosen: Chosen<T>): ReadonlyMap<string, T> =>
  useSyncExternalStore(chosen.subscribe, chosen.rows);
export const useEverything = <T extends Row>(chosen: Chosen<T>): Everything | undefined =>
  useSyncExternalStore(chosen.subscribe, chosen.everything);
