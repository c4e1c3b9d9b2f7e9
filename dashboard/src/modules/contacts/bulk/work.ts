import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import type { Progress } from "@/ui/bulk";
import { say, sayError } from "@/ui/toast";
import type { Chosen } from "../list/chosen";
import type { Listed } from "../search";
import { begin, type Change, follow, leftBy, type Run, stepsOf, stop, takeBack } from "./runs";

/** Why contacts were left alone, and how many. */
function useNotes() {
  const { t } = useTranslation();
  const formats = useFormats();
  return (rows: readonly { reason?: string | null }[]) => {
    const count = (reason: string) => rows.filter((row) => row.reason === reason).length;
    const [missing, held] = [count("missing"), count("contact_on_hold")];
    const refused = rows.length - missing - held;
    return [
      missing > 0 && t("contacts.bulkMissing", { count: missing, number: formats.count(missing) }),
      held > 0 && t("contacts.bulkHeld", { count: held, number: formats.count(held) }),
      refused > 0 && t("contacts.runs.refused", { count: refused }),
    ].filter((note) => note !== false);
  };
}

/** Has the server change what is chosen, says how far it is and what came of it, and offers to take it back. */
export function useBulk(chosen: Chosen, what: Listed) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const notesOf = useNotes();
  const [progress, setProgress] = useState<Progress>();
  const [run, setRun] = useState<string>();
  const refresh = () => {
    setProgress(undefined);
    setRun(undefined);
    for (const queryKey of [["contacts"], ["tags"], ["segments"], ["contact_bulk_runs"]])
      void cache.invalidateQueries({ queryKey });
  };
  const undo = async (done: Run) => {
    try {
      const back = await follow(await takeBack(done.id), () => undefined);
      if (back.state === "failed") return sayError(t("error.notSaved"));
      say(t("action.undone"), back.kept > 0 ? { description: t("contacts.runs.kept", { count: back.kept }) } : {});
    } catch (error) {
      sayError(t("error.notSaved"), sayThrown(error));
    } finally {
      refresh();
    }
  };
  const apply = async (change: Change, said: (count: number) => string) => {
    const all = chosen.everything();
    const meant = all
      ? { matching: { ...(what.q && { q: what.q }), filter: what.filter, excluded: [...all.but] } }
      : { contacts: [...chosen.rows().keys()] };
    try {
      const begun = await begin({ ...meant, change });
      setRun(begun.id);
      setProgress(stepsOf(begun));
      const done = await follow(begun, (now) => setProgress(stepsOf(now)));
      const notes = done.skipped > 0 ? notesOf((await cache.fetchQuery(leftBy(done))).skipped) : [];
      const extra = {
        ...(notes.length > 0 && { description: notes.join(" ") }),
        ...(done.changed > 0 && { undo: () => void undo(done) }),
      };
      if (done.state === "failed") sayError(t("contacts.runs.failed"), t("contacts.runs.failedText"));
      else say(said(done.changed), extra);
      chosen.clear();
    } catch (error) {
      sayError(t("error.notSaved"), sayThrown(error));
    } finally {
      refresh();
    }
  };
  return { apply, progress, stop: run && (() => void stop(run).catch(() => undefined)) };
}
