import { store } from "./store";

/** A newer build that is installed and waits until somebody wants it. */
const waiting = store<ServiceWorker | undefined>(undefined);
export const useNewVersion = waiting.use;

const HOUR = 3_600_000;

/** Keeps this build for starts without a network, and looks for newer ones. */
export async function keepVersion(): Promise<void> {
  const place = await navigator.serviceWorker.register("/sw.js");
  const look = () => {
    // The very first one takes its place by itself: there is nothing to change to.
    if (place.waiting && navigator.serviceWorker.controller) waiting.set(place.waiting);
  };
  look();
  place.addEventListener("updatefound", () => place.installing?.addEventListener("statechange", look));
  const ask = () => void place.update().catch(() => undefined);
  setInterval(ask, HOUR);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
}

/** Goes over to the newer build. Other tabs stay with theirs until somebody reloads them. */
export function takeNewVersion(): void {
  const next = waiting.get();
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  // Another tab may have taken it already.
  if (next?.state === "installed") next.postMessage("take-over");
  else location.reload();
}
