import { useState, useSyncExternalStore } from "react";
import type { Contact } from "../data";

/** Rows that are meant by what comes next. Whoever shows a part of it is drawn anew when that part changes, and only then. */
export interface Chosen {
  has: (id: string) => boolean;
  count: () => number;
  /** As they were when they were chosen: what has to be put back when a change is taken back. */
  contacts: () => ReadonlyMap<string, Contact>;
  put: (rows: readonly Contact[], on: boolean) => void;
  clear: () => void;
  subscribe: (listener: () => void) => () => void;
}

export function makeChosen(): Chosen {
  let contacts: ReadonlyMap<string, Contact> = new Map();
  const listeners = new Set<() => void>();
  const become = (next: ReadonlyMap<string, Contact>) => {
    contacts = next;
    for (const listener of listeners) listener();
  };
  return {
    has: (id) => contacts.has(id),
    count: () => contacts.size,
    contacts: () => contacts,
    put: (rows, on) => {
      const next = new Map(contacts);
      for (const row of rows) on ? next.set(row.id, row) : next.delete(row.id);
      become(next);
    },
    clear: () => contacts.size > 0 && become(new Map()),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const useChosen = (): Chosen => useState(makeChosen)[0];
export const useCount = (chosen: Chosen): number => useSyncExternalStore(chosen.subscribe, chosen.count);
export const useSome = (chosen: Chosen): boolean => useSyncExternalStore(chosen.subscribe, () => chosen.count() > 0);
export const useHas = (chosen: Chosen, id: string): boolean =>
  useSyncExternalStore(chosen.subscribe, () => chosen.has(id));
export const useContacts = (chosen: Chosen): ReadonlyMap<string, Contact> =>
  useSyncExternalStore(chosen.subscribe, chosen.contacts);
