import { lazy, Suspense, useEffect, useState } from "react";

const Day = lazy(async () => ({ default: (await import("./day")).Day }));

/** Whether a page was painted: the first one is not to wait for the day above it. */
let painted = false;

function usePainted(): boolean {
  const [there, setThere] = useState(painted);
  useEffect(() => {
    if (there) return;
    const show = () => {
      painted = true;
      setThere(true);
    };
    // Behind the frame that is drawn now.
    const frame = requestAnimationFrame(() => setTimeout(show));
    return () => cancelAnimationFrame(frame);
  }, [there]);
  return there;
}

/**
 * The day under every page's header, with the sun at now: calls and meetings that have their time today, held or to
 * come, and the reader's own tasks. What is read again glides along it.
 */
export function Horizon() {
  return (
    <div className="relative -mt-1.5 h-[30px] shrink-0 print:hidden">
      <Suspense>{usePainted() && <Day />}</Suspense>
    </div>
  );
}
