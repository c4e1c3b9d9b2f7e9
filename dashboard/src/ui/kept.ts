import { useState } from "react";

/** A choice that this browser remembers. */
export function useKept<T>(key: string, initial: T): [T, (next: T) => void] {
  const [value, setValue] = useState<T>(() => {
    try {
      const kept = localStorage.getItem(key);
      return kept === null ? initial : (JSON.parse(kept) as T);
    } catch {
      return initial;
    }
  });
  return [
    value,
    (next) => {
      setValue(next);
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // It holds until the page is closed.
      }
    },
  ];
}

/** What somebody is writing, kept in this tab until it is sent: a reload or a new sign-in loses nothing. */
export function useDraft(key: string): [string, (next: string) => void, () => void] {
  const name = `upz.draft.${key}`;
  const [text, setText] = useState(() => {
    try {
      return sessionStorage.getItem(name) ?? "";
    } catch {
      return "";
    }
  });
  const keep = (next: string) => {
    setText(next);
    try {
      if (next) sessionStorage.setItem(name, next);
      else sessionStorage.removeItem(name);
    } catch {
      // It holds until the page is closed.
    }
  };
  return [text, keep, () => keep("")];
}
