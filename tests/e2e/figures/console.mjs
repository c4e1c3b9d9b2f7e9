#!/usr/bin/env node
/**
 * The console in Chromium on a processor made four times slower, against an optimised core: what `cargo xtask bench
 * console` runs. Prints each figure as JSON on a line of its own; nothing is asserted.
 */
import { chromium } from "@playwright/test";
import { goal, say } from "./say.mjs";
import { scroll } from "./scroll.mjs";

const [core, email, password, rounds = "5"] = process.argv.slice(2);
const ROUNDS = Number(rounds);
const SLOWER = 4;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});

/** Notes, from the first moment on, what is painted, what moves and how long an answer to a press takes. */
const observe = () => {
  window.figures = { lcp: 0, cls: 0, events: [] };
  const watch = (type, take, more = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });
  watch("largest-contentful-paint", (entry) => {
    window.figures.lcp = entry.startTime;
  });
  watch("layout-shift", (entry) => {
    if (!entry.hadRecentInput) window.figures.cls += entry.value;
  });
  watch("event", (entry) => entry.interactionId && window.figures.events.push(entry.duration), {
    durationThreshold: 16,
  });
};

/** A page of a browser that was never here, or that is signed in. */
async function visitor(context) {
  const page = await context.newPage();
  await page.addInitScript(observe);
  const cdp = await context.newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await cdp.send("Network.enable");
  return { page, cdp };
}

const fresh = () =>
  browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: "block", colorScheme: "dark" });

async function signedIn() {
  const context = await fresh();
  const page = await context.newPage();
  await page.goto(`${core}/sign-in`);
  await page.getByLabel("Work email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Contacts", exact: true }).first().waitFor();
  await page.close();
  return context;
}

/** One cold load: what was painted last and largest, what moved, what was transferred. */
async function load(context, path, shown) {
  const { page, cdp } = await visitor(context);
  await cdp.send("Network.setCacheDisabled", { cacheDisabled: true });
  const kinds = new Map();
  let bytes = 0;
  cdp.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, type));
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (["Script", "Stylesheet"].includes(kinds.get(requestId))) bytes += encodedDataLength;
  });
  await page.goto(core + path);
  // What comes late may still move something, and what is largest is only known when nothing more is painted. Nobody looks
  // meanwhile: to look for a row is work for the page, and it would be measured too.
  await new Promise((done) => setTimeout(done, 4000));
  await shown(page).first().waitFor();
  const { lcp, cls } = await page.evaluate(() => window.figures);
  await page.close();
  return { lcp, cls, kib: bytes / 1024 };
}

const PLACES = [
  { name: "sign-in", path: "/sign-in", shown: (page) => page.getByLabel("Work email") },
  { name: "overview", path: "/", shown: (page) => page.getByRole("heading", { level: 1 }) },
  { name: "contacts", path: "/contacts", shown: (page) => page.getByRole("row").nth(3) },
];

async function loads(context) {
  for (const { name, path, shown } of PLACES) {
    const all = [];
    for (let n = 0; n < ROUNDS; n++) {
      const own = name === "sign-in" ? await fresh() : context;
      all.push(await load(own, path, shown));
      if (own !== context) await own.close();
    }
    const of = (key) => all.map((each) => each[key]);
    say(`largest paint: ${name}`, goal.atMost(1500), "ms", of("lcp"), "cold, processor 4 times slower");
    say(`… layout shift: ${name}`, goal.atMost(0.02), "", of("cls"), "all shifts of the first four seconds, added");
    say(`… script and style: ${name}`, goal.atMost(200), "KiB", of("kib"), "as transferred, brotli");
  }
}

/** How long until the next paint, for each kind of press. */
async function presses(context) {
  const { page } = await visitor(context);
  const took = async (act, shown) => {
    await page.evaluate(() => {
      window.figures.events = [];
    });
    await act();
    await shown.waitFor();
    await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
    // Shorter than the shortest that is told.
    return page.evaluate(() => Math.max(16, ...window.figures.events));
  };
  const rows = page.getByRole("row").filter({ has: page.getByRole("link") });
  const list = async () => {
    await page.goto(`${core}/contacts`);
    await rows.nth(5).waitFor();
    await page.evaluate(() => new Promise((done) => setTimeout(done, 1500)));
  };
  const box = page.getByRole("searchbox").or(page.getByLabel("Search contacts")).first();
  const kinds = {
    "open the palette": async () => {
      const palette = page.getByRole("combobox");
      const time = await took(() => page.keyboard.press("Control+k"), palette);
      return time;
    },
    "type a letter into the palette": async () => {
      const time = await took(() => page.keyboard.type("a"), page.getByRole("option").first());
      await page.keyboard.press("Escape");
      return time;
    },
    "type a letter into the search": async () => {
      await box.focus();
      const time = await took(() => page.keyboard.type("m"), box);
      await box.fill("");
      return time;
    },
    "switch the theme": () =>
      took(() => page.getByRole("button", { name: "Switch day and night" }).click(), page.locator("html")),
    "choose a row": () => took(() => page.getByRole("checkbox").nth(2).click(), page.locator("html")),
    "open a contact": () =>
      took(() => rows.nth(3).getByRole("link").first().click(), page.getByLabel(/^Note about/).first()),
  };
  const all = Object.fromEntries(Object.keys(kinds).map((name) => [name, []]));
  for (let n = 0; n <= ROUNDS; n++) {
    await list();
    for (const [name, press] of Object.entries(kinds)) {
      const time = await press();
      // The first round also loads what comes on demand; it is told apart.
      all[name].push(time);
    }
  }
  for (const [name, [first, ...rest]] of Object.entries(all))
    say(`press to paint: ${name}`, goal.atMost(100), "ms", rest, `4 times slower; ${first} ms the first time`);
  await page.close();
}

const context = await signedIn();
try {
  await loads(context);
  await presses(context);
  for (const rate of [1, SLOWER]) await scroll(context, core, rate);
} finally {
  await browser.close();
}
