import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { say, sayError } from "@/ui/toast";
import type { Contact } from "../data";
import type { Chosen } from "../list/chosen";

export type Change = Omit<Schema["BulkChange"], "contacts">;
/** The server takes this many at once; small enough that progress can be seen. */
const MOST = 200;

/** Contacts by what they had before, so that each group can be put back with one change. */
export function groups(before: readonly Contact[], change: Change): { ids: string[]; change: Change }[] {
  const ids = before.map(({ id }) => id);
  if (change.deleted !== undefined) return [{ ids, change: { deleted: !change.deleted } }];
  if (change.block) return [{ ids, change: { unblock: change.block } }];
  if (change.unblock) return [{ ids, change: { block: change.unblock } }];
  const by = new Map<string, { ids: string[]; change: Change }>();
  for (const contact of before) {
    const has = (tag: string) => contact.tags.some((own) => own.toLowerCase() === tag.toLowerCase());
    const back: Change = {
      ...(change.stage !== undefined && { stage: contact.stage }),
      ...(change.owner !== undefined && { owner: contact.owner ?? null }),
      ...(change.add_tags && { remove_tags: change.add_tags.filter((tag) => !has(tag)) }),
      ...(change.remove_tags && { add_tags: change.remove_tags.filter(has) }),
    };
    const key = JSON.stringify(back);
    const group = by.get(key) ?? { ids: [], change: back };
    group.ids.push(contact.id);
    by.set(key, group);
  }
  return [...by.values()];
}

export interface Progress {
  done: number;
  of: number;
}

/** Changes what is chosen, a part after the other, says how far it is, and offers to take it back. */
export function useBulk(chosen: Chosen) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const formats = useFormats();
  const [progress, setProgress] = useState<Progress>();

  const run = async (ids: readonly string[], change: Change, from: number, of: number) => {
    const result = { missing: 0, held: 0, changed: [] as string[] };
    for (let at = 0; at < ids.length; at += MOST) {
      setProgress({ done: from + at, of });
      const part = await ok(
        api.POST("/v1/contacts/bulk-changes", { body: { ...change, contacts: ids.slice(at, at + MOST) } }),
      );
      result.missing += part.missing;
      result.held += part.held;
      result.changed.push(...part.contacts);
    }
    return result;
  };
  const refresh = () => {
    setProgress(undefined);
    void cache.invalidateQueries({ queryKey: ["contacts"] });
    void cache.invalidateQueries({ queryKey: ["tags"] });
  };
  const undo = async (before: readonly Contact[], change: Change) => {
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
  const apply = async (change: Change, said: (count: number) => string) => {
    const before = chosen.contacts();
    try {
      const { changed, missing, held } = await run([...before.keys()], change, 0, before.size);
      const notes = [
        missing > 0 && t("contacts.bulkMissing", { count: missing, number: formats.count(missing) }),
        held > 0 && t("contacts.bulkHeld", { count: held, number: formats.count(held) }),
      ].filter((note) => note !== false);
      const touched = changed.flatMap((id) => before.get(id) ?? []);
      say(said(changed.length), {
        ...(notes.length > 0 && { description: notes.join(" ") }),
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
