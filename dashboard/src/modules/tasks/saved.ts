import type { SavedView } from "../views/data";
import { textsOf } from "../views/chips";
import type { Content } from "../views/tools";
import { filtersOf, readSearch, type TasksSearch } from "./address";

/** What a saved view keeps of an address: whoever looks is meant when nobody is named. */
export function contentOf(search: TasksSearch): Content {
  const { view = "board", q, by, who, kind, priority, status, from, until } = search;
  return {
    kind: view === "figures" ? "board" : view,
    q: q ?? null,
    filter: [...filtersOf({ who, kind, priority, from, until }, undefined), ...(status ? [`status:eq:${status}`] : [])],
    sort: by ?? null,
    deleted: false,
    columns: [],
    options: textsOf({ who, kind, priority, status, from, until }),
  };
}

/** The address that a view stands for. */
export const searchOf = ({ kind, q, sort, options }: SavedView): TasksSearch =>
  readSearch({ ...options, view: kind === "board" ? undefined : kind, q: q ?? undefined, by: sort ?? undefined });
