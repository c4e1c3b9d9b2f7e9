import { lazy, Suspense } from "react";
import { useMay } from "@/app/may";
import { withWords } from "@/i18n/words";
import type { About } from "./data";

const FilesOf = lazy(async () => ({ default: (await withWords(["attachments"], import("./of-record"))).FilesOf }));

/** Files of a record, on its page: they come after it, with their words. */
export function FilesBeside(props: { about: About; id: string; over: boolean }) {
  const reads = useMay("attachments.read");
  if (!reads) return null;
  return (
    <Suspense fallback={<div className="h-[102px]" />}>
      <FilesOf key={props.id} {...props} />
    </Suspense>
  );
}
