import { useIsFetching } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useFormats } from "@/i18n/format";
import { DayLine } from "@/sky/DayLine/DayLine";
import { useMinute } from "@/sky/base/useMinute";

/**
 * The day under every page's header, with the sun at now. No endpoint tells the appointments and calls of a day yet, so
 * no dot stands on it. What is read again glides along it.
 */
export function Horizon() {
  const { zone } = useFormats();
  const now = useMinute();
  const busy = useIsFetching({ predicate: (query) => query.state.data !== undefined }) > 0;
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(busy), busy ? 300 : 0);
    return () => clearTimeout(timer);
  }, [busy]);
  return (
    <div className="relative -mt-1.5 h-[30px] shrink-0 print:hidden">
      {zone && <DayLine now={now} zone={zone} events={NONE} />}
      {shown && (
        <span aria-hidden="true" className="absolute inset-x-0 bottom-0 block h-0.5 overflow-hidden">
          <span className="block h-full w-1/3 animate-[glide_1.4s_var(--ease-transfer)_8] bg-linear-to-r from-transparent via-accent to-transparent" />
        </span>
      )}
    </div>
  );
}

const NONE: [] = [];
