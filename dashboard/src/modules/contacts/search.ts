import { isBuiltIn, isSort, type ListSearch, type Sort } from "./address";

export * from "./address";

/** What is listed, whoever said it: the address or a saved view. */
export interface Listed {
  q: string;
  filter: string[];
  sort?: Sort;
  deleted: boolean;
}

export interface ViewLike {
  id: string;
  q?: string | null;
  filter: string[];
  sort?: string | null;
  deleted: boolean;
}

/** What a view lists by itself. */
export function listedBy(view: string, saved: readonly ViewLike[], stages: readonly StageLike[]): Listed {
  const kept = saved.find(({ id }) => id === view);
  if (kept)
    return {
      q: kept.q ?? "",
      filter: kept.filter,
      ...(isSort(kept.sort) && { sort: kept.sort }),
      deleted: kept.deleted,
    };
  const keys = stages.filter((stage) => stage.outcome === view).map((stage) => stage.key);
  const some = (view === "open" || view === "won") && keys.length > 0;
  return { q: "", filter: some ? [`stage:in:${keys.join(",")}`] : [], deleted: view === "deleted" };
}

/** What the address lists: its own words, on top of a built-in view; a saved one speaks until somebody changes it. */
export function listed(
  search: ListSearch,
  view: string,
  saved: readonly ViewLike[],
  stages: readonly StageLike[],
): Listed {
  const base = listedBy(view, saved, stages);
  const own = search.own || isBuiltIn(view);
  if (!own) return base;
  const filter = search.f ?? [];
  const named = filter.some((text) => text.startsWith("stage:"));
  return {
    q: search.q ?? "",
    // A chosen stage says more than the view does.
    filter: isBuiltIn(view) && !named ? [...base.filter, ...filter] : filter,
    ...(search.sort && { sort: search.sort }),
    deleted: base.deleted,
  };
}

export interface StageLike {
  key: string;
  outcome: string;
}

/** The same in the words of the API. */
export const queryOf = ({ q, filter, sort, deleted }: Listed) => ({
  ...(q && { q }),
  ...(deleted && { deleted: true }),
  ...(sort && { sort }),
  ...(filter.length > 0 && { filter }),
});

export const isSame = (a: Listed, b: Listed): boolean =>
  a.q === b.q &&
  (a.sort ?? "") === (b.sort ?? "") &&
  a.deleted === b.deleted &&
  a.filter.join("\n") === b.filter.join("\n");

export const isFiltered = ({ q, filter }: Listed): boolean => q !== "" || filter.length > 0;
