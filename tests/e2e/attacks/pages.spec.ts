/** The conversation between page and frame, and what somebody in between could do to it. */
import { readFileSync } from "node:fs";
import type { Tab } from "../support/browsers";
import { frameOf } from "../support/raw";
import { LINK, snippet } from "../support/sites";
import { admitted, expect, test } from "../support/test";

const ready = (tab: Pick<Tab, "until">) => tab.until(() => told.some(([type]) => type === "widget.ready"), null);

test("row 31: the page, another frame and the opener cannot play the widget", async ({
  tab,
  wire,
  sites,
  world,
  good,
}) => {
  const lies = `[
    { n: "upz", t: "hello", v: 1, title: "Pwned" },
    { n: "upz", t: "size", d: { h: 9 } }, { t: "size", d: { h: 9 } },
    { n: "upz", t: "event", d: { type: "form.submitted" } }, { t: "event", d: { type: "form.submitted" } },
    { upz: 1, denied: true, code: "origin" }, { n: "upz", t: "denied", denied: true, code: "origin" },
    { n: "upz", t: "go", d: { url: "https://evil.example/" } }]`;
  const evil = sites.at("evil.localhost");
  const frame = sites.put(evil, `<script>for (const lie of ${lies}) parent.postMessage(lie, "*");</script>`);
  const report = `<script>
    const boast = (what) => opener && opener.postMessage(what, "*");
    document.addEventListener("upz:widget.ready", () => boast("ready"));
    addEventListener("message", (e) => {
      if (e.data === "lie to yourself") for (const lie of ${lies}) postMessage(lie, "*");
      if (e.data === "stranger") document.body.append(Object.assign(document.createElement("iframe"), { src: "${frame}" }));
      if (e.data !== "report") return;
      const f = document.querySelector("#box iframe");
      boast({ h: f.offsetHeight, title: f.title, told: told.map((t) => t[0]), link: document.querySelector(".fb").getClientRects().length, messages: heard.length });
    });</script>`;
  const victim = sites.put(good, snippet(world.clients[0].widget) + report);
  await tab.open(sites.put(evil, ""));
  await tab.eval((url) => {
    (self as { w?: Window | null }).w = open(url);
  }, victim);
  await tab.until(() => heard.some((m) => m.data === `"ready"`), null);
  const ask = async (count: number) => {
    await tab.eval(() => (self as unknown as { w: Window }).w.postMessage("report", "*"), null);
    const text = await tab.until((n) => heard.filter((m) => m.data.startsWith("{"))[n - 1]?.data, count);
    return JSON.parse(`${text}`) as { h: number; title: string; told: string[]; link: number; messages: number };
  };
  const before = await ask(1);
  expect(before).toMatchObject({ told: ["widget.ready"], link: 0 });
  await tab.eval(
    (lies) => {
      const { w } = self as unknown as { w: Window };
      // To the page from its opener, and to the widget in the page's name: with a port, as the loader would.
      for (const lie of lies) w.postMessage(lie, "*");
      const c = new MessageChannel();
      c.port1.onmessage = (m) => heard.push({ origin: "port", data: JSON.stringify(m.data) });
      w.frames[0]?.postMessage({ n: "upz", t: "init", v: 1, theme: {}, attr: {} }, "*", [c.port2]);
      w.postMessage("lie to yourself", "*");
      w.postMessage("stranger", "*");
    },
    new Function(`return ${lies}`)() as object[],
  );
  let after = await ask(2);
  for (let n = 3; after.messages < before.messages + 3 * 8; n++) after = await ask(n);
  expect({ ...after, messages: 0 }).toEqual({ ...before, messages: 0 });
  // Nobody was answered: no port, no look of the page, nothing but what the victim's own report said.
  const got = await tab.eval(() => heard.map((m) => m.data), null);
  expect(got.filter((data) => data !== `"ready"` && !data.startsWith(`{"h":`))).toEqual([]);
  expect(wire.of("/w/")).toHaveLength(1);
});

test("row 32: a widget that went bad cannot take the page to a script or to a stranger", async ({
  tab,
  wire,
  sites,
  world,
  good,
}) => {
  const evil = sites.at("evil.localhost");
  const places = [
    "javascript:top.hacked=1",
    "JaVaScRiPt:top.hacked=1",
    " javascript:top.hacked=1",
    "data:text/html,hacked",
    "vbscript:x",
    "blob:x",
    `${evil}/1`,
    evil.replace("http:", ""),
    "file:///etc/passwd",
  ];
  wire.changes.answer = (exchange) => {
    if (!exchange.path.startsWith("/w/")) return undefined;
    exchange.answer["content-security-policy"] = "";
    return `<!doctype html><script>
      addEventListener("message", (e) => {
        const port = e.ports[0];
        for (const url of ${JSON.stringify(places)}) port.postMessage({ t: "go", d: { url } });
        for (const bad of [null, 1, "go", {}, { t: "go" }, { t: "size" }, { t: "event", d: { type: "<b>" } }, { t: "__proto__", d: {} }])
          port.postMessage(bad);
        port.postMessage({ t: "size", d: { h: 1e9 } });
        port.postMessage({ t: "event", d: { type: "form.started" } });
      });
      parent.postMessage({ n: "upz", t: "hello", v: 1, title: "<img src=x onerror=hacked=1>" }, "*");
    </script>`;
  };
  const page = sites.put(good, snippet(world.clients[0].widget));
  await tab.open(page);
  // Messages over a port arrive in order, so the last one means that all were dealt with.
  await tab.until(() => told.some(([type]) => type === "form.started"), null);
  expect(tab.url()).toBe(page);
  expect(
    await tab.eval(
      () => [
        (self as { hacked?: number }).hacked ?? 0,
        document.querySelector<HTMLElement>("#box iframe")?.style.height,
      ],
      null,
    ),
  ).toEqual([0, "20000px"]);
  expect(await tab.eval(() => told.map(([type]) => type), null)).toEqual(["form.started"]);
});

