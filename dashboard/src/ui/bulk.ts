import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { sayThrown } from "@/i18n/problems";
import type { Chosen, Row } from "./chosen";
import { say, sayError } from "./toast";

/** How far a change of many is. */
export interface Progress {
  done: number;
  of: number;
}

/** One change to many records, which the server makes, whatever they are. */
export type Run = Omit<Schema["ContactBulkRun"], "change">;

/** The server is at work for it, and it will be different in a moment. */
export const isBusy = ({ state }: Run) => state === "running" || state === "undoing";

/** Whether something of it can still be taken back. */
export const canUndo = ({ state, changed, undo_until: until }: Run, now: number) =>
  (state === "done" || state === "cancelled" || state === "failed") &&
  changed > 0 &&
  (!until || Date.parse(until) > now);

/** How far it is, forwards or back. */
export const stepsOf = (run: Run): Progress =>
  run.state === "undoing" || run.state === "undone"
    ? { done: run.undone + run.kept, of: run.changed }
    : { done: run.done, of: run.total };

/** Asks how far a run is until it rests. It goes on also when nobody asks. */
export async function follow<R extends Run>(
  run: R,
  read: (id: string) => Promise<R>,
  onStep: (run: R) => void,
): Promise<R> {
  let now = run;
  for (let pause = 120; isBusy(now); pause = Math.min(1500, pause * 1.4)) {
    onStep(now);
    await new Promise((next) => setTimeout(next, pause));
    now = await read(run.id);
  }
  return now;
}

/** What the server is asked about runs over one kind of records. */
export interface RunCalls<C, L> {
  /** Begins one over these, or over all that the list shows but these. */
  begin: (change: C, meant: { named: string[] } | { excluded: string[] }) => Promise<Run>;
  read: (id: string) => Promise<Run>;
  stop: (id: string) => Promise<unknown>;
  takeBack: (id: string) => Promise<Run>;
  /** The rows that it left alone. */
  skipped: (run: Run) => Promise<readonly L[]>;
}

/** Has the server change what is chosen, says how far it is and what came of it, and offers to take it back. */
export function useRunOf<T extends Row, C, L>(options: {
  chosen: Chosen<T>;
  calls: RunCalls<C, L>;
  /** Why rows were left alone. */
  notes: (rows: readonly L[]) => string[] | Promise<string[]>;
  /** Which row was left alone for something that can be mended: it stays chosen, so that it can be looked at. */
  staysOf?: (row: L) => string | null | undefined;
  /** What is to be read anew. */
  stale: readonly QueryKey[];
}) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { chosen, calls, notes, stale } = options;
  const [progress, setProgress] = useState<Progress>();
  const [run, setRun] = useState<string>();
  const refresh = () => {
    setProgress(undefined);
    setRun(undefined);
    for (const queryKey of stale) void cache.invalidateQueries({ queryKey });
  };
  const undo = async (done: Run) => {
    try {
      const back = await follow(await calls.takeBack(done.id), calls.read, () => undefined);
      if (back.state === "failed") return sayError(t("error.notSaved"));
      say(t("action.undone"), back.kept > 0 ? { description: t("contacts.runs.kept", { count: back.kept }) } : {});
    } catch (error) {
      sayError(t("error.notSaved"), sayThrown(error));
    } finally {
      refresh();
    }
  };
  const apply = async (change: C, said: (count: number) => string) => {
    const all = chosen.everything();
    try {
      const begun = await calls.begin(change, all ? { excluded: [...all.but] } : { named: [...chosen.rows().keys()] });
      setRun(begun.id);
      setProgress(stepsOf(begun));
      const done = await follow(begun, calls.read, (now) => setProgress(stepsOf(now)));
      const left = done.skipped > 0 ? await calls.skipped(done) : [];
      const why = await notes(left);
      const extra = {
        ...(why.length > 0 && { description: why.join(" ") }),
        ...(done.changed > 0 && { undo: () => void undo(done) }),
      };
      if (done.state === "failed") sayError(t("contacts.runs.failed"), t("contacts.runs.failedText"));
      else say(said(done.changed), extra);
      const stays = new Set(left.map((row) => options.staysOf?.(row)));
      if (all || stays.size === 0) chosen.clear();
      else {
        const gone = [...chosen.rows().values()].filter(({ id }) => !stays.has(id));
        chosen.put(gone, false);
      }
    } catch (error) {
      sayError(t("error.notSaved"), sayThrown(error));
    } finally {
      refresh();
    }
  };
  return { apply, progress, stop: run ? () => void calls.stop(run).catch(() => undefined) : undefined };
}
