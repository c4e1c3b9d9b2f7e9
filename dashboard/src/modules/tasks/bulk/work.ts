import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { sayThrown } from "@/i18n/problems";
import type { Chosen } from "@/ui/chosen";
import { say, sayError } from "@/ui/toast";
import type { Task, Wish } from "../data";

export type Change = Omit<Schema["TaskBulkChange"], "tasks" | "overdue" | "back" | "q" | "filter">;
type Result = Schema["TaskBulkResult"];

/** The server takes this many at once. */
const MOST = 500;

const send = (body: Schema["TaskBulkChange"]) => ok(api.POST("/v1/tasks/bulk-changes", { body }));

/** Several answers as one. */
export function joined(parts: readonly Result[]): Pick<Result, "changed" | "refused"> {
  return { changed: parts.flatMap(({ changed }) => changed), refused: parts.flatMap(({ refused }) => refused) };
}

export function parts<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / MOST) }, (_, n) => all.slice(n * MOST, (n + 1) * MOST));
}

/** Changes many tasks at once, says what stayed as it was, and offers to take it back. */
export function useTaskBulk() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [busy, setBusy] = useState(false);
  const stayed = (refused: Result["refused"]) =>
    refused.length > 0 ? { description: t("tasks.bulk.stayed", { count: refused.length }) } : {};
  const work = async (run: () => Promise<void>) => {
    setBusy(true);
    try {
      await run();
    } catch (error) {
      sayError(t("error.notSaved"), sayThrown(error));
    } finally {
      setBusy(false);
      void cache.invalidateQueries({ queryKey: ["tasks"] });
    }
  };
  const undo = (changed: Result["changed"]) =>
    work(async () => {
      const answers: Result[] = [];
      for (const back of parts(changed)) answers.push(await send({ back }));
      say(t("action.undone"), stayed(joined(answers).refused));
    });
  const tell = (answers: readonly Result[], said: (count: number) => string) => {
    const { changed, refused } = joined(answers);
    say(said(changed.length), {
      ...stayed(refused),
      ...(changed.length > 0 && { undo: () => void undo(changed) }),
    });
  };
  /** Those that were chosen. */
  const apply = (chosen: Chosen<Task>, change: Change, said: (count: number) => string) =>
    work(async () => {
      const answers: Result[] = [];
      for (const tasks of parts([...chosen.rows().keys()])) answers.push(await send({ ...change, tasks }));
      chosen.clear();
      tell(answers, said);
    });
  /** Everything that is overdue, as far as the board shows it. */
  const postponeOverdue = (wish: Wish) =>
    work(async () => {
      const answers: Result[] = [];
      do {
        answers.push(await send({ ...wish, overdue: true, postponed: { next_working_day: true } }));
      } while (answers.at(-1)?.more && (answers.at(-1)?.changed.length ?? 0) > 0);
      tell(answers, (count) => t("tasks.bulk.postponed", { count }));
    });
  return { apply, postponeOverdue, busy };
}
