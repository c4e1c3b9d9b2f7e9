const VIEWS = ["all", "active", "prospect", "deleted"] as const;
const FIELDS = ["name", "annual_value", "renews_on", "created_at", "updated_at"] as const;

export type View = (typeof VIEWS)[number];
export type SortField = (typeof FIELDS)[number];
export type Sort = SortField | `-${SortField}`;

/** What the address of the list says: it can be sent to somebody, and the way back leads to the same rows. */
export interface ListSearch {
  view?: View;
  q?: string;
  tier?: string;
  owner?: string;
  sort?: Sort;
  new?: true;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;

const isSort = (value: string | undefined): value is Sort => FIELDS.some((field) => field === value?.replace(/^-/, ""));

export function readSearch(search: Record<string, unknown>): ListSearch {
  const sort = text(search.sort);
  const view = VIEWS.find((known) => known === search.view);
  return {
    view: view === "all" ? undefined : view,
    q: text(search.q)?.slice(0, 100),
    tier: text(search.tier),
    owner: text(search.owner),
    sort: isSort(sort) ? sort : undefined,
    new: search.new === true || search.new === "true" ? true : undefined,
  };
}
