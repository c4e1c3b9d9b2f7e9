import { parse } from "./filters/model";

export type Sort = "name" | "-name" | "created_at" | "-created_at" | "updated_at" | "-updated_at";
/** Views that everybody has from the start. */
export type BuiltIn = "all" | "open" | "won" | "deleted";

/** What the address of the list says: it can be sent to somebody, and the way back leads to the same rows. */
export interface ListSearch {
  /** A view: one that everybody has, or the id of a saved one. */
  view?: string;
  q?: string;
  /** Conditions in the words of the API. */
  f?: string[];
  sort?: Sort;
  /** What the view says was changed: `q`, `f` and `sort` say everything themselves. */
  own?: true;
  new?: true;
}

const BUILT_IN: readonly string[] = ["all", "open", "won", "deleted"];
const SORTS: readonly string[] = ["name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"];
export const isBuiltIn = (view: string): view is BuiltIn => BUILT_IN.includes(view);
export const isSort = (value: unknown): value is Sort => typeof value === "string" && SORTS.includes(value);

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;
const flag = (value: unknown) => (value === true || value === "true" ? true : undefined);

export function readSearch(search: Record<string, unknown>): ListSearch {
  const given = (Array.isArray(search.f) ? search.f : [search.f]).flatMap((filter) => {
    const known = typeof filter === "string" && parse(filter);
    return known ? [filter as string] : [];
  });
  // Short forms, for links from elsewhere.
  for (const [name, op] of [
    ["stage", "eq"],
    ["tag", "has"],
    ["owner", "eq"],
  ] as const) {
    const value = text(search[name]);
    if (value) given.push(name === "owner" && value === "nobody" ? "owner:empty:true" : `${name}:${op}:${value}`);
  }
  const view = text(search.view);
  return {
    view: view && (isBuiltIn(view) || /^viw_\w+$/.test(view)) ? view : undefined,
    q: text(search.q)?.slice(0, 100),
    f: given.length > 0 ? [...new Set(given)].slice(0, 40) : undefined,
    sort: isSort(search.sort) ? search.sort : undefined,
    own: flag(search.own),
    new: flag(search.new),
  };
}

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
