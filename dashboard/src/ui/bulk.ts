import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sayThrown } from "@/i18n/problems";
import type { Chosen, Row } from "./chosen";
import { say, sayError } from "./toast";

/** The server takes this many at once; small enough that progress can be seen. */
const MOST = 200;

/** How far a change of many is. */
export interface Progress {
  done: number;
  of: number;
}

/** Sends many ids in parts that the server takes at once, one after the other, and says how far it is. */
export async function inParts<R>(
  ids: readonly string[],
  size: number,
  send: (part: string[]) => Promise<R>,
  onPart: (done: number) => void,
): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < ids.length; at += size) {
    onPart(at);
    results.push(await send(ids.slice(at, at + size)));
  }
  return results;
}

/** Rows that the server left alone, by why. */
export type Left = Record<string, number>;

/** The version of each row that a change wrote: naming them, whoever takes it back overwrites nobody. */
export type Wrote = ReadonlyMap<string, number>;

/** What several answers wrote. Their versions stand beside their ids. */
export const wroteOf = (answers: readonly { ids: readonly string[]; versions: readonly number[] }[]): Wrote =>
  new Map(answers.flatMap(({ ids, versions }) => ids.map((id, n) => [id, versions[n] ?? 0] as const)));

/** Versions in the order of their rows, as the server takes them; none when nothing was written before. */
export const versionsOf = (ids: readonly string[], wrote: Wrote | undefined): { versions?: number[] } =>
  wrote ? { versions: ids.map((id) => wrote.get(id) ?? 0) } : {};

/** Changes what is chosen, a part after the other, says how far it is, and offers to take it back. */
export function useBulkOf<T extends Row, C>(options: {
  chosen: Chosen<T>;
  /** Changes these, those that are still what was written if that is said, and says which are different now. */
  send: (
    ids: readonly string[],
    change: C,
    wrote: Wrote | undefined,
  ) => Promise<{ ids: readonly string[]; versions: readonly number[]; left: Left }>;
  /** Rows by what they had before, each with the change that brings it back. */
  groups: (before: readonly T[], change: C) => { ids: string[]; change: C }[];
  notes: (left: Left) => (string | false)[];
  /** What is to be read anew. */
  stale: readonly QueryKey[];
}) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [progress, setProgress] = useState<Progress>();
  const { chosen, send, groups, notes, stale } = options;

  const run = async (ids: readonly string[], change: C, from: number, of: number, wrote?: Wrote) => {
    const tell = (done: number) => setProgress({ done: from + done, of });
    return inParts(ids, MOST, (some) => send(some, change, wrote), tell);
  };
  const told = (answers: readonly { left: Left }[]) => {
    const left: Left = {};
    for (const answer of answers)
      for (const [why, count] of Object.entries(answer.left)) left[why] = (left[why] ?? 0) + count;
    const said = notes(left).filter((note) => note !== false);
    return said.join(" ");
  };
  const fail = (error: unknown) => sayError(t("error.notSaved"), sayThrown(error));
  const refresh = () => {
    setProgress(undefined);
    for (const queryKey of stale) void cache.invalidateQueries({ queryKey });
  };
  const undo = async (before: readonly T[], change: C, wrote: Wrote) => {
    try {
      const answers: Awaited<ReturnType<typeof run>> = [];
      let done = 0;
      for (const group of groups(before, change)) {
        answers.push(...(await run(group.ids, group.change, done, before.length, wrote)));
        done += group.ids.length;
      }
      const description = told(answers);
      // Where nothing came back, only why is said.
      if (description && wroteOf(answers).size === 0) sayError(t("error.notSaved"), description);
      else say(t("action.undone"), description ? { description } : {});
    } catch (error) {
      fail(error);
    } finally {
      refresh();
    }
  };
  const apply = async (change: C, said: (count: number) => string) => {
    const before = chosen.rows();
    try {
      const answers = await run([...before.keys()], change, 0, before.size);
      const wrote = wroteOf(answers);
      const touched = [...wrote.keys()].flatMap((id) => before.get(id) ?? []);
      const description = told(answers);
      say(said(touched.length), {
        ...(description && { description }),
        ...(touched.length > 0 && { undo: () => void undo(touched, change, wrote) }),
      });
      chosen.clear();
    } catch (error) {
      fail(error);
    } finally {
      refresh();
    }
  };
  return { apply, progress };
}
