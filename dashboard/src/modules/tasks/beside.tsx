import { lazy, Suspense } from "react";
import { useMay } from "@/app/may";
import { withWords } from "@/i18n/words";
import type { Kind } from "./data";

const TasksOf = lazy(async () => ({ default: (await withWords(["tasks"], import("./of-record"))).TasksOf }));

/** The tasks of a record, on its page: they come after it, with their words. */
export function TasksBeside(props: { about: Kind; id: string; name: string }) {
  const reads = useMay("tasks.read");
  if (!reads) return null;
  return (
    <Suspense fallback={<div className="h-[102px]" />}>
      <TasksOf key={props.id} {...props} />
    </Suspense>
  );
}
