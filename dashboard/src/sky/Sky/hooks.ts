import { type Dispatch, type RefObject, type SetStateAction, useEffect, useRef, useState } from "react";
import type { StarEvent } from "./merge";

const SEEN = "upzSkySeen";

/** Whether this is the session's first sky: only that one arrives with a movement. */
export function useFirst(): boolean {
  const [first] = useState(() => {
    try {
      return sessionStorage.getItem(SEEN) === null;
    } catch {
      // Storage may be forbidden; then the sky simply stands there.
      return false;
    }
  });
  useEffect(() => {
    try {
      sessionStorage.setItem(SEEN, "1");
    } catch {
      // As above.
    }
  }, []);
  return first;
}

const NOBODY: ReadonlySet<string> = new Set();

/** The ids that came since the sky was first drawn: each brightens once. */
export function useFresh(stars: readonly StarEvent[]): ReadonlySet<string> {
  const first = useRef<ReadonlySet<string>>(undefined);
  const [fresh, setFresh] = useState(NOBODY);
  useEffect(() => {
    const known = first.current;
    if (!known) {
      first.current = new Set(stars.map(({ id }) => id));
      return;
    }
    const late = stars.filter(({ id }) => !known.has(id)).map(({ id }) => id);
    setFresh((old) => (late.length === old.size && late.every((id) => old.has(id)) ? old : new Set(late)));
  }, [stars]);
  return fresh;
}

const TYPING = "input, textarea, select, [contenteditable=true], [role=textbox]";

/** Whether the list is open, and the key L that opens and closes it. Closing gives the focus back to the button. */
export function useListKey(
  on: boolean,
  button: RefObject<HTMLButtonElement | null>,
): [open: boolean, set: Dispatch<SetStateAction<boolean>>] {
  const [open, setOpen] = useState(false);
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !open) button.current?.focus();
    was.current = open;
  }, [open, button]);
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest(TYPING);
      if (event.key.toLowerCase() !== "l" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      setOpen((is) => !is);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [on]);
  return [open, setOpen];
}
