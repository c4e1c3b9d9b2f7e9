import type { SavedView } from "../views/data";
import { textsOf } from "../views/chips";
import type { Content } from "../views/tools";
import { filtersOf, readSearch, type TasksSearch } from "./address";

/** What a saved view keeps of an address: whoever looks is meant when nobody is named. */
export function contentOf(search: TasksSearch): Content {
  const { view = "board", q, by, saved: _, task: __, new: ___, deleted = false, ...narrowed } = search;
  return {
    kind: view === "figures" ? "board" : view,
    q: q ?? null,
    filter: [
      ...filtersOf(narrowed, undefined),
      ...(narrowed.status && !deleted ? [`status:eq:${narrowed.status}`] : []),
    ],
    sort: by ?? null,
    deleted,
    columns: [],
    options: textsOf({ ...narrowed }),
  };
}

/** The address that a view stands for. */
export const searchOf = ({ kind, q, sort, deleted, options }: SavedView): TasksSearch =>
  readSearch({
    ...options,
    view: kind === "board" ? undefined : kind,
    q: q ?? undefined,
    by: sort ?? undefined,
    deleted,
  });
