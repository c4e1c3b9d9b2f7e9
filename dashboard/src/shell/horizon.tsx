import { useIsFetching } from "@tanstack/react-query";
import { useEffect, useState } from "react";

/** The place of the day line. Until there are events of the day it is a bare horizon; what is read again glides along it. */
export function Horizon() {
  const busy = useIsFetching({ predicate: (query) => query.state.data !== undefined }) > 0;
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(busy), busy ? 300 : 0);
    return () => clearTimeout(timer);
  }, [busy]);
  return (
    <div aria-hidden="true" className="relative h-px shrink-0 bg-line">
      {shown && (
        <span className="absolute inset-x-0 -top-px block h-0.5 overflow-hidden">
          <span className="block h-full w-1/3 animate-[glide_1.4s_var(--ease-transfer)_8] bg-linear-to-r from-transparent via-accent to-transparent" />
        </span>
      )}
    </div>
  );
}
