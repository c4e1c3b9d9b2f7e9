/** Milliseconds that nobody takes for waiting. */
const MOMENT = 120;

/**
 * Waits a moment for what a page will show: when it comes in time the page is drawn once, complete. When it does not, the
 * page comes without and says that it waits.
 */
export const soon = (asked: Promise<unknown>[]): Promise<void> =>
  Promise.race([Promise.allSettled(asked), new Promise((done) => setTimeout(done, MOMENT))]).then(() => undefined);
