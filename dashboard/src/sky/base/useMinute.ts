import { useEffect, useState } from "react";

/**
 * The time, new at the turn of each minute; what the sun stands at. A page that comes back from sleep or from another
 * tab is brought up to date at once.
 */
export function useMinute(clock: () => number = Date.now): number {
  const [now, setNow] = useState(clock);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      clearTimeout(timer);
      setNow(clock());
      timer = setTimeout(tick, 60_000 - (clock() % 60_000));
    };
    tick();
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, [clock]);
  return now;
}
