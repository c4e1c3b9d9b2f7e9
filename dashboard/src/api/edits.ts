import { hashKey, type QueryClient, type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { hasStatus } from "./problem";

/** What was chosen about one record and is not answered yet. */
interface Queue {
  /** The record as the server has it, as far as it answered. */
  held: unknown;
  /** Changes in their order; the first one is on its way. */
  waiting: unknown[];
  /** Somebody else was faster: whatever was chosen meanwhile was chosen without knowing it. */
  refused?: Error;
  /** Looks no longer at what else is read. */
  stop: () => void;
}

const queues = new WeakMap<QueryClient, Map<string, Queue>>();

/** A record with a change; of its own fields only the named ones change. */
export function changed<Held extends object>(held: Held, change: object): Held {
  if (!("custom" in change && "custom" in held)) return { ...held, ...change };
  const custom = Object.entries({ ...(held.custom as object), ...(change.custom as object) });
  return { ...held, ...change, custom: Object.fromEntries(custom.filter(([, value]) => value !== null)) };
}

/**
 * Changes of one record, wherever on a page they are made: each shows at once, waits for the one before and is sent with the
 * version that its answer gave. What is read of the record meanwhile takes nothing away that was chosen. When somebody else
 * has changed it, all that waits is refused (412), so that nothing of his is overwritten.
 */
export function useEdits<Held extends { version: number }, Change extends object>(options: {
  /** Under which the record is read. */
  key: QueryKey;
  send: (change: Change, version: number | undefined) => Promise<Held>;
  /** What a change makes of the record until the server says it. */
  apply?: (held: Held, change: Change) => Held;
  onError?: (error: Error) => void;
  /** When everything is answered. */
  onEnd?: () => unknown;
}) {
  const cache = useQueryClient();
  const { key: queryKey, apply = changed } = options;
  const id = hashKey(queryKey);
  const all = queues.get(cache) ?? new Map<string, Queue>();
  queues.set(cache, all);
  const show = ({ held, waiting }: Queue) => {
    if (held) cache.setQueryData(queryKey, (waiting as Change[]).reduce(apply, held as Held));
  };
  const begin = (): Queue => {
    const queue: Queue = { held: cache.getQueryData(queryKey), waiting: [], stop: () => undefined };
    queue.stop = cache.getQueryCache().subscribe((event) => {
      if (event.type !== "updated" || event.query.queryHash !== id) return;
      if (event.action.type === "success" && !event.action.manual) show(queue);
    });
    all.set(id, queue);
    return queue;
  };
  return useMutation({
    scope: { id },
    onMutate: async (change: Change) => {
      const queue = all.get(id) ?? begin();
      queue.waiting.push(change);
      show(queue);
      // What is being read meanwhile was asked for before; giving it up also takes back what was shown since.
      await cache.cancelQueries({ queryKey, exact: true });
      show(queue);
      return queue;
    },
    mutationFn: async (change: Change) => {
      const queue = all.get(id);
      if (queue?.refused) throw queue.refused;
      return options.send(change, (queue?.held as Held | undefined)?.version);
    },
    onSuccess: (fresh, _change, queue) => {
      queue.held = fresh;
    },
    onError: (error, _change, queue) => {
      // What follows a refusal is not told once more.
      const told = queue?.refused === error;
      if (queue && hasStatus(error, 412)) queue.refused = error;
      if (!told) options.onError?.(error);
    },
    onSettled: (_fresh, _error, change, queue) => {
      if (!queue) return;
      queue.waiting.splice(queue.waiting.indexOf(change), 1);
      show(queue);
      if (queue.waiting.length > 0) return;
      queue.stop();
      all.delete(id);
      void cache.invalidateQueries({ queryKey, exact: true });
      options.onEnd?.();
    },
  });
}
