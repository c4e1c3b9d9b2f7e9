import { lazy, Suspense } from "react";
import { useMay } from "@/app/may";
import { withWords } from "@/i18n/words";
import { Boundary } from "@/ui/boundary";
import { Skeleton } from "@/ui/states";
import type { Whose } from "./around";

const DealsOf = lazy(async () => ({ default: (await withWords(["deals"], import("./around"))).DealsOf }));

/** Deals on the page of another module: not there, and not loaded, for whoever may not read them. */
export function DealsBeside(props: { whose: Whose; name: string; over?: boolean }) {
  if (!useMay("deals.read")) return null;
  return (
    <Boundary>
      <Suspense fallback={<Skeleton className="h-[166px] rounded-panel!" />}>
        <DealsOf {...props} />
      </Suspense>
    </Boundary>
  );
}
