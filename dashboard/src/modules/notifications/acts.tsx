import { lazy, Suspense } from "react";
import { withWords } from "@/i18n/words";
import type { Notification } from "./data";

const Whole = lazy(async () => ({
  default: (await withWords(["notifications"], import("./acts-menu"))).ActsMenu,
}));

export interface ActsProps {
  /** Of one kind, the newest first. */
  items: readonly Notification[];
  onRead: (on: boolean) => void;
  onArchive: (on: boolean) => void;
}

/** What can be done with notifications besides opening them; it comes with the list that shows them. */
export function Acts(props: ActsProps) {
  return (
    <Suspense fallback={<span aria-hidden="true" className="size-8 shrink-0 max-md:size-11 coarse:size-11" />}>
      <Whole {...props} />
    </Suspense>
  );
}
