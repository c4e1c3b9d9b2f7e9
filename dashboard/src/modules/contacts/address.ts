import { parse } from "./filters/parse";

/** What a list is sorted by; the tenant's own fields by their keys. */
export type SortField = "name" | "score" | "quiet_since" | "created_at" | "updated_at" | `custom.${string}`;
export type Sort = SortField | `-${SortField}`;
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
export const isBuiltIn = (view: string): view is BuiltIn => BUILT_IN.includes(view);
export const isSort = (value: unknown): value is Sort =>
  /^-?(name|score|quiet_since|created_at|updated_at|custom\.\w+)$/.test(String(value));

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;
const flag = (value: unknown) => (value === true || value === "true" ? true : undefined);

export function readSearch(search: Record<string, unknown>): ListSearch {
  const given = (Array.isArray(search.f) ? search.f : [search.f]).flatMap((filter) => {
    const known =
      typeof filter === "string" &&
      (parse(filter) ||
        /^(custom\.\w+:\w+:.|(segment:(eq|ne):seg|import:eq:cim)_\w+$|rules:eq:\{.{1,8000}$)/su.test(filter));
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
