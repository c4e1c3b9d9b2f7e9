import i18next from "i18next";
import { useState } from "react";
import type { DefaultValues, FieldValues, UseFormReturn } from "react-hook-form";
import { ApiProblem, hasStatus } from "@/api/problem";

/**
 * What to do when somebody else was faster (412): what was not touched here takes the newer values, what was typed
 * stays, and `newer` says what the typed fields are by now. The next attempt is made with the newer version.
 */
export function useMerge<V extends FieldValues>() {
  const [newer, setNewer] = useState<Partial<V>>({});
  /** Runs an update; on 412 merges what `read` finds and throws on, so that the form says it. */
  const guarded = async <T>(form: UseFormReturn<V>, send: () => Promise<T>, read: () => Promise<V>): Promise<T> => {
    try {
      const answer = await send();
      setNewer({});
      return answer;
    } catch (error) {
      if (hasStatus(error, 412)) {
        const before = form.formState.defaultValues as V;
        const now = await read();
        const dirty = form.formState.dirtyFields as Record<string, unknown>;
        const changed = Object.entries(now).filter(([key, value]) => dirty[key] && value !== before[key]);
        form.reset(now as DefaultValues<V> & V, { keepDirtyValues: true });
        setNewer(Object.fromEntries(changed) as Partial<V>);
        throw new ApiProblem(412, error.code, i18next.t("error.changedElsewhere"), [], error.requestId);
      }
      throw error;
    }
  };
  return { newer, guarded };
}
