import { useCallback, useSyncExternalStore } from "react";

/** Whether a media query holds: for what stylesheets cannot say, such as the height of rows that do not exist yet. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
