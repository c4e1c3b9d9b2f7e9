interface Connection {
  saveData?: boolean;
  effectiveType?: string;
}

/** Somebody counts every byte, or has so thin a line that nothing unasked may stand in the way. */
export function isSparing(of: { connection?: Connection } = navigator as { connection?: Connection }): boolean {
  const { saveData, effectiveType = "" } = of.connection ?? {};
  return saveData === true || /2g$/.test(effectiveType);
}

/** Does what can wait once the page has been quiet for a while. Gives a way to forget about it. */
export function later(work: () => void, after = 5_000): () => void {
  if (isSparing()) return () => undefined;
  let idle: number | undefined;
  const timer = setTimeout(() => {
    // One browser knows no idle time; by then the page is there anyway.
    if ("requestIdleCallback" in window) idle = requestIdleCallback(work);
    else work();
  }, after);
  return () => {
    clearTimeout(timer);
    if (idle !== undefined) cancelIdleCallback(idle);
  };
}
