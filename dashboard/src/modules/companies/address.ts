import { parse } from "./filters";

const VIEWS = ["all", "active", "prospect", "deleted"] as const;
const FIELDS = [
  "name",
  "annual_value",
  "lifetime_value",
  "contract_value",
  "recurring_revenue",
  "renews_on",
  "health",
  "created_at",
  "updated_at",
] as const;

export type View = (typeof VIEWS)[number];
/** What the server can sort by; the tenant's own fields by their keys. */
export type SortField = (typeof FIELDS)[number] | `custom.${string}`;
export type Sort = SortField | `-${SortField}`;

/** What the address of the list says: it can be sent to somebody, and the way back leads to the same rows. */
export interface ListSearch {
  view?: View;
  q?: string;
  /** Conditions in the words of the API. */
  f?: string[];
  sort?: Sort;
  /** A saved view; `all` for none, also when one opens first. */
  saved?: string;
  new?: true;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;

const isSort = (value: string | undefined): value is Sort =>
  FIELDS.some((field) => field === value?.replace(/^-/, "")) || /^-?custom\.\w+$/.test(value ?? "");

export function readSearch(search: Record<string, unknown>): ListSearch {
  const sort = text(search.sort);
  const given = (Array.isArray(search.f) ? search.f : [search.f]).filter(
    (filter): filter is string =>
      typeof filter === "string" &&
      (parse(filter) !== undefined || /^(custom\.\w+:\w+:.|rules:eq:\{.{1,8000}$)/su.test(filter)),
  );
  // Short forms, for links from elsewhere.
  for (const name of ["tier", "owner"] as const) {
    const value = text(search[name]);
    if (value) given.push(name === "owner" && value === "nobody" ? "owner:empty:true" : `${name}:eq:${value}`);
  }
  const view = VIEWS.find((known) => known === search.view);
  const saved = text(search.saved);
  return {
    view: view === "all" ? undefined : view,
    q: text(search.q)?.slice(0, 100),
    f: given.length > 0 ? [...new Set(given)].slice(0, 40) : undefined,
    sort: isSort(sort) ? sort : undefined,
    saved: saved && /^(viw_\w+|all)$/.test(saved) ? saved : undefined,
    new: search.new === true || search.new === "true" ? true : undefined,
  };
}
