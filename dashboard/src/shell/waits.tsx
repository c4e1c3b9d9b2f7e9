import { lazy, type ReactNode, Suspense, useEffect, useId, useState } from "react";
import { later } from "@/app/idle";
import { withWords } from "@/i18n/words";
import type { Place } from "./places";

const Waiting = lazy(async () => ({ default: (await withWords(["home"], import("./waiting"))).Waiting }));

/**
 * How much waits in a place or, where nothing does and there is room, how much it holds; and by which id a link is
 * described by it. Counted when everything else is there, and laid where nothing has to move for it.
 */
export function useWaits(
  { waits: what, counted }: Pick<Place, "waits" | "counted">,
  className: string,
): { waits?: ReactNode; describedBy?: string } {
  const id = useId();
  const [quiet, setQuiet] = useState(false);
  const asked = Boolean(what ?? counted);
  useEffect(() => (asked ? later(() => setQuiet(true), 1_500) : undefined), [asked]);
  if (!asked || !quiet) return {};
  return {
    describedBy: id,
    waits: (
      <Suspense>
        <Waiting what={what} counted={counted} id={id} className={className} />
      </Suspense>
    ),
  };
}
