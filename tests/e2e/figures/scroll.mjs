import { goal, say } from "./say.mjs";

/** The contacts of a tenant with very many, scrolled as far as there is time, while further pages are loaded. */
const SECONDS = 10;

export async function scroll(context, core, rate) {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await page.addInitScript(() => {
    window.long = [];
    new PerformanceObserver((list) => {
      for (const { duration, blockingDuration, scripts } of list.getEntries())
        window.long.push({ duration, blockingDuration, script: Math.max(0, ...scripts.map((s) => s.duration)) });
    }).observe({ type: "long-animation-frame" });
  });
  await page.goto(`${core}/contacts`);
  await page.getByRole("row").nth(5).waitFor();
  await page.evaluate(() => new Promise((done) => setTimeout(done, 2000)));
  await cdp.send("Emulation.setCPUThrottlingRate", { rate });
  const seen = await page.evaluate(async (time) => {
    const table = document.querySelector("[role=table]");
    let frame = table;
    while (frame && frame.scrollHeight <= frame.clientHeight + 1) frame = frame.parentElement;
    const deltas = [];
    window.long.length = 0;
    const begun = performance.now();
    let before = begun;
    await new Promise((done) => {
      const step = (now) => {
        deltas.push(now - before);
        before = now;
        // A fast hand: about forty rows a second.
        frame.scrollTop += 30;
        if (now - begun < time) requestAnimationFrame(step);
        else done();
      };
      requestAnimationFrame(step);
    });
    deltas.shift();
    deltas.sort((a, b) => a - b);
    const at = (share) => deltas[Math.min(deltas.length - 1, Math.floor(deltas.length * share))];
    return {
      frames: deltas.length,
      over: deltas.filter((delta) => delta > 50).length,
      worst: at(1),
      p99: at(0.99),
      own: Math.max(0, ...window.long.map(({ duration }) => duration)),
      down: Math.round(frame.scrollTop),
    };
  }, SECONDS * 1000);
  const slower = rate === 1 ? "not slowed" : `processor ${rate} times slower`;
  const how = `${slower}; ${seen.frames} frames, ${seen.down} px down`;
  say(`contacts of 100,000 scrolled: frames over 50 ms, ${slower}`, goal.atMost(0), "", [seen.over], how);
  say(`… longest frame, ${slower}`, goal.none, "ms", [seen.worst], `99 % within ${seen.p99.toFixed(1)} ms`);
  say(
    `… longest with work of the page's own, ${slower}`,
    goal.none,
    "ms",
    [seen.own],
    "long animation frames; 0: none",
  );
  await page.close();
}
