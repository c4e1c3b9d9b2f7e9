/** The built loader and form in a real browser, on pages as hostile or as careless as real ones are. */
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer, { type Browser, type Frame, type Page } from "puppeteer-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { Edge } from "./edge";
import { arabic, contact, long } from "./forms";

const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
const LINK = `<a class="fb" href="https://example.com/form">Open the form</a>`;
const brand = {
  name: "Harbor & Pine",
  logo_url: null,
  colors: { accent: "#0b6e4f", on_accent: "#ffffff" },
  legal_links: [
    { label: "Privacy", url: "https://example.com/privacy" },
    { label: "Trap", url: "javascript:alert(1)" },
  ],
};
const STRICT =
  "default-src 'none'; script-src EDGE; frame-src EDGE; style-src 'none'; base-uri 'none'; require-trusted-types-for 'script'";

const page = (body: string, more = "") =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Site</title><meta name="viewport" content="width=device-width">${more}<body>${body}` +
  `<script async src="EDGE/v1/loader.js" referrerpolicy="strict-origin"></script></body></html>`;

describe.skipIf(!existsSync(chromium))("in the browser", () => {
  let browser: Browser;
  let edge: Edge;
  let violations: string[];

  beforeAll(async () => {
    edge = await new Edge().start();
    browser = await puppeteer.launch({
      executablePath: chromium,
      // Tall enough that nothing has to be scrolled while the frame is still finding its height.
      defaultViewport: { width: 800, height: 1400 },
      // One process for page and frame: the driver now and then never hears from a frame that moved to its own. Pages and
      // frames of several processes are what the browser tests of the whole product are about.
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-site-isolation-trials",
        "--disable-features=IsolateOrigins,site-per-process",
      ],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await edge?.stop();
  });
  beforeEach(() => {
    edge.calls.length = 0;
    edge.frames.length = 0;
    edge.answer = () => undefined;
    edge.widgets = {
      w_c: { form: contact },
      w_l: { form: long, brand },
      w_a: { form: arabic },
      w_no: { form: contact, refuse: true },
    };
    edge.pages = {};
    violations = [];
  });

  async function open(html: string, path = "/", headers: Record<string, string> = {}): Promise<Page> {
    const csp = headers.csp?.replaceAll("EDGE", edge.edge);
    edge.pages = { "/": { html, headers: csp ? { "content-security-policy": csp } : {} } };
    const p = await browser.newPage();
    await p.exposeFunction("violated", (v: string) => violations.push(v));
    await p.evaluateOnNewDocument(() => {
      const w = window as never as { seen: unknown[]; violated(v: string): void };
      w.seen = [];
      addEventListener("securitypolicyviolation", (e) =>
        w.violated(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`),
      );
      for (const t of [
        "widget.ready",
        "widget.error",
        "widget.opened",
        "widget.closed",
        "form.submitted",
        "form.started",
      ])
        document.addEventListener(`upz:${t}`, (e) => w.seen.push([t, (e as CustomEvent).detail]));
    });
    await p.goto(edge.host + path);
    return p;
  }

  const seen = (p: Page, type: string, n = 1) =>
    p.waitForFunction(
      (t, n) => (window as never as { seen: string[][] }).seen.filter((s) => s[0] === t).length >= n,
      {},
      type,
      n,
    );

  async function frame(p: Page, ready = 1): Promise<Frame> {
    await seen(p, "widget.ready", ready);
    const f = p
      .frames()
      .filter((f) => f.url().startsWith(edge.edge))
      .at(-1);
    if (!f) throw new Error("no frame");
    await f.waitForFunction(
      () => !document.querySelector(".inline") || innerHeight >= (document.querySelector("main")?.offsetHeight ?? 0),
    );
    return f;
  }

  async function fill(f: Frame): Promise<void> {
    await f.type("#f-name", "Ada");
    await f.type("#f-mail", "ada@example.com");
    await f.click("#f-kind .opt");
    await f.click("#f-ok");
  }

  const shown = (p: Page, selector: string) => p.$eval(selector, (e) => e.getClientRects().length > 0);

  test("inline: link until ready, no session before the visitor acts, conversion told to the page", async () => {
    const p = await open(
      page(
        `<div data-upz="w_c" data-upz-height="700" data-upz-prefill='{"name":"Grace"}'>${LINK}</div>`,
        `<script>dataLayer=[];upz=function(){(upz.q=upz.q||[]).push(arguments)};upz("on","form.submitted",e=>seen.push(["heard",e.detail]))</script>`,
      ),
      "/?utm_source=ads&gclid=g1&secret=s&plan=gold",
    );
    const f = await frame(p);
    expect(await shown(p, ".fb")).toBe(false);
    expect(await p.$eval("iframe", (e) => e.title)).toBe("Ask for a quote");
    expect(edge.calls).toEqual([]);
    expect(await f.$eval("#f-name", (e) => (e as HTMLInputElement).value)).toBe("Grace");
    await fill(f);
    await f.click(".pri");
    await seen(p, "heard");
    const body = JSON.parse(edge.of("/v1/a/form")[0]?.body ?? "");
    expect(body.attr).toMatchObject({ utm_source: "ads", gclid: "g1", page: `${edge.host}/` });
    expect(JSON.stringify(body)).not.toContain("secret");
    expect(body.answers).toMatchObject({ src: "ads", plan: "gold", kind: "roof", ok: true });
    expect(edge.of("/v1/a/form")[0]?.key).toMatch(/^[0-9a-f]{32}$/);
    expect(await p.evaluate("dataLayer")).toEqual([
      { event: "upz.form.submitted", upz_widget: "w_c", upz_ref: "sub_1" },
    ]);
    // The thanks are shorter than the form, so the frame must have shrunk.
    await p.waitForFunction(() => (document.querySelector("iframe")?.offsetHeight ?? 999) < 320);
    expect(await f.$eval("#top", (e) => e === document.activeElement && e.textContent)).toBe("Request received");
    expect(edge.calls.map((c) => c.token)).not.toContain("");
    await p.close();
  });

  test.each(["inline", "popup", "float"])("%s leaves the strictest host policy unbroken", async (mode) => {
    const p = await open(page(`<div id="b" data-upz="w_c" data-upz-mode="${mode}">Open</div>`), "/", { csp: STRICT });
    if (mode === "popup") {
      await p.waitForFunction(() => document.querySelector("#b[aria-expanded]"));
      await p.click("#b");
    }
    if (mode === "float") await (await p.waitForSelector(">>> .l"))?.click();
    const f = await frame(p);
    await fill(f);
    await f.click(".pri");
    await seen(p, "form.submitted");
    expect(violations).toEqual([]);
    expect(await f.$eval(".upz-w", (e) => getComputedStyle(e).containerType)).toBe("inline-size");
    await p.close();
  });

  test("refused: the link stays, the page is told, other widgets still work", async () => {
    const p = await open(page(`<div id="no" data-upz="w_no">${LINK}</div><div data-upz="w_c"></div>`));
    await seen(p, "widget.error");
    await frame(p);
    expect(await shown(p, ".fb")).toBe(true);
    expect(await p.$("#no iframe")).toBeNull();
    const errors = await p.evaluate(() =>
      (window as never as { seen: unknown[][] }).seen.filter((s) => s[0] === "widget.error"),
    );
    expect(errors).toEqual([["widget.error", { code: "origin", widget: "w_no" }]]);
    await p.close();
  });

  test("revoked while filling in: said kindly, link back", async () => {
    const p = await open(page(`<div data-upz="w_c">${LINK}</div>`));
    const f = await frame(p);
    edge.answer = (c) => (c.path === "/v1/a/form" ? { status: 403, body: { code: "revoked" } } : undefined);
    await fill(f);
    await f.click(".pri");
    await seen(p, "widget.error");
    expect(await f.$eval(".shut", (e) => e.textContent)).toContain("not available");
    expect(await shown(p, ".fb")).toBe(true);
    await p.close();
  });

  test("nobody else can speak to the loader", async () => {
    const p = await open(page(`<div data-upz="w_c">${LINK}</div>`));
    const f = await frame(p);
    const before = await p.$eval("iframe", (e) => e.style.height);
    // A stranger's frame and the page itself play our frame; only a loader that checks nothing answers.
    const answered = await p.evaluate(async (target) => {
      const evil = document.createElement("iframe");
      evil.src = "about:blank";
      document.body.append(evil);
      let got = 0;
      addEventListener("message", (e) => {
        if (e.data?.t === "init") got++;
      });
      evil.contentWindow?.addEventListener("message", () => got++);
      const hello = { n: "upz", t: "hello", v: 1 };
      postMessage(hello, "*");
      const child = evil.contentWindow as Window & { eval(code: string): unknown };
      child.eval(
        `parent.postMessage(${JSON.stringify(hello)}, "*");parent.postMessage({n:"upz",t:"size",d:{h:9}},"*")`,
      );
      postMessage({ n: "upz", t: "denied", code: "origin", denied: true }, "*");
      await new Promise((r) => {
        const c = new MessageChannel();
        c.port1.onmessage = r;
        setTimeout(() => c.port2.postMessage(0), 50);
      });
      return [got, !!document.querySelector(`iframe[src^="${target}"]`)];
    }, edge.edge);
    expect(answered).toEqual([0, true]);
    expect(await p.$eval("iframe", (e) => e.style.height)).toBe(before);
    expect(await f.$("form")).not.toBeNull();
    await p.close();
  });

  test("a redirect to a script goes nowhere, one to https leaves the page", async () => {
    const answer = (url: string) => () => ({
      status: 201,
      body: { submission: "sub_1", outcome: { kind: "redirect", url } },
    });
    for (const url of ["javascript:alert(1)", "https://thanks.invalid/done"]) {
      edge.answer = (c) => (c.path === "/v1/a/form" ? answer(url)() : undefined);
      const p = await open(page(`<div data-upz="w_c"></div>`));
      // Only watched, never held: a driver that starts to hold requests while some are under way may lose one for good.
      const went: string[] = [];
      p.on("request", (r) => r.isNavigationRequest() && r.frame() === p.mainFrame() && went.push(r.url()));
      const f = await frame(p);
      await fill(f);
      await f.click(".pri");
      if (url.startsWith("https")) await vi.waitUntil(() => went.length, { timeout: 20_000 });
      else await seen(p, "form.submitted");
      expect(went).toEqual(url.startsWith("https") ? [url] : []);
      await p.close();
    }
  });

  test("single-page sites: removed, re-added, wiped, swapped, loader three times", async () => {
    const tag = `<script async src="EDGE/v1/loader.js"></script>`;
    const p = await open(
      page(`<div id="a" data-upz="w_c"></div><div data-upz="w_c" data-upz-mode="float"></div>`, tag + tag),
    );
    await frame(p);
    const count = () => p.$$eval("iframe", (f) => f.length);
    expect(await count()).toBe(1);
    await p.evaluate(() => {
      const a = document.getElementById("a");
      a?.remove();
      requestAnimationFrame(() => requestAnimationFrame(() => a && document.body.prepend(a)));
    });
    await frame(p, 2);
    expect(await count()).toBe(1);
    await p.evaluate(() => document.querySelector("#a iframe")?.remove());
    await frame(p, 3);
    await p.evaluate(() => {
      const body = document.createElement("body");
      for (const mode of ["inline", "float"]) {
        const d = document.createElement("div");
        d.dataset.upz = "w_c";
        d.dataset.upzMode = mode;
        body.append(d);
      }
      document.body.replaceWith(body);
    });
    await frame(p, 4);
    expect(await count()).toBe(1);
    expect((await p.$$(">>> .l")).length).toBe(1);
    await p.evaluate(`upz("destroy")`);
    await p.waitForFunction(() => !document.querySelector("iframe"));
    expect((await p.$$(">>> .l")).length).toBe(0);
    await p.close();
  });

  test("popup: by keyboard in and out, focus comes back, a draft stays", async () => {
    const p = await open(page(`<p><button id="b" data-upz="w_c" data-upz-mode="popup">Ask</button></p>`));
    await p.waitForFunction(() => document.querySelector("#b[aria-expanded=false]"));
    expect(edge.frames).toEqual([]);
    await p.focus("#b");
    await p.keyboard.press("Enter");
    const f = await frame(p);
    expect(await p.$eval("#b", (b) => b.ariaExpanded)).toBe("true");
    await f.type("#f-name", "Ada");
    await p.keyboard.press("Escape");
    await seen(p, "widget.closed");
    expect(await p.$eval("#b", (b) => [b.ariaExpanded, b === document.activeElement])).toEqual(["false", true]);
    await p.keyboard.press("Enter");
    await seen(p, "widget.opened", 2);
    expect(await f.$eval("#f-name", (e) => (e as HTMLInputElement).value)).toBe("Ada");
    expect(await p.$eval(">>> dialog", (d) => d.getAttribute("aria-label"))).toBe("Ask for a quote");
    await (await p.$(">>> dialog button"))?.click();
    await seen(p, "widget.closed", 2);
    await p.close();
  });

  test("float: nothing is asked before the press; on a phone it fills what the keyboard leaves", async () => {
    const p = await open(page(`<div data-upz="w_c" data-upz-mode="float" data-upz-label="Quote">${LINK}</div>`));
    await p.setViewport({ width: 390, height: 844, isMobile: true, hasTouch: true });
    const b = await p.waitForSelector(">>> .l");
    expect([edge.frames, edge.of("/v1/session")]).toEqual([[], []]);
    await b?.click();
    await frame(p);
    const box = await p.$eval(">>> dialog", (e) => {
      const d = e as HTMLElement;
      return [d.offsetLeft, d.offsetTop, d.offsetWidth, d.offsetHeight, visualViewport?.width, visualViewport?.height];
    });
    expect(box.slice(0, 4)).toEqual([0, 0, box[4], box[5]]);
    await p.keyboard.press("Escape");
    await seen(p, "widget.closed");
    expect(await b?.evaluate((e) => e.getAttribute("aria-expanded"))).toBe("false");
    await p.close();
  });

  test("colours follow the page, live", async () => {
    const style =
      "<style>:root{--ac:#23614a}:root[data-theme=dark]{--ac:#8fd3b1}[data-upz]{--upz-accent:var(--ac)}</style>";
    const p = await open(page(`<div data-upz="w_c"></div>`, style));
    const f = await frame(p);
    const look = () =>
      f.evaluate(() => [
        document.documentElement.dataset.theme,
        document.documentElement.style.getPropertyValue("--upz-accent"),
      ]);
    expect(await look()).toEqual(["light", "#23614a"]);
    await p.evaluate(() => document.documentElement.setAttribute("data-theme", "dark"));
    await f.waitForFunction(() => document.documentElement.dataset.theme === "dark");
    expect(await look()).toEqual(["dark", "#8fd3b1"]);
    expect(await p.$eval("iframe", (i) => i.style.colorScheme)).toBe("dark");
    await p.close();
  });

  test("unreadable colours are corrected", async () => {
    const p = await open(
      page(`<div data-upz="w_c" data-upz-accent="#ffee66" data-upz-text="#ddd" data-upz-on-accent="#fff"></div>`),
    );
    const f = await frame(p);
    const got = await f.evaluate(() =>
      ["text", "on-accent", "accent"].map((k) => document.documentElement.style.getPropertyValue(`--upz-${k}`)),
    );
    expect(got).toEqual(["#0b1017", "#0b1017", "#ffee66"]);
    await p.close();
  });

  test("the brand's colours and legal links, unless the page has its own", async () => {
    const p = await open(page(`<div data-upz="w_l"></div>`));
    const f = await frame(p);
    expect(await f.evaluate(() => document.documentElement.style.getPropertyValue("--upz-accent"))).toBe("#0b6e4f");
    expect(await f.$$eval(".by a", (a) => a.map((x) => [x.textContent, x.getAttribute("href")]))).toEqual([
      ["Privacy", "https://example.com/privacy"],
      ["Trap", null],
    ]);
    await p.close();
  });

  test("a document opened on its own stays blank", async () => {
    const p = await browser.newPage();
    await p.goto(`${edge.edge}/w/w_c?o=${encodeURIComponent(edge.host)}&m=inline&v=1`, { waitUntil: "networkidle0" });
    expect(await p.$("form")).toBeNull();
    expect(edge.calls).toEqual([]);
    await p.close();
  });

  test("an old frame token: the frame fetches itself again and keeps what was typed", async () => {
    const p = await open(page(`<div data-upz="w_c"></div>`));
    await frame(p);
    let stale = true;
    edge.answer = (c) => (c.path === "/v1/session" && stale ? { status: 401, body: { code: "renew" } } : undefined);
    let f = await frame(p);
    await f.evaluate(() => {
      const input = document.querySelector<HTMLInputElement>("#f-name");
      if (!input) return;
      input.value = "Ada";
      input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    });
    await seen(p, "widget.ready", 2);
    stale = false;
    f = await frame(p, 2);
    await f.waitForFunction(() => document.querySelector<HTMLInputElement>("#f-name")?.value === "Ada");
    await f.type("#f-mail", "ada@example.com");
    await f.click("#f-kind .opt");
    await f.click("#f-ok");
    await f.click(".pri");
    await seen(p, "form.submitted");
    expect(edge.frames.length).toBe(2);
    await p.close();
  });

  test("server trouble: limit with countdown, lost connection, then the answer; one key", async () => {
    const p = await open(page(`<div data-upz="w_c"></div>`));
    const f = await frame(p);
    const script = [
      { status: 429, body: { code: "limit" }, headers: { "retry-after": "1" } },
      { status: 0, drop: true },
      { status: 503, body: { code: "unavailable" } },
    ];
    edge.answer = (c) => (c.path === "/v1/a/form" ? script.shift() : undefined);
    await fill(f);
    await f.click(".pri");
    await f.waitForSelector(".wait");
    await seen(p, "form.submitted");
    const tries = edge.of("/v1/a/form");
    expect([tries.length >= 4, new Set(tries.map((c) => c.key)).size]).toEqual([true, 1]);
    await p.close();
  });

  test("a long form by keyboard, with files", async () => {
    const scan = join(mkdtempSync(join(tmpdir(), "upz-")), "scan.pdf");
    writeFileSync(scan, "%PDF-1.4");
    const p = await open(page(`<div data-upz="w_l"></div>`));
    const f = await frame(p);
    const press = async (...keys: string[]) => {
      for (const k of keys) await p.keyboard.press(k as "Tab");
    };
    const step = (n: number) =>
      f.waitForFunction((n) => document.querySelector(".n")?.textContent === `Step ${n} of 4`, {}, n);
    await f.focus("#f-first");
    await p.keyboard.type("Ada");
    await press("Tab", "Tab");
    await p.keyboard.type("02281990");
    await press("Enter");
    await step(2);
    expect(await f.$eval("#top", (e) => e === document.activeElement)).toBe(true);
    await press("Tab", "Space");
    await f.focus("#f-level input");
    await press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight");
    await f.focus("#f-weeks");
    await p.keyboard.type("1e");
    await press("Enter");
    await f.waitForSelector("#f-weeks-e");
    expect(
      await f.$eval("#f-weeks", (e) => [e === document.activeElement, e.getAttribute("aria-describedby")]),
    ).toEqual([true, "f-weeks-e"]);
    await press("Backspace", "Backspace");
    await p.keyboard.type("12");
    await press("Enter");
    await step(3);
    const input = await f.$<HTMLInputElement>("input[type=file]");
    await input?.uploadFile(new URL("../package.json", import.meta.url).pathname);
    await f.waitForSelector("#f-files-e");
    expect(await f.$eval("#f-files-e", (e) => e.textContent)).toContain("not accepted");
    await input?.uploadFile(scan);
    await f.waitForSelector(".files li:not(:has(progress))");
    expect(edge.of("/v1/a/upload")[0]).toMatchObject({
      path: "/v1/a/upload?field=files&name=scan.pdf",
      body: "%PDF-1.4",
    });
    expect(await f.$("#f-files-e")).toBeNull();
    await f.focus(".pri");
    await press("Enter");
    await step(4);
    await f.focus("#f-ok");
    await press("Space", "Enter");
    await seen(p, "form.submitted");
    const { answers } = JSON.parse(edge.of("/v1/a/form")[0]?.body ?? "");
    expect(answers).toEqual({
      first: "Ada",
      born: "1990-02-28",
      where: ["knee"],
      level: 6,
      weeks: 12,
      files: ["fil_1"],
      ok: true,
    });
    await p.close();
  });

  test("right to left, in Arabic, words fetched once", async () => {
    const p = await open(page(`<div data-upz="w_a" data-upz-lang="ar"></div>`));
    const f = await frame(p);
    expect(await f.evaluate(() => [document.documentElement.dir, getComputedStyle(document.body).direction])).toEqual([
      "rtl",
      "rtl",
    ]);
    expect(await f.$eval(".pri", (e) => e.textContent)).toBe("متابعة");
    await p.close();
  });

  test("every control is named, big enough to touch and 16 pixels", async () => {
    const p = await open(page(`<div data-upz="w_c"></div>`));
    const f = await frame(p);
    const small = await f.$$eval("input:not(.vh),textarea,select,button", (all) =>
      all.flatMap((e) => {
        const target = (e.matches("[type=radio],[type=checkbox]") && e.closest("label")) || e;
        const r = target.getBoundingClientRect();
        const named = (e as HTMLInputElement).labels?.length || e.textContent || e.ariaLabel;
        const fine =
          r.height >= 41 &&
          named &&
          (!e.matches("input,textarea") ||
            getComputedStyle(e).fontSize === "16px" ||
            e.matches("[type=radio],[type=checkbox]"));
        return fine ? [] : [`${e.tagName} ${e.id} ${r.width}x${r.height}`];
      }),
    );
    expect(small).toEqual([]);
    await p.close();
  });
});
