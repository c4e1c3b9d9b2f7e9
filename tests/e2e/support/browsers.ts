/** The two browsers behind one small face, so that every attack is written once and run in both. */
import { chromium, type Browser as PlaywrightBrowser, type Frame as PlaywrightFrame } from "@playwright/test";
import puppeteer, { type Browser as PuppeteerBrowser, type Frame as PuppeteerFrame } from "puppeteer-core";

export type Engine = "chromium" | "firefox";

/** A document: a page's own, or one in a frame. */
export interface View {
  url(): string;
  /** Runs a function in the document. */
  eval<T, A>(run: (arg: A) => T | Promise<T>, arg: A): Promise<T>;
  /** Waits until the function says something true, and gives that. */
  until<T, A>(run: (arg: A) => T, arg: A): Promise<T>;
}

export interface Tab extends View {
  /** Opens an address; a refusal of the server is not a failure of the test. */
  open(url: string): Promise<void>;
  /** The frame whose address begins so, once it is there. */
  frame(start: string): Promise<View>;
  frames(): View[];
  type(text: string): Promise<void>;
  close(): Promise<void>;
}

export interface Surfer {
  tab(): Promise<Tab>;
  close(): Promise<void>;
}

async function found(frames: () => View[], start: string): Promise<View> {
  const end = Date.now() + 20_000;
  for (;;) {
    const frame = frames().find((f) => f.url().startsWith(start));
    if (frame) return frame;
    if (Date.now() > end) throw new Error(`no frame ${start} among ${frames().map((f) => f.url())}`);
    // Frames come and go by themselves; neither driver tells when in a way both share.
    await new Promise((again) => setTimeout(again, 20));
  }
}

const viewOfPlaywright = (f: PlaywrightFrame): View => ({
  url: () => f.url(),
  eval: (run, arg) => f.evaluate(run as never, arg as never),
  until: async (run, arg) => (await f.waitForFunction(run as never, arg as never)).jsonValue() as never,
});

const viewOfPuppeteer = (f: PuppeteerFrame): View => ({
  url: () => f.url(),
  eval: (run, arg) => f.evaluate(run as never, arg as never) as never,
  until: async (run, arg) => {
    const handle = await f.waitForFunction(run as () => unknown, { polling: 50, timeout: 20_000 }, arg);
    return handle.jsonValue() as never;
  },
});

async function playwright(): Promise<Surfer> {
  const browser: PlaywrightBrowser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  return {
    async tab() {
      const context = await browser.newContext({ viewport: { width: 900, height: 1400 } });
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      const frames = () => page.frames().slice(1).map(viewOfPlaywright);
      return {
        ...viewOfPlaywright(page.mainFrame()),
        open: async (url) => void (await page.goto(url, { waitUntil: "domcontentloaded" }).catch(refused)),
        frame: (start) => found(frames, start),
        frames,
        type: (text) => page.keyboard.type(text),
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}

async function firefox(): Promise<Surfer> {
  const browser: PuppeteerBrowser = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
    headless: true,
    defaultViewport: { width: 900, height: 1400 },
    // Every test name is this machine, also the ones with a dot at the end.
    extraPrefsFirefox: { "network.dns.forceResolve": "127.0.0.1", "dom.disable_open_during_load": false },
  });
  return {
    async tab() {
      const page = await browser.newPage();
      page.setDefaultTimeout(20_000);
      const frames = () =>
        page
          .frames()
          .filter((f) => f !== page.mainFrame())
          .map(viewOfPuppeteer);
      const main = () => viewOfPuppeteer(page.mainFrame());
      return {
        url: () => page.url(),
        eval: (run, arg) => main().eval(run, arg),
        until: (run, arg) => main().until(run, arg),
        open: async (url) => void (await page.goto(url, { waitUntil: "domcontentloaded" }).catch(refused)),
        frame: (start) => found(frames, start),
        frames,
        type: (text) => page.keyboard.type(text),
        close: () => page.close(),
      };
    },
    close: () => browser.close(),
  };
}

/** An answer without a page (403 with nothing in it) is what some tests are about. */
function refused(error: unknown): void {
  const text = `${error}`;
  if (
    !/ERR_HTTP_RESPONSE_CODE_FAILURE|NS_ERROR|ERR_ABORTED|ERR_BLOCKED|interrupted|Navigation|neterror|unknown error/i.test(
      text,
    )
  )
    throw error;
}

export const launch = (engine: Engine): Promise<Surfer> => (engine === "firefox" ? firefox() : playwright());
