export type View = "all" | "open" | "won" | "deleted";
export type Sort = "name" | "-name" | "created_at" | "-created_at" | "updated_at" | "-updated_at";

/** What the address of the list says: it can be sent to somebody, and the way back leads to the same rows. */
export interface ListSearch {
  q?: string;
  view?: Exclude<View, "all">;
  stage?: string;
  tag?: string;
  owner?: string;
  sort?: Sort;
  new?: true;
}

const VIEWS: readonly string[] = ["open", "won", "deleted"];
const SORTS: readonly string[] = ["name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"];

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;
const one = <T extends string>(value: unknown, of: readonly string[]): T | undefined =>
  typeof value === "string" && of.includes(value) ? (value as T) : undefined;

export function readSearch(search: Record<string, unknown>): ListSearch {
  return {
    q: text(search.q)?.slice(0, 100),
    view: one(search.view, VIEWS),
    stage: text(search.stage),
    tag: text(search.tag),
    owner: text(search.owner),
    sort: one(search.sort, SORTS),
    new: search.new === true || search.new === "true" ? true : undefined,
  };
}

export interface StageLike {
  key: string;
  outcome: string;
}

/** The same in the words of the API. A chosen stage says more than the view does. */
export function queryOf(search: ListSearch, stages: readonly StageLike[]) {
  const filter: string[] = [];
  if (search.stage) filter.push(`stage:eq:${search.stage}`);
  else if (search.view === "open" || search.view === "won") {
    const keys = stages.filter((stage) => stage.outcome === search.view).map((stage) => stage.key);
    if (keys.length > 0) filter.push(`stage:in:${keys.join(",")}`);
  }
  if (search.tag) filter.push(`tag:has:${search.tag}`);
  if (search.owner) filter.push(search.owner === "nobody" ? "owner:empty:true" : `owner:eq:${search.owner}`);
  return {
    ...(search.q && { q: search.q }),
    ...(search.view === "deleted" && { deleted: true }),
    ...(search.sort && { sort: search.sort }),
    ...(filter.length > 0 && { filter }),
  };
}

export const isFiltered = ({ q, view, stage, tag, owner }: ListSearch): boolean =>
  Boolean(q || view || stage || tag || owner);
