import type { SavedView } from "../views/data";
import { textsOf } from "../views/chips";
import type { Content } from "../views/tools";
import { type DealsSearch, filtersOf, readSearch } from "./address";

/** What a saved view keeps of an address. Days that move with today are kept in words, not as days. */
export function contentOf(search: DealsSearch): Content {
  const { view = "board", q, by, line, owner, company, contact, closes, status } = search;
  return {
    kind: view,
    q: q ?? null,
    filter: [...filtersOf({ owner, company }, ""), ...(status ? [`status:eq:${status}`] : [])],
    sort: by ?? null,
    deleted: false,
    columns: [],
    options: textsOf({ line, owner, company, contact, closes, status }),
  };
}

/** The address that a view stands for. */
export const searchOf = ({ kind, q, sort, options }: SavedView): DealsSearch =>
  readSearch({ ...options, view: kind === "board" ? undefined : kind, q: q ?? undefined, by: sort ?? undefined });
