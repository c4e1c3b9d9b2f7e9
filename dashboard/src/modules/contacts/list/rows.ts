import { type QueryClient, useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useReducer } from "react";
import { api, ok, type Schema } from "@/api/client";
import { type Listed, queryOf } from "../search";

type Contact = Schema["Contact"];
type Page = Schema["Page_Contact"];
type Query = ReturnType<typeof queryOf>;

/** Rows of a page. */
export const SIZE = 100;

/**
 * Where the pages of a list begin. Pages lie in the cache, and only those that are on the screen are read, kept fresh and
 * read again after a change; the others are forgotten after a while and read again when somebody comes back. So a list of
 * a hundred thousand costs as much as one of a hundred.
 */
interface Chain {
  cursors: (string | undefined)[];
  /** Rows of the last page, once it is known. */
  last?: number;
}

const chains = new Map<string, Chain>();
/** The list that was looked at last. */
let latest = "";

export const pageQuery = (tenant: string, query: Query, cursor: string | undefined) => ({
  queryKey: ["contacts", "list", tenant, query, cursor ?? ""],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    ok(api.GET("/v1/contacts", { params: { query: { ...query, limit: SIZE, cursor } }, signal })),
  gcTime: 10 * 60_000,
});

export interface Rows {
  /** As far as is known; more may follow. */
  count: number;
  ended: boolean;
  /** How many of them were read. */
  read: number;
  row: (index: number) => Contact | undefined;
  /** Everything that was read and is still at hand. */
  loaded: () => Contact[];
  /** The first page. */
  first: { isPending: boolean; isError: boolean; error: unknown; refetch: () => void };
  fetching: boolean;
}

/** Takes what a page says about where the next one begins. */
export function link(
  chain: Chain,
  index: number,
  page: { items: readonly unknown[]; next_cursor?: string | null },
): Chain {
  const next = page.next_cursor ?? undefined;
  if (!next) {
    if (chain.cursors.length === index + 1 && chain.last === page.items.length) return chain;
    return { cursors: chain.cursors.slice(0, index + 1), last: page.items.length };
  }
  if (chain.cursors[index + 1] === next) return chain;
  const cursors = [...chain.cursors];
  cursors[index + 1] = next;
  return cursors.length > index + 2 && chain.last !== undefined ? { cursors, last: chain.last } : { cursors };
}

export const countOf = ({ cursors, last }: Chain): number =>
  last === undefined ? cursors.length * SIZE : (cursors.length - 1) * SIZE + last;

/** The rows of a list around what is on the screen. */
export function useRows(tenant: string, what: Listed, from: number, to: number, enabled: boolean): Rows {
  const cache = useQueryClient();
  const query = useMemo(() => queryOf(what), [what]);
  const name = `${tenant}/${JSON.stringify(query)}`;
  const [, changed] = useReducer((n: number) => n + 1, 0);
  const chain = chains.get(name) ?? { cursors: [undefined] };
  const lastPage = chain.cursors.length - 1;
  const begin = Math.min(lastPage, Math.max(0, Math.floor((from - SIZE / 4) / SIZE)));
  const end = Math.min(lastPage, Math.max(begin, Math.floor((to + SIZE / 2) / SIZE)));
  const wanted = Array.from({ length: end - begin + 1 }, (_, n) => begin + n);
  const pages = useQueries({
    queries: wanted.map((index) => ({ ...pageQuery(tenant, query, chain.cursors[index]), enabled })),
  });
  useEffect(() => {
    latest = name;
    let next = chains.get(name) ?? { cursors: [undefined] };
    const before = next;
    pages.forEach(({ data }, n) => {
      const index = begin + n;
      if (data && index < next.cursors.length) next = link(next, index, data);
    });
    if (next === before) return;
    chains.set(name, next);
    changed();
  });
  const at = useCallback(
    (index: number) => cache.getQueryData<Page>(pageQuery(tenant, query, chains.get(name)?.cursors[index]).queryKey),
    [cache, tenant, query, name],
  );
  const row = (index: number): Contact | undefined => {
    const page = Math.floor(index / SIZE);
    const data = page >= begin && page <= end ? pages[page - begin]?.data : at(page);
    return data?.items[index % SIZE];
  };
  const loaded = () => chain.cursors.flatMap((_, index) => at(index)?.items ?? []);
  const first = pages[0];
  const known = begin > 0 || first?.data !== undefined;
  return {
    count: known ? countOf(chain) : 0,
    ended: chain.last !== undefined,
    read: chain.last === undefined ? (chain.cursors.length - 1) * SIZE : countOf(chain),
    row,
    loaded,
    first: {
      isPending: !known && (first?.isPending ?? true),
      isError: !known && (first?.isError ?? false),
      error: first?.error,
      refetch: () => void first?.refetch(),
    },
    fetching: pages.some(({ isFetching }) => isFetching),
  };
}

export interface Place {
  before?: Contact;
  after?: Contact;
  /** From 1. */
  at: number;
  /** How many there are, once it is known. */
  of?: number;
}

/** Where somebody stands in the list that was looked at last, as long as it is at hand. */
export function placeOf(cache: QueryClient, tenant: string, id: string): Place | undefined {
  const chain = latest.startsWith(`${tenant}/`) ? chains.get(latest) : undefined;
  if (!chain) return undefined;
  const query = JSON.parse(latest.slice(tenant.length + 1)) as Query;
  const items = (index: number) =>
    index < 0 || index >= chain.cursors.length
      ? undefined
      : cache.getQueryData<Page>(pageQuery(tenant, query, chain.cursors[index]).queryKey)?.items;
  for (let page = 0; page < chain.cursors.length; page++) {
    const here = items(page);
    const at = here?.findIndex((item) => item.id === id) ?? -1;
    if (!here || at < 0) continue;
    return {
      before: here[at - 1] ?? items(page - 1)?.at(-1),
      after: here[at + 1] ?? items(page + 1)?.[0],
      at: page * SIZE + at + 1,
      // What was made since the list was left is in its page already, and not yet in what was counted.
      ...(chain.last !== undefined && {
        of: page === chain.cursors.length - 1 ? page * SIZE + here.length : countOf(chain),
      }),
    };
  }
  return undefined;
}
