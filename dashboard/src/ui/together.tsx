import { useIsFetching } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { Later, Skeleton } from "./states";

/** How long nothing more may be asked for until all of it is shown, and how long it may take at most, in ms. */
const QUIET = 200;
const MOST = 2500;

/** Cards that come from different places appear at the same moment: none of them pushes another one away. */
export function Together({ children }: { children: ReactNode }) {
  const busy = useIsFetching() > 0;
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), busy ? MOST : QUIET);
    return () => clearTimeout(timer);
  }, [busy]);
  return (
    <>
      {!shown && <Coming />}
      <div data-waiting={shown ? undefined : true} className={shown ? "contents" : "invisible contents"}>
        {children}
      </div>
    </>
  );
}

/** Grey cards over the place of those that are not shown yet; they take no room, so nothing moves when they go. */
function Coming() {
  return (
    <div aria-hidden="true" className="relative -mb-3 h-0 print:hidden">
      <div className="absolute inset-x-0 top-0">
        <Later ms={400}>
          {["w-20", "w-28", "w-16"].map((width) => (
            <div key={width} className="mb-3 h-[102px] rounded-panel border border-line bg-surface px-4 py-3.5">
              <Skeleton className={`h-3 ${width}`} />
              <Skeleton className="mt-4 h-3 w-full" />
              <Skeleton className="mt-2.5 h-3 w-24" />
            </div>
          ))}
        </Later>
      </div>
    </div>
  );
}
