import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { type RunCalls, useRunOf } from "@/ui/bulk";
import type { Chosen } from "@/ui/chosen";
import { namesOf } from "../asked";
import type { Deal, Wish } from "../data";

export type Change = Schema["DealBulkChange"];
export type Left = Schema["DealBulkRunRow"];
/** Titles that a message names. */
const NAMED = 3;

/** What the table shows. */
export interface List extends Wish {
  contact?: string;
  deleted?: boolean;
}

/** How many deals a list shows. */
export const fitting = (query: List) =>
  queryOptions({
    queryKey: ["deals", "count", query],
    queryFn: async ({ signal }) => (await ok(api.GET("/v1/deals/count", { params: { query }, signal }))).count,
    staleTime: 30_000,
  });

const of = (id: string) => ({ params: { path: { id } } });

/** Has the server change what is chosen, says how far it is and what stayed, and offers to take it back. */
export function useBulk(
  chosen: Chosen<Deal>,
  { deleted: _, ...list }: List,
  onStayed: (rows: readonly Left[]) => void,
) {
  const { t } = useTranslation();
  const formats = useFormats();
  const cache = useQueryClient();
  const calls: RunCalls<Change, Left> = {
    begin: (change, meant) => {
      const body = "named" in meant ? { deals: meant.named, change } : { matching: { ...list, ...meant }, change };
      return ok(api.POST("/v1/deal-bulk-runs", { body }));
    },
    read: (id) => ok(api.GET("/v1/deal-bulk-runs/{id}", of(id))),
    stop: (id) => ok(api.POST("/v1/deal-bulk-runs/{id}/cancellation", of(id))),
    takeBack: (id) => ok(api.POST("/v1/deal-bulk-runs/{id}/undo", of(id))),
    skipped: async ({ id }) => {
      const query = { limit: 100, filter: ["outcome:eq:skipped"] };
      const page = await ok(api.GET("/v1/deal-bulk-runs/{id}/rows", { params: { path: { id }, query } }));
      return page.items;
    },
  };
  const notes = async (rows: readonly Left[]): Promise<string[]> => {
    onStayed(rows.filter(({ reason }) => reason !== "missing"));
    const count = (reason: string) => rows.filter((row) => row.reason === reason).length;
    const lacking = rows.filter(({ reason }) => reason === "stage_requires");
    const [missing, closed, open] = [count("missing"), count("deal_closed"), count("deal_open")];
    const refused = rows.length - lacking.length - missing - closed - open;
    const titles = lacking.slice(0, NAMED).map(({ deal_title }) => deal_title ?? "");
    const more = lacking.length - titles.length;
    const named = more > 0 ? t("deals.bulk.andMore", { titles: titles.join(", "), count: more }) : formats.list(titles);
    const fields = await namesOf(
      lacking.flatMap((row) => row.fields),
      cache,
      t,
    );
    return [
      missing > 0 && t("deals.bulk.missing", { count: missing }),
      closed > 0 && t("deals.bulk.closed", { count: closed }),
      open > 0 && t("deals.bulk.open", { count: open }),
      refused > 0 && t("contacts.runs.refused", { count: refused }),
      lacking.length > 0 && t("deals.bulk.requires", { titles: named, fields: formats.list(fields) }),
    ].filter((note) => note !== false);
  };
  return useRunOf<Deal, Change, Left>({
    chosen,
    calls,
    notes,
    staysOf: ({ deal, reason }) => (reason === "missing" ? undefined : deal),
    stale: [["deals"], ["deal_bulk_runs"]],
  });
}
