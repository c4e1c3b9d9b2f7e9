import { store } from "@/app/store";

const ids = store<ReadonlySet<string>>(new Set());
const waiting = new Map<string, { timer: ReturnType<typeof setTimeout>; send: (keepalive: boolean) => void }>();

const put = (id: string, on: boolean) => {
  const next = new Set(ids.get());
  if (on) next.add(id);
  else next.delete(id);
  ids.set(next);
};

/** What somebody deleted and can still take back. */
export const useGoing = ids.use;

/**
 * Hides something at once and deletes it when nobody took that back for eight seconds, or when the page goes away. What
 * the server refuses comes back.
 */
export function removeLater(
  id: string,
  remove: (keepalive: boolean) => Promise<unknown>,
  onError: (error: Error) => void,
) {
  const send = (keepalive: boolean) => {
    waiting.delete(id);
    remove(keepalive)
      .catch(onError)
      .finally(() => put(id, false));
  };
  put(id, true);
  waiting.set(id, { timer: setTimeout(() => send(false), 8000), send });
}

export function keep(id: string): void {
  const held = waiting.get(id);
  if (!held) return;
  clearTimeout(held.timer);
  waiting.delete(id);
  put(id, false);
}

if (typeof addEventListener !== "undefined")
  addEventListener("pagehide", () => {
    for (const { timer, send } of [...waiting.values()]) {
      clearTimeout(timer);
      send(true);
    }
  });
