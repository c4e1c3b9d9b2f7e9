import { lazy, Suspense } from "react";
import { useMay } from "@/app/may";
import { withWords } from "@/i18n/words";
import type { About } from "./data";

const ofRecord = () => withWords(["attachments"], import("./of-record"));
const FilesOf = lazy(async () => ({ default: (await ofRecord()).FilesOf }));
const FilesUnder = lazy(async () => ({ default: (await ofRecord()).FilesUnder }));

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

/** The place of so many files that are on their way. */
export const Room = ({ count }: { count: number }) => <div style={{ height: 44 * count }} />;

/** Files of a note, below its words. */
export function FilesOfNote({ id, count }: { id: string; count: number }) {
  const reads = useMay("attachments.read");
  if (!reads || count === 0) return null;
  return (
    <Suspense fallback={<Room count={count} />}>
      <FilesUnder id={id} count={count} />
    </Suspense>
  );
}
