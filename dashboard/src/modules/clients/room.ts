import type { Schema } from "@/api/client";

type Step = Schema["ProvisioningStep"];

const listeners = new Set<(step: Step) => void>();

/** Says how the making of room for another client goes on, as the stream tells. */
export function tellRoom(step: Step): void {
  for (const hear of listeners) hear(step);
}

/** Hears of room for another client, until its end. */
export function listen(onStep: (step: Step) => void) {
  let there = false;
  let wake = () => {};
  const hear = (step: Step) => {
    onStep(step);
    if (step !== "ready") return;
    there = true;
    wake();
  };
  listeners.add(hear);
  return {
    /** Whoever asks from now on, asks after all that was told. */
    ask: () => {
      there = false;
    },
    /** Waits for room that was told of since it was last asked for; no longer than so many seconds. */
    wait: (seconds: number) =>
      new Promise<void>((resolve) => {
        if (there) return resolve();
        const timer = setTimeout(resolve, seconds * 1000);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    end: () => {
      listeners.delete(hear);
      wake();
    },
  };
}
