import { lazy, Suspense } from "react";
import { useMay } from "@/app/may";
import { withWords } from "@/i18n/words";

const InSegments = lazy(async () => ({
  default: (await withWords(["segments"], import("./of-contact"))).InSegments,
}));

/** Segments that a contact is in, on his page: they come after it, with their words. */
export function SegmentsBeside({ contact }: { contact: string }) {
  const reads = useMay("segments.read");
  if (!reads) return null;
  return (
    <Suspense fallback={null}>
      <InSegments key={contact} contact={contact} />
    </Suspense>
  );
}
