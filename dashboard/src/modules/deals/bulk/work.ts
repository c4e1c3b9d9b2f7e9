import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { inParts, type Progress, versionsOf, type Wrote, wroteOf } from "@/ui/bulk";
import type { Chosen } from "@/ui/chosen";
import { say, sayError } from "@/ui/toast";
import type { Deal } from "../data";

export type Change = Omit<Schema["DealBulkChange"], "deals" | "versions">;
type Result = Schema["DealBulkResult"];
/** The server takes this many at once; small enough that progress can be seen. */
const MOST = 100;
/** Titles that a message names. */
const NAMED = 3;

/** Deals by what they had before, so that each group can be put back with one change. */
export function groups(before: readonly Deal[], change: Change): { ids: string[]; change: Change }[] {
  const ids = before.map(({ id }) => id);
  if (change.deleted !== undefined) return [{ ids, change: { deleted: !change.deleted } }];
  if (change.outcome) return [{ ids, change: { reopened: true } }];
  const by = new Map<string, { ids: string[]; change: Change }>();
  for (const deal of before) {
    const back: Change = {
      ...(change.stage !== undefined && { stage: deal.stage }),
      ...(change.owner !== undefined && { owner: deal.owner ?? null }),
      ...(change.expected_close !== undefined && { expected_close: deal.expected_close ?? null }),
    };
    const key = JSON.stringify(back);
    const group = by.get(key) ?? { ids: [], change: back };
    group.ids.push(deal.id);
    by.set(key, group);
  }
  return [...by.values()];
}

/** Changes what is chosen, a part after the other, says how far it is and what stayed, and offers to take it back. */
export function useBulk(chosen: Chosen<Deal>) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const formats = useFormats();
  const [progress, setProgress] = useState<Progress>();

  const run = async (ids: readonly string[], change: Change, from: number, of: number, wrote?: Wrote) => {
    const send = (deals: string[]) =>
      ok(api.POST("/v1/deals/bulk-changes", { body: { ...change, deals, ...versionsOf(deals, wrote) } }));
    return inParts(ids, MOST, send, (done) => setProgress({ done: from + done, of }));
  };
  const refresh = () => {
    setProgress(undefined);
    void cache.invalidateQueries({ queryKey: ["deals"] });
  };
  const fail = (error: unknown) => sayError(t("error.notSaved"), sayThrown(error));
  const undo = async (before: ReadonlyMap<string, Deal>, touched: readonly Deal[], change: Change, wrote: Wrote) => {
    try {
      const results: Result[] = [];
      let done = 0;
      for (const group of groups(touched, change)) {
        results.push(...(await run(group.ids, group.change, done, touched.length, wrote)));
        done += group.ids.length;
      }
      const description = notes(results, before).join(" ");
      // Where nothing came back, only why is said.
      if (description && results.every(({ changed }) => changed === 0)) sayError(t("error.notSaved"), description);
      else say(t("action.undone"), description ? { description } : {});
    } catch (error) {
      fail(error);
    } finally {
      refresh();
    }
  };
  /** What stayed as it was, and why. */
  const notes = (results: readonly Result[], before: ReadonlyMap<string, Deal>): string[] => {
    const refusals = results.flatMap((result) => result.refusals);
    const missing = results.reduce((sum, result) => sum + result.missing, 0);
    const of = (code: string) => refusals.filter((refusal) => refusal.code === code);
    const [closed, open, stale] = [of("deal_closed").length, of("deal_open").length, of("stale").length];
    const lacking = of("stage_requires");
    const fields = [...new Set(lacking.flatMap((refusal) => refusal.fields))];
    const titles = lacking.slice(0, NAMED).map(({ deal }) => before.get(deal)?.title ?? "");
    const more = lacking.length - titles.length;
    const named = more > 0 ? t("deals.bulk.andMore", { titles: titles.join(", "), count: more }) : formats.list(titles);
    const asks = formats.list(fields.map((field) => t(`deals.field.${field}` as "deals.field.amount")));
    return [
      missing > 0 && t("deals.bulk.missing", { count: missing }),
      closed > 0 && t("deals.bulk.closed", { count: closed }),
      open > 0 && t("deals.bulk.open", { count: open }),
      stale > 0 && t("deals.bulk.stale", { count: stale }),
      lacking.length > 0 && t("deals.bulk.requires", { titles: named, fields: asks }),
    ].filter((note) => note !== false);
  };
  const apply = async (change: Change, said: (count: number) => string) => {
    const before = chosen.rows();
    try {
      const results = await run([...before.keys()], change, 0, before.size);
      const wrote = wroteOf(results.map(({ deals, versions }) => ({ ids: deals, versions })));
      const touched = [...wrote.keys()].flatMap((id) => before.get(id) ?? []);
      const stayed = notes(results, before);
      say(said(touched.length), {
        ...(stayed.length > 0 && { description: stayed.join(" ") }),
        ...(touched.length > 0 && { undo: () => void undo(before, touched, change, wrote) }),
      });
      // What could not be changed stays chosen, so that it can be looked at.
      const kept = new Set(results.flatMap((result) => result.refusals.map(({ deal }) => deal)));
      chosen.put(
        [...before.values()].filter(({ id }) => !kept.has(id)),
        false,
      );
    } catch (error) {
      fail(error);
    } finally {
      refresh();
    }
  };
  return { apply, progress };
}