test("row 33: what a page fills in ahead is text and nothing else", async ({ tab, wire, sites, world, good }) => {
  const { widget, form } = world.clients[0];
  const { draft } = await world.apis[0].get<{ draft: { steps: { fields: { key: string; type: string }[] }[] } }>(
    `/v1/forms/${form}`,
  );
  const field = draft.steps[0]?.fields.find((f) => f.type === "text" || f.type === "long_text" || f.type === "email");
  if (!field) throw new Error("the demo form's first step has nothing to write in");
  const bomb = `"><img src=x onerror="parent.postMessage('hacked','*')"><script>parent.postMessage("hacked","*")</script>`;
  const prefill = JSON.stringify({ [field.key]: bomb, user_id: "1", identity: { email: "root@example.com" } });
  const attribute = prefill.replaceAll("&", "&amp;").replaceAll("'", "&#39;");
  const head = `<script>window.upz = function () { (upz.q = upz.q || []).push(arguments) };</script>`;
  const page = sites.put(
    good,
    snippet(widget, `data-upz-prefill='${attribute}' data-upz-title='${bomb.replaceAll("'", "&#39;")}'`),
    {},
    head,
  );
  await tab.open(`${page}?utm_source=${encodeURIComponent(bomb)}`);
  await ready(tab);
  const frame = await tab.frame(`${wire.origin}/w/`);
  expect(await frame.until((key) => document.querySelector<HTMLInputElement>(`#f-${key}`)?.value, field.key)).toBe(
    bomb,
  );
  expect(await frame.eval(() => document.querySelectorAll("img[src=x], body script").length, null)).toBe(0);
  await tab.eval(
    ([id, key, text]) =>
      (self as unknown as { upz(...a: unknown[]): void }).upz("prefill", id, { [`${key}`]: `${text}!` }),
    [widget, field.key, bomb],
  );
  await frame.until(
    ([key, text]) => document.querySelector<HTMLInputElement>(`#f-${key}`)?.value === text,
    [field.key, `${bomb}!`],
  );
  expect(await frame.eval(() => document.querySelectorAll("img[src=x], body script").length, null)).toBe(0);
  expect(await tab.eval(() => heard.map((m) => m.data).filter((data) => data.includes("hacked")), null)).toEqual([]);
});

test("row 36: a loader that was changed on the way does not run, and the link stays", async ({
  tab,
  wire,
  sites,
  world,
  good,
}) => {
  const manifest = JSON.parse(
    readFileSync(new URL("../../../widgets/dist/manifest.json", import.meta.url), "utf8"),
  ) as { loader_pinned: string; loader_sri: string };
  const page = sites.put(
    good,
    `<div id="box" data-upz="${world.clients[0].widget}">${LINK}</div>
     <script src="EDGE/v1/${manifest.loader_pinned}" integrity="${manifest.loader_sri}" crossorigin="anonymous"
       referrerpolicy="strict-origin" onerror="told.push(['blocked', {}])"></script>`,
  );
  wire.changes.answer = (e) => (e.path.startsWith("/v1/loader") ? `${e.body};top.hacked=1` : undefined);
  await tab.open(page);
  await tab.until(() => told.some(([type]) => type === "blocked"), null);
  expect(
    await tab.eval(() => [(self as { hacked?: number }).hacked ?? 0, typeof (self as { upz?: unknown }).upz], null),
  ).toEqual([0, "undefined"]);
  expect(await tab.eval(() => document.querySelector(".fb")?.getClientRects().length, null)).toBe(1);
  expect(wire.of("/w/")).toEqual([]);
  // Unchanged, the same page works. The address differs, because the first answer may be kept for a year.
  wire.fresh();
  const honest = sites.put(
    good,
    `<div id="box" data-upz="${world.clients[0].widget}">${LINK}</div>
     <script src="EDGE/v1/${manifest.loader_pinned}?again" integrity="${manifest.loader_sri}" crossorigin="anonymous"
       referrerpolicy="strict-origin"></script>`,
  );
  await tab.open(honest);
  await ready(tab);
});

test("row 37: looking ahead is answered, but begins nothing and counts for nothing", async ({
  tab,
  wire,
  sites,
  world,
}) => {
  const { widget } = world.clients[0];
  const [quiet, loud] = [sites.at("quiet.localhost"), sites.at("loud.localhost")];
  const entries = await Promise.all([world.apis[0].allow(quiet), world.apis[0].allow(loud)]);
  const seen = async () => {
    const met = await world.apis[0].get<{ seen: { origin: string }[] }>(`/v1/widgets/${widget}/sightings`);
    return met.seen.map((m) => m.origin);
  };
  try {
    wire.changes.request = (path, headers) => {
      if (path.startsWith("/w/")) headers["sec-purpose"] = "prefetch;prerender";
    };
    await expect
      .poll(async () => (await frameOf(world.urls.edge, widget, quiet, { "sec-purpose": "prefetch" })).status)
      .toBe(200);
    await tab.open(sites.put(quiet, snippet(widget)));
    await ready(tab);
    expect(wire.of("/v1/session")).toEqual([]);
    wire.changes = {};
    await admitted(world.urls.edge, widget, loud);
    await expect.poll(seen).toContain(loud);
    expect(await seen()).not.toContain(quiet);
  } finally {
    await Promise.all(entries.map((id) => world.apis[0].refuse(id)));
  }
});
