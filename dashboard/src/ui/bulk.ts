import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
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

/** Changes what is chosen, a part after the other, says how far it is, and offers to take it back. */
export function useBulkOf<T extends Row, C>(options: {
  chosen: Chosen<T>;
  /** Changes these, and says which are different now. */
  send: (ids: readonly string[], change: C) => Promise<{ changed: readonly string[]; left: Left }>;
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

  const run = async (ids: readonly string[], change: C, from: number, of: number) => {
    const left: Left = {};
    const changed: string[] = [];
    const tell = (done: number) => setProgress({ done: from + done, of });
    for (const part of await inParts(ids, MOST, (some) => send(some, change), tell)) {
      changed.push(...part.changed);
      for (const [why, count] of Object.entries(part.left)) left[why] = (left[why] ?? 0) + count;
    }
    return { changed, left };
  };
  const refresh = () => {
    setProgress(undefined);
    for (const queryKey of stale) void cache.invalidateQueries({ queryKey });
  };
  const undo = async (before: readonly T[], change: C) => {
    try {
      let done = 0;
      for (const group of groups(before, change)) {
        await run(group.ids, group.change, done, before.length);
        done += group.ids.length;
      }
      say(t("action.undone"));
    } catch (error) {
      sayError(t("error.notSaved"), (error as Error).message);
    } finally {
      refresh();
    }
  };
  const apply = async (change: C, said: (count: number) => string) => {
    const before = chosen.rows();
    try {
      const { changed, left } = await run([...before.keys()], change, 0, before.size);
      const told = notes(left).filter((note) => note !== false);
      const touched = changed.flatMap((id) => before.get(id) ?? []);
      say(said(changed.length), {
        ...(told.length > 0 && { description: told.join(" ") }),
        ...(touched.length > 0 && { undo: () => void undo(touched, change) }),
      });
      chosen.clear();
    } catch (error) {
      sayError(t("error.notSaved"), (error as Error).message);
    } finally {
      refresh();
    }
  };
  return { apply, progress };
}
