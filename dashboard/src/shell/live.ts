import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { store } from "@/app/store";

const connected = store(true);

/** What the server tells by itself finds its way into what is on the screen. */
export function useLive(tenant: string): void {
  const cache = useQueryClient();
  useEffect(() => {
    if (!tenant) return connected.set(true);
    let away = false;
    let left = false;
    let stop = () => {};
    const follow = async () => {
      // The first paint does not wait for what comes after it.
      const { connect, take } = await import("./news");
      if (left) return;
      const live = connect(
        (signal) => take(cache, signal),
        (on) => {
          connected.set(on);
          // What was told meanwhile comes with the stream; what was read elsewhere does not.
          if (on && away) void cache.invalidateQueries({ queryKey: ["notifications"] });
          away = !on;
        },
      );
      stop = live.stop;
    };
    void follow().catch(() => connected.set(false));
    return () => {
      left = true;
      stop();
    };
    // A stream belongs to one tenant: another one is another stream.
  }, [tenant, cache]);
}

export const useConnected = connected.use;
export const isConnected = connected.get;
