import type { SavedView } from "../views/data";
import { textsOf } from "../views/chips";
import type { Content } from "../views/tools";
import { type ListSearch, readSearch } from "./address";

/** What a saved view keeps of an address, and which columns are shown. */
export function contentOf({ view, q, f, sort }: ListSearch, columns: readonly string[]): Content {
  return {
    kind: "table",
    q: q ?? null,
    filter: f ?? [],
    sort: sort ?? null,
    deleted: view === "deleted",
    columns: [...columns],
    options: textsOf({ view }),
  };
}

/** The address that a view stands for. */
export const searchOf = ({ q, filter, sort, options }: SavedView): ListSearch =>
  readSearch({ ...options, q: q ?? undefined, f: filter, sort: sort ?? undefined });
