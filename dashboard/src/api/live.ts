import { createParser } from "eventsource-parser";
import type { Schema } from "./client";
import { session } from "./session";

export type Signal = Schema["LiveSignal"];

export interface Live {
  /** Ends the connection for good. */
  stop(): void;
}

/** Pauses between tries, in milliseconds, with up to a quarter of chance so that tabs do not return together. */
export const pause = (tries: number): number => Math.min(30_000, 500 * 2 ** tries) * (0.75 + Math.random() / 2);

/**
 * The event stream of the current tenant. It resumes after the last message it got, so a connection that was away for
 * a minute misses nothing; what comes twice is dropped by its id.
 */
export function connect(on: (signal: Signal) => void, onState: (connected: boolean) => void): Live {
  const stopping = new AbortController();
  const seen = new Set<string>();
  let last: string | undefined;
  let tries = 0;

  const take = (signal: Signal) => {
    const id = signal.event?.id ?? signal.notification?.id;
    if (id) {
      if (seen.has(id)) return;
      seen.add(id);
      // Repeats come right after a reconnection; older ids are never asked about again.
      if (seen.size > 500) seen.delete(seen.values().next().value as string);
    }
    on(signal);
  };

  const once = async () => {
    const token = await session.token();
    if (!token) return stopping.abort();
    const headers: Record<string, string> = { accept: "text/event-stream", authorization: `Bearer ${token}` };
    if (last) headers["last-event-id"] = last;
    const answer = await fetch("/v1/stream", { headers, signal: stopping.signal, cache: "no-store" });
    if (answer.status === 401) await session.renew(token);
    if (!answer.ok || !answer.body) return;
    const parser = createParser({
      onEvent: ({ id, data }) => {
        if (id) last = id;
        take(JSON.parse(data) as Signal);
      },
    });
    onState(true);
    tries = 0;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) parser.feed(part.value);
  };

  const run = async () => {
    while (!stopping.signal.aborted) {
      await once().catch(() => undefined);
      if (stopping.signal.aborted) return;
      onState(false);
      await rest(pause(tries++), stopping.signal);
    }
  };
  void run();
  return { stop: () => stopping.abort() };
}

/** Waits, but not when the network comes back or nobody wants it any more. */
function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
    signal.addEventListener("abort", done, { once: true });
  });
}
