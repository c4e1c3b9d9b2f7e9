import { lazy, type ReactNode, Suspense, useEffect, useId, useState } from "react";
import { later } from "@/app/idle";
import { withWords } from "@/i18n/words";
import type { Place } from "./places";

const Waiting = lazy(async () => ({ default: (await withWords(["home"], import("./waiting"))).Waiting }));

/**
 * How much waits in a place, and by which id a link is described by it: counted when everything else is there, and laid
 * where nothing has to move for it.
 */
export function useWaits(what: Place["waits"], className: string): { waits?: ReactNode; describedBy?: string } {
  const id = useId();
  const [quiet, setQuiet] = useState(false);
  useEffect(() => (what ? later(() => setQuiet(true), 2_500) : undefined), [what]);
  if (!what || !quiet) return {};
  return {
    describedBy: id,
    waits: (
      <Suspense>
        <Waiting what={what} id={id} className={className} />
      </Suspense>
    ),
  };
}
