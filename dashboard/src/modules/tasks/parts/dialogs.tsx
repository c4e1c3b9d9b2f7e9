import { lazy, type ReactNode, useState } from "react";
import { Opened } from "@/ui/opened";
import type { useTaskChanges } from "../changes";
import type { Task } from "../data";

const NextTask = lazy(async () => ({ default: (await import("./panel")).NextTask }));
const NoteDialog = lazy(async () => ({ default: (await import("./note-dialog")).NoteDialog }));
const SkipDialog = lazy(async () => ({ default: (await import("./skip-dialog")).SkipDialog }));
const SnoozeDialog = lazy(async () => ({ default: (await import("./snooze-dialog")).SnoozeDialog }));

/** What a dialog about a task is given; the task goes when it is answered. */
export interface Asked {
  task: Task | undefined;
  changes: ReturnType<typeof useTaskChanges>;
  onClose: () => void;
}

/** What is asked about a task before it is changed. */
export interface Asks {
  /** Why it is left out. */
  onSkip: (task: Task) => void;
  /** It is done, and something follows. */
  onNext: (task: Task) => void;
  /** It is done, and what came of it. */
  onNote: (task: Task) => void;
  /** Until when it is out of sight. */
  onSnooze: (task: Task) => void;
}

/** The dialogs of a list of tasks, one at a time, and what opens them. */
export function useTaskDialogs(changes: Asked["changes"]): { asks: Asks; dialogs: ReactNode } {
  const [asked, setAsked] = useState<{ what: keyof Asks; task: Task }>();
  const ask = (what: keyof Asks) => (task: Task) => setAsked({ what, task });
  const of = (what: keyof Asks) => (asked?.what === what ? asked.task : undefined);
  const onClose = () => setAsked(undefined);
  const [skip, next, note, snooze] = [of("onSkip"), of("onNext"), of("onNote"), of("onSnooze")];
  return {
    asks: { onSkip: ask("onSkip"), onNext: ask("onNext"), onNote: ask("onNote"), onSnooze: ask("onSnooze") },
    dialogs: (
      <>
        <Opened open={next !== undefined}>
          <NextTask after={next} onClose={onClose} />
        </Opened>
        <Opened open={skip !== undefined}>
          <SkipDialog task={skip} changes={changes} onClose={onClose} />
        </Opened>
        <Opened open={note !== undefined}>
          <NoteDialog task={note} changes={changes} onClose={onClose} />
        </Opened>
        <Opened open={snooze !== undefined}>
          <SnoozeDialog task={snooze} changes={changes} onClose={onClose} />
        </Opened>
      </>
    ),
  };
}
