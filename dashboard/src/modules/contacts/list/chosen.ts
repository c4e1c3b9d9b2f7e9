import { useCallback, useMemo, useState } from "react";
import type { Contact } from "../data";

export interface Chosen {
  ids: ReadonlySet<string>;
  /** As they were when they were chosen: what has to be put back when a change is taken back. */
  contacts: ReadonlyMap<string, Contact>;
  put: (rows: readonly Contact[], on: boolean) => void;
  clear: () => void;
}

/** Rows that are meant by what comes next. */
export function useChosen(): Chosen {
  const [contacts, setContacts] = useState<ReadonlyMap<string, Contact>>(new Map());
  const put = useCallback((rows: readonly Contact[], on: boolean) => {
    setContacts((old) => {
      const next = new Map(old);
      for (const row of rows) on ? next.set(row.id, row) : next.delete(row.id);
      return next;
    });
  }, []);
  const clear = useCallback(() => setContacts((old) => (old.size === 0 ? old : new Map())), []);
  const ids = useMemo(() => new Set(contacts.keys()), [contacts]);
  return { ids, contacts, put, clear };
}
