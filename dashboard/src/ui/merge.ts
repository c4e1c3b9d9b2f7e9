import i18next from "i18next";
import { useState } from "react";
import type { DefaultValues, FieldPath, FieldValues, PathValue, UseFormReturn } from "react-hook-form";
import { ApiProblem, hasStatus } from "@/api/problem";

export interface Merged<V> {
  /** What was changed here stands, everything else is theirs. */
  values: V;
  /** What was changed here. */
  mine: (keyof V)[];
  /** What both changed, each in his way: theirs. */
  newer: Partial<V>;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Two people began with the same record: their changes of different fields stand side by side. Fields that mean something
 * only `together` count as one: half a date of each would be a day that nobody meant.
 */
export function mergeOf<V extends object>(
  before: V,
  here: V,
  theirs: V,
  together: readonly (keyof V)[] = [],
): Merged<V> {
  const keys = Object.keys(theirs) as (keyof V)[];
  const touched = (key: keyof V) => !same(here[key], before[key]);
  const mine = keys.filter((key) => (together.includes(key) ? together.some(touched) : touched(key)));
  const values = { ...theirs };
  const newer: Partial<V> = {};
  for (const key of mine) {
    values[key] = here[key];
    if (!same(theirs[key], before[key]) && !same(theirs[key], here[key])) newer[key] = theirs[key];
  }
  return { values, mine, newer };
}

/** What somebody else wrote is what the form begins with now; what was typed here stands in it. */
function rebase<V extends FieldValues>(form: UseFormReturn<V>, theirs: V, { values, mine }: Merged<V>) {
  form.reset(theirs as DefaultValues<V> & V);
  for (const key of mine as FieldPath<V>[])
    form.setValue(key, values[key] as PathValue<V, FieldPath<V>>, { shouldDirty: true });
}

const changedElsewhere = ({ code, requestId }: ApiProblem) =>
  new ApiProblem(412, code, i18next.t("error.changedElsewhere"), [], requestId);

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
      if (!hasStatus(error, 412)) throw error;
      const theirs = await read();
      const merged = mergeOf(form.formState.defaultValues as V, form.getValues(), theirs);
      rebase(form, theirs, merged);
      setNewer(merged.newer);
      throw changedElsewhere(error);
    }
  };
  return { newer, guarded };
}

export interface Written<R, V> {
  send: (base: R, values: V) => Promise<R>;
  /** The record as it is by now. */
  read: () => Promise<R>;
}

/**
 * Sends what was typed on top of `base`. When somebody else was faster, both changes are kept where they are of different
 * fields; where they are of the same, whoever typed decides, and `met` has put both before him.
 */
async function write<R, V extends object>(
  base: R,
  values: V,
  how: Written<R, V> & {
    valuesOf: (record: R) => V;
    together: readonly (keyof V)[];
    met: (theirs: R, merged: Merged<V>) => void;
  },
): Promise<R> {
  try {
    return await how.send(base, values);
  } catch (error) {
    if (!hasStatus(error, 412)) throw error;
    const theirs = await how.read();
    const merged = mergeOf(how.valuesOf(base), values, how.valuesOf(theirs), how.together);
    how.met(theirs, merged);
    if (Object.keys(merged.newer).length > 0) throw changedElsewhere(error);
    return write(theirs, merged.values, how);
  }
}

/**
 * A form of one record. What is typed is based on the version that was read when it was opened: news that arrive meanwhile
 * do not change that, or they would be overwritten unseen. `newer` is what both changed, as somebody else wrote it.
 */
export function useBased<R, V extends FieldValues>(
  record: R,
  valuesOf: (record: R) => V,
  together: readonly (keyof V)[] = [],
) {
  const [base, setBase] = useState(record);
  const [newer, setNewer] = useState<Partial<V>>({});
  const update = async (form: UseFormReturn<V>, values: V, how: Written<R, V>): Promise<R> => {
    const met = (theirs: R, merged: Merged<V>) => {
      rebase(form, valuesOf(theirs), merged);
      setBase(theirs);
      setNewer(merged.newer);
    };
    const fresh = await write(base, values, { ...how, valuesOf, together, met });
    setBase(fresh);
    setNewer({});
    return fresh;
  };
  /** Of what both changed, theirs. */
  const theirs = (form: UseFormReturn<V>) => {
    for (const [key, value] of Object.entries(newer))
      form.setValue(key as FieldPath<V>, value as PathValue<V, FieldPath<V>>, { shouldDirty: true });
    setNewer({});
  };
  return { newer, update, theirs };
}

/** The same for what is put together without a form. Until somebody touches it, it shows what others save. */
export function useDraftOf<R extends { version: number } | undefined, V extends object>(
  record: R,
  valuesOf: (record: R) => V,
) {
  const [base, setBase] = useState(record);
  const [draft, setDraft] = useState(() => valuesOf(record));
  const [newer, setNewer] = useState<Partial<V>>({});
  const take = (from: R, values = valuesOf(from), both: Partial<V> = {}) => {
    setBase(from);
    setDraft(values);
    setNewer(both);
  };
  const touched = !same(draft, valuesOf(base));
  if (!touched && (record?.version ?? 0) > (base?.version ?? 0)) take(record);
  const update = async (how: Written<R, V>): Promise<R> => {
    const met = (theirs: R, { values, newer: both }: Merged<V>) => take(theirs, values, both);
    const fresh = await write(base, draft, { ...how, valuesOf, together: [], met });
    take(fresh);
    return fresh;
  };
  /** Of what both changed, theirs. */
  const theirs = () => take(base, { ...draft, ...newer });
  return { draft, setDraft, touched, newer, update, theirs, discard: () => take(base) };
}
