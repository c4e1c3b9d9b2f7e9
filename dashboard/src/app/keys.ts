import { useEffect, useRef, useSyncExternalStore } from "react";

/**
 * Single keys, and two in a row ("g c"). They are silent while somebody types and while a dialog is open, and can be
 * switched off as a whole.
 */
export interface Shortcut {
  keys: string;
  label: string;
  run: (event: KeyboardEvent) => void;
  /** Only in the list of shortcuts: something else listens. */
  listed?: "only";
}

const OFF = "upz.keys";
const active = new Map<symbol, Shortcut[]>();
const listeners = new Set<() => void>();
let snapshot: Shortcut[] = [];
let first: { key: string; at: number } | undefined;

function changed(): void {
  snapshot = [...active.values()].flat();
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useShortcutList = (): Shortcut[] => useSyncExternalStore(subscribe, () => snapshot);

export const singleKeys = {
  get on(): boolean {
    try {
      return localStorage.getItem(OFF) !== "off";
    } catch {
      return true;
    }
  },
  set on(on: boolean) {
    try {
      if (on) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "off");
    } catch {
      // It holds until the page is closed.
    }
    changed();
  },
};

export const useSingleKeys = (): boolean => useSyncExternalStore(subscribe, () => singleKeys.on);

/** Shortcuts of what is on the screen; the last one to come wins. */
export function useShortcuts(shortcuts: Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const names = shortcuts.map((s) => `${s.keys}=${s.label}`).join("\n");
  useEffect(() => {
    const id = Symbol();
    const list = latest.current.map((shortcut, index) => ({
      ...shortcut,
      run: (event: KeyboardEvent) => latest.current[index]?.run(event),
    }));
    active.set(id, list);
    changed();
    return () => {
      active.delete(id);
      changed();
    };
  }, [names]);
}

// What was just done is told in dialogs too, but nobody is kept in one: after "Undo" by keyboard the next key is meant for the page.
const writes = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    (target.closest("[role=dialog],[role=menu]") && !target.closest("[data-news]")));

function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !singleKeys.on) return;
  if (writes(event.target) || document.querySelector("[role=dialog][data-open]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const pair = first && event.timeStamp - first.at < 1000 ? `${first.key} ${key}` : undefined;
  const find = (keys: string) => snapshot.findLast((s) => s.keys === keys && s.listed !== "only");
  const found = (pair && find(pair)) || find(key);
  first = { key, at: event.timeStamp };
  if (!found) return;
  event.preventDefault();
  first = undefined;
  found.run(event);
}

if (typeof document !== "undefined") document.addEventListener("keydown", press);
