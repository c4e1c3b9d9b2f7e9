/** What every screen is asked, in the page itself; each answer is a complaint in words. */
import type { Page } from "@playwright/test";
import axe, { type AxeResults, type RunOptions } from "axe-core";

const AXE: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  // WCAG 2.5.3, which axe counts among its experiments: whoever speaks to the page says what they read.
  rules: { "label-content-name-mismatch": { enabled: true } },
  resultTypes: ["violations"],
  // The documents of frames are asked on their own; without axe in them it would wait for their answer in vain.
  iframes: false,
  preload: false,
};

declare global {
  interface Window {
    axe?: typeof axe;
    shifts?: { value: number; what: string }[];
    __TSR_ROUTER__?: { routesByPath: Record<string, unknown>; history: { push(path: string): void } };
  }
}

/** What depends on the theme; all the rest is the same document. */
const COLOURS: RunOptions = {
  ...AXE,
  rules: {},
  runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] },
};

/** What is opened over a page stands beside its landmarks, and has a name of its own. */
const OPENED: RunOptions = { ...AXE, rules: { ...AXE.rules, region: { enabled: false } } };

/** Violations of axe. */
export async function axeSays(page: Page, what: "all" | "opened" | "colours"): Promise<string[]> {
  if (!(await page.evaluate(() => !!window.axe))) await page.evaluate(axe.source);
  const run = async (options: RunOptions) => {
    // A colour on its way to another one is neither.
    while (document.getAnimations().some((moving) => moving.playState === "running"))
      await new Promise((next) => requestAnimationFrame(next));
    return window.axe?.run(document, options);
  };
  const results = (await page.evaluate(run, { all: AXE, opened: OPENED, colours: COLOURS }[what])) as AxeResults;
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => {
      const why = [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ");
      return `${id}: ${node.target.join(" ")} ${node.html.slice(0, 120)} (${why.slice(0, 200)})`;
    }),
  );
}

/** Sideways scrolling, small text, heading, title; and small targets where fingers are meant. */
export const layoutSays = (page: Page, more: { touch: boolean }): Promise<string[]> =>
  page.evaluate(({ touch }) => {
    const said: string[] = [];
    const root = document.documentElement;
    const name = (el: Element) => {
      const words = (el.getAttribute("aria-label") ?? el.textContent ?? "").trim().slice(0, 40);
      return `<${el.tagName.toLowerCase()} class="${(el.getAttribute("class") ?? "").slice(0, 60)}"> "${words}"`;
    };
    const seen = (el: Element) => {
      // One pixel, or in one: for who listens.
      for (let around: Element | null = el; around; around = around.parentElement) {
        const { width, height } = around.getBoundingClientRect();
        if (width > 1.5 && height > 1.5) continue;
        if (around === el || getComputedStyle(around).overflow !== "visible") return false;
      }
      return el.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    };

    const over = Math.max(root.scrollWidth, document.body.scrollWidth) - root.clientWidth;
    if (over > 0) {
      const sign = getComputedStyle(root).direction === "rtl" ? -1 : 1;
      const guilty = [...document.body.querySelectorAll("*")].filter((el) => {
        const box = el.getBoundingClientRect();
        return seen(el) && (sign > 0 ? box.right > root.clientWidth + 0.5 : box.left < -0.5);
      });
      const inmost = guilty.filter((el) => !guilty.some((other) => other !== el && el.contains(other)));
      said.push(`wider than the window by ${over} px: ${inmost.slice(0, 3).map(name).join(", ")}`);
    }

    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const small = new Map<string, string>();
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const el = node.parentElement;
      if (!el || !node.textContent?.trim() || !seen(el)) continue;
      // Initials in a picture of somebody: the name stands beside it.
      if (el.closest(".avatar")) continue;
      const scale = el instanceof SVGGraphicsElement ? Math.abs(el.getScreenCTM()?.d ?? 1) : 1;
      const size = Number.parseFloat(getComputedStyle(el).fontSize) * scale;
      if (size < 10.95) small.set(name(el), `${size.toFixed(1)} px`);
    }
    for (const [what, size] of small) said.push(`text of ${size}: ${what}`);

    const first = document.querySelectorAll("h1").length;
    if (first !== 1) said.push(`${first} first headings`);
    if (!document.title.includes(" · ")) said.push(`the title says only "${document.title}"`);
    if (!touch) return said;

    const CONTROLS =
      "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab], [role=switch], " +
      "[role=menuitem], [role=menuitemradio], [role=menuitemcheckbox], [role=checkbox], [role=radio], [role=option]";
    const LEAST = 43.5;
    const hits = (el: Element, x: number, y: number) => {
      const there = document.elementFromPoint(x, y);
      if (!there) return false;
      const control = there.closest(CONTROLS);
      if (el.contains(there) || there.closest("label")?.control === el || control === el) return true;
      // A row that opens when it is pressed anywhere is the target of the link in it.
      const row = there.closest("[role=row], tr, li");
      return !control && !!row?.contains(el) && el.matches("a") && getComputedStyle(there).cursor === "pointer";
    };
    /** How far a finger may be from the middle and still hit, in both directions together. */
    const reach = (el: Element, x: number, y: number, dx: number, dy: number) => {
      let length = 0;
      for (const sign of [-1, 1])
        for (let step = 1; step <= 44 && hits(el, x + sign * dx * step, y + sign * dy * step); step++) length++;
      return length + 1;
    };
    const modal = document.querySelector("[role=dialog]");
    for (const el of document.querySelectorAll<HTMLElement>(CONTROLS)) {
      if (!seen(el) || el.matches(":disabled, [aria-disabled=true]") || el.closest("[aria-hidden=true], [inert]"))
        continue;
      if (modal && !modal.contains(el)) continue;
      if (el.matches("input:not([type=checkbox], [type=radio], [type=range], [type=color]), textarea, select")) {
        const size = Number.parseFloat(getComputedStyle(el).fontSize);
        if (size < 16) said.push(`a field of ${size} px makes a phone zoom: ${name(el)}`);
      }
      const style = getComputedStyle(el);
      const around = el.parentElement?.textContent?.trim().length ?? 0;
      // A link in a sentence is as tall as its line.
      if (style.display === "inline" && around > (el.textContent?.trim().length ?? 0)) continue;
      let box = el.getBoundingClientRect();
      if (box.width >= LEAST && box.height >= LEAST) continue;
      if (box.bottom < 0) continue;
      el.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      box = el.getBoundingClientRect();
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      const wide = Math.max(box.width, reach(el, x, y, 1, 0));
      const tall = Math.max(box.height, reach(el, x, y, 0, 1));
      // A short word is as wide as it is, if it is tall.
      const narrow = el.textContent?.trim() ? 24 : LEAST;
      if (wide < narrow || tall < LEAST) said.push(`a target of ${Math.round(wide)}×${Math.round(tall)}: ${name(el)}`);
    }
    scrollTo(0, 0);
    return said;
  }, more);

