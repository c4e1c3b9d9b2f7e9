import { useIsFetching } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";

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
    <div data-waiting={shown ? undefined : true} className={shown ? "contents" : "invisible contents"}>
      {children}
    </div>
  );
}
