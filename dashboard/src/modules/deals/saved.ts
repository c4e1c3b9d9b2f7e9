import type { SavedView } from "../views/data";
import { textsOf } from "../views/chips";
import type { Content } from "../views/tools";
import { askedOf, type DealsSearch, filtersOf, readSearch } from "./address";

/** What a saved view keeps of an address, and which columns its table has. Days that move with today are kept in words. */
export function contentOf(search: DealsSearch, columns: readonly string[] = []): Content {
  const { view = "board", q, by, line, owner, company, contact, closes, status, f = [], deleted = false } = search;
  return {
    kind: view,
    q: q ?? null,
    filter: [...filtersOf({ owner, company }, ""), ...(status ? [`status:eq:${status}`] : []), ...f],
    sort: by ?? null,
    deleted,
    columns: view === "table" ? [...columns] : [],
    options: textsOf({ line, owner, company, contact, closes, status }),
  };
}

/** The address that a view stands for. */
export const searchOf = ({ kind, q, filter, sort, deleted, options }: SavedView): DealsSearch =>
  readSearch({
    ...options,
    view: kind === "board" ? undefined : kind,
    q: q ?? undefined,
    f: askedOf(filter),
    deleted,
    by: sort ?? undefined,
  });
