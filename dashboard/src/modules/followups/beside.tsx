import { lazy, Suspense } from "react";
import { useMay } from "@/app/may";
import { withWords } from "@/i18n/words";
import { Boundary } from "@/ui/boundary";

const FollowUpsOf = lazy(async () => ({
  default: (await withWords(["followups"], import("./of-record"))).FollowUpsOf,
}));

const SequencePicker = lazy(async () => ({
  default: (await withWords(["followups"], import("./bulk"))).SequencePicker,
}));

/** A button of the bar over chosen contacts: it comes with its words. */
export function EnrolMany(props: { contacts: readonly string[]; busy: boolean }) {
  if (!useMay("followups.write")) return null;
  return (
    <Boundary>
      <Suspense>
        <SequencePicker {...props} />
      </Suspense>
    </Boundary>
  );
}

/** What is coming for a record, on its page: it comes after it, with its words. */
export function FollowUpsBeside(props: { about: "contact" | "deal"; id: string; over?: boolean }) {
  if (!useMay("followups.read")) return null;
  return (
    <Boundary>
      <Suspense fallback={<div className="h-[102px]" />}>
        <FollowUpsOf key={props.id} {...props} />
      </Suspense>
    </Boundary>
  );
}