/** Notes every shift of the layout that nobody asked for. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput, sources } = entry as PerformanceEntry & {
          value: number;
          hadRecentInput: boolean;
          sources: { node?: Node; previousRect: DOMRect; currentRect: DOMRect }[];
        };
        if (hadRecentInput) continue;
        const what = sources.map(({ node, previousRect: a, currentRect: b }) => {
          const el = node instanceof Element ? node : node?.parentElement;
          return `<${el?.tagName.toLowerCase()} class="${el?.getAttribute("class")?.slice(0, 50)}"> ${Math.round(a.x)},${Math.round(a.y)} to ${Math.round(b.x)},${Math.round(b.y)}`;
        });
        window.shifts?.push({ value, what: what.join(", ") });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

const MOST = 0.02;

export async function shiftsSay(page: Page): Promise<string[]> {
  const shifts = await page.evaluate(() => window.shifts ?? []);
  const sum = shifts.reduce((total, { value }) => total + value, 0);
  if (sum <= MOST) return [];
  return [`shifts by ${sum.toFixed(3)}: ${shifts.map(({ value, what }) => `${value.toFixed(3)} ${what}`).join(" | ")}`];
}

/** Requests that are on their way, but for the stream, which never ends. */
export class Traffic {
  private readonly open = new Set<string>();
  private count = 0;

  constructor(private readonly page: Page) {
    const ids = new WeakMap<object, string>();
    page.on("request", (request) => {
      if (new URL(request.url()).pathname.endsWith("/stream")) return;
      ids.set(request, `${this.count++}`);
      this.open.add(ids.get(request) ?? "");
    });
    const done = (request: object) => this.open.delete(ids.get(request) ?? "");
    page.on("requestfinished", done);
    page.on("requestfailed", done);
  }

  /** Nothing is loaded and nothing stands for what will come, in two frames after one another. */
  async settled(): Promise<void> {
    for (let calm = 0; calm < 2; ) {
      const waits = await this.page.evaluate(
        () =>
          new Promise<boolean>((say) =>
            requestAnimationFrame(() => requestAnimationFrame(() => say(!!document.querySelector(".skeleton")))),
          ),
      );
      calm = waits || this.open.size > 0 ? 0 : calm + 1;
    }
  }
}
