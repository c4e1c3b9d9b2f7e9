import { useQueries } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Item, Source } from "./parts";
import { asked, type Query } from "./query";

export interface Found {
  group: string;
  items: Item[];
}

/** A rest of the fingers, in milliseconds. */
const REST = 120;

/**
 * What the sources answer. All are asked at once when the fingers rest; newer words end what is under way, and what was
 * found before stays until the next answer.
 */
export function useFound(query: Query, sources: readonly Source[], tenant: string) {
  const [settled, setSettled] = useState(query);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(query), REST);
    return () => clearTimeout(timer);
  }, [query.only, query.words]);
  const asking = asked(settled, sources);
  return useQueries({
    queries: asking.map((source) => ({
      queryKey: ["palette", tenant, source.id, settled.words],
      queryFn: ({ signal }: { signal: AbortSignal }) => source.ask(settled.words, signal),
      staleTime: 10_000,
      gcTime: 60_000,
      retry: false,
    })),
    combine: (answers) => ({
      found: answers.flatMap(({ data }, index): Found[] =>
        data && data.length > 0 ? [{ group: asking[index]?.group ?? "", items: data }] : [],
      ),
      failed: answers.length > 0 && answers.every(({ isError }) => isError),
      waiting: answers.some(({ isPending }) => isPending) || settled.words !== query.words,
    }),
  });
}
