/** What was, what is, what was taken back. Values are never changed in place. */
export interface History<T> {
  past: readonly T[];
  now: T;
  future: readonly T[];
  /** Changes with the same mark in quick succession are one step: a word, not its letters. */
  mark?: string;
  at: number;
}

const MOST = 200;
const PAUSE = 1200;

export const begin = <T>(now: T): History<T> => ({ past: [], now, future: [], at: 0 });

export function change<T>(history: History<T>, next: T, at: number, mark?: string): History<T> {
  if (Object.is(next, history.now)) return history;
  const joins = mark !== undefined && mark === history.mark && at - history.at < PAUSE && history.past.length > 0;
  const past = joins ? history.past : [...history.past, history.now].slice(-MOST);
  return { past, now: next, future: [], mark, at };
}

export function undo<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return { past: history.past.slice(0, -1), now: before, future: [history.now, ...history.future], at: 0 };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.now], now: next, future, at: 0 };
}
