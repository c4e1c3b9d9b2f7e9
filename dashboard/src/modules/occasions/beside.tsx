import { lazy, Suspense } from "react";
import { useMay } from "@/app/may";
import { withWords } from "@/i18n/words";
import type { About } from "./data";

const OccasionsOf = lazy(async () => ({
  default: (await withWords(["occasions"], import("./of-record"))).OccasionsOf,
}));

/** Dates to remember of a record, on its page: they come after it, with their words. */
export function OccasionsBeside(props: { about: About; id: string; name: string }) {
  const reads = useMay("occasions.read");
  if (!reads) return null;
  return (
    <Suspense fallback={<div className="h-[102px]" />}>
      <OccasionsOf key={props.id} {...props} />
    </Suspense>
  );
}
