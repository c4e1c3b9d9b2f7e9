import { lazy, Suspense } from "react";
import { useMay } from "@/app/may";
import { withWords } from "@/i18n/words";
import { Boundary } from "@/ui/boundary";
import { Skeleton } from "@/ui/states";
import type { Whose } from "./around";

const ServicesOf = lazy(async () => ({ default: (await withWords(["deals"], import("./services"))).ServicesOf }));

/** What a company or a person bought, on its page: not there, and not loaded, for whoever may not read deals. */
export function ServicesBeside({ whose }: { whose: Whose }) {
  if (!useMay("deals.read")) return null;
  return (
    <Boundary>
      <Suspense fallback={"company" in whose && <Skeleton className="mb-6 h-[120px] rounded-panel!" />}>
        <ServicesOf whose={whose} />
      </Suspense>
    </Boundary>
  );
}
