/** Who may hold a frame: the numbered attacks on the way in, each on a website that tries it. */
import type { Tab } from "../support/browsers";
import { frameOf } from "../support/raw";
import { LINK, snippet } from "../support/sites";
import { admitted, expect, test } from "../support/test";
import type { Wire } from "../support/wire";

/** Lets everything that was going to happen happen: two round trips of the page itself, two drawn frames. */
async function settled(tab: Tab): Promise<void> {
  await tab.eval(async () => {
    for (let i = 0; i < 2; i++) {
      await (await fetch("/")).text();
      await new Promise((next) => requestAnimationFrame(next));
    }
  }, null);
}

const shown = (tab: Pick<Tab, "eval">) =>
  tab.eval(() => (document.querySelector(".fb")?.getClientRects().length ?? 0) > 0, null);
const code = (tab: Tab) => tab.until(() => told.find(([type]) => type === "widget.error")?.[1].code, null);
const heard = (tab: Pick<Tab, "eval">) => tab.eval(() => self.heard.map((m) => m.data), null);

/** Nothing of the widget reached the browser: no script of it, no session. */
function nothingRan(wire: Wire): void {
  expect(wire.of("/v1/assets/")).toEqual([]);
  expect(wire.of("/v1/session")).toEqual([]);
}

/** Where a browser puts a frame that may not be shown. */
const BLOCKED = /^(chrome-error:|about:neterror)/;

const claim = (widget: string, origin: string) => `EDGE/w/${widget}?o=${encodeURIComponent(origin)}&m=inline&v=1`;

test("row 1: a snippet copied to another website gets a refusal and keeps its link", async ({
  tab,
  wire,
  sites,
  world,
}) => {
  const evil = sites.at("evil.localhost");
  await tab.open(sites.put(evil, snippet(world.clients[0].widget)));
  expect(await code(tab)).toBe("origin");
  expect(await shown(tab)).toBe(true);
  expect(await tab.eval(() => document.querySelectorAll("iframe").length, null)).toBe(0);
  const [frame] = wire.of("/w/");
  expect(frame).toMatchObject({ status: 403, headers: { referer: `${evil}/` } });
  expect(frame?.body).not.toMatch(/u1\.|"token"|application\/json/);
  nothingRan(wire);
});

test("row 2: a forged claim is contradicted by the referrer", async ({ tab, wire, sites, world, good }) => {
  const src = claim(world.clients[0].widget, good);
  await tab.open(sites.put(sites.at("evil.localhost"), `<iframe src="${src}"></iframe>`));
  const [frame] = await wire.seen((e) => e.path.startsWith("/w/"));
  expect(frame).toMatchObject({ status: 403, body: "" });
  expect(frame?.answer["content-security-policy"]).toContain("frame-ancestors 'none'");
  await settled(tab);
  expect(await heard(tab)).toEqual([]);
  nothingRan(wire);
});

test("row 3: a forged claim without a referrer is answered, and the browser shows nothing", async ({
  tab,
  wire,
  sites,
  world,
  good,
}) => {
  const src = claim(world.clients[0].widget, good);
  const page = sites.put(sites.at("evil.localhost"), `<iframe src="${src}" onload="heard.loaded = 1"></iframe>`, {
    "referrer-policy": "no-referrer",
  });
  await tab.open(page);
  await tab.until(() => "loaded" in heard, null);
  const [frame] = await wire.seen((e) => e.path.startsWith("/w/"));
  expect(frame?.headers.referer).toBeUndefined();
  expect(frame?.status).toBe(200);
  expect(frame?.answer["content-security-policy"]).toMatch(new RegExp(`frame-ancestors ${good}$`));
  await settled(tab);
  expect(await heard(tab)).toEqual([]);
  expect(tab.frames().map((f) => f.url())).toEqual([expect.stringMatching(BLOCKED)]);
  nothingRan(wire);
});

test("row 4: a frame's address cannot be fetched by a page", async ({ tab, wire, sites, world, good }) => {
  const url = `${wire.origin}/w/${world.clients[0].widget}?o=${encodeURIComponent(good)}`;
  for (const origin of [sites.at("evil.localhost"), good]) {
    await tab.open(sites.put(origin, ""));
    const got = await tab.eval(async (url) => {
      const cors = await fetch(url).then(
        (r) => `${r.status}`,
        (e: Error) => e.name,
      );
      const opaque = await fetch(url, { mode: "no-cors" }).then(
        (r) => r.type,
        (e: Error) => e.name,
      );
      return [cors, opaque];
    }, url);
    // Without CORS the browser may also block what it got (CORP), which is as good.
    expect(got[0]).toBe("TypeError");
    expect(["opaque", "TypeError"]).toContain(got[1]);
  }
  expect(wire.of("/w/")).toHaveLength(4);
  for (const e of wire.of("/w/")) {
    expect(e).toMatchObject({ status: 403, body: "" });
    expect(Object.keys(e.answer).filter((name) => name.startsWith("access-control"))).toEqual([]);
  }
});

test("row 5: a frame is no script, picture, object or embed", async ({ tab, wire, sites, world, good }) => {
  const url = claim(world.clients[0].widget, good);
  const body =
    `<script async src="${url}&x=script"></script><img alt="" src="${url}&x=image">` +
    `<object data="${url}&x=object"></object><embed src="${url}&x=embed">`;
  await tab.open(sites.put(sites.at("evil.localhost"), body, { "referrer-policy": "no-referrer" }));
  const seen = await wire.seen((e) => e.path.startsWith("/w/"), 4);
  expect(seen.map((e) => e.headers["sec-fetch-dest"]).sort()).toEqual(["embed", "image", "object", "script"]);
  for (const e of seen) expect(e).toMatchObject({ status: 403, body: "" });
  await settled(tab);
  expect(await heard(tab)).toEqual([]);
  nothingRan(wire);
});

test("row 6: opened on its own it leads to the widget's own page, or nowhere", async ({
  tab,
  wire,
  sites,
  world,
  good,
}) => {
  const [one, two] = world.clients;
  const hosted = "https://book.example/fitting";
  await world.apis[1].call("PATCH", `/v1/widgets/${two.widget}`, { hosted_url: hosted }).catch(async () => {
    // The other browser changed it at the same moment: then it is changed.
    expect((await world.apis[1].get<{ hosted_url: string }>(`/v1/widgets/${two.widget}`)).hosted_url).toBe(hosted);
  });
  const own = (await world.apis[0].get<{ hosted_url: string | null }>(`/v1/widgets/${one.widget}`)).hosted_url;
  const address = (widget: string) => `${wire.origin}/w/${widget}?o=${encodeURIComponent(good)}`;
  await tab.open(sites.put(sites.at("evil.localhost"), ""));
  await tab.eval((url) => void open(url), address(one.widget));
  const [opened] = await wire.seen((e) => e.path.startsWith(`/w/${one.widget}`));
  expect(opened?.headers["sec-fetch-dest"]).toBe("document");
  expect(opened).toMatchObject(own ? { status: 303, answer: { location: own } } : { status: 403, body: "" });
  await tab.eval((url) => void open(url), address(two.widget));
  const [led] = await wire.seen((e) => e.path.startsWith(`/w/${two.widget}`));
  expect(led).toMatchObject({ status: 303, answer: { location: hosted } });
  nothingRan(wire);
});

test("row 7: an old browser that says nothing about itself gets a blank page", async ({ tab, wire, world, good }) => {
  wire.changes.request = (_, headers) => {
    for (const name of Object.keys(headers)) if (name.startsWith("sec-fetch")) delete headers[name];
  };
  await tab.open(`${wire.origin}/w/${world.clients[0].widget}?o=${encodeURIComponent(good)}&m=inline&v=1`);
  const [page] = wire.of("/w/");
  expect(page?.status).toBe(200);
  await wire.seen((e) => /\/v1\/assets\/.*\.js$/.test(e.path));
  await tab.until(() => document.readyState === "complete", null);
  expect(await tab.eval(() => [document.forms.length, document.body.textContent?.trim()], null)).toEqual([0, ""]);
  expect(wire.of("/v1/session")).toEqual([]);
});

test("row 8: a page that is itself framed by a stranger shows no widget", async ({ tab, wire, sites, world, good }) => {
  const victim = sites.put(good, snippet(world.clients[0].widget));
  await tab.open(sites.put(sites.at("evil.localhost"), `<iframe src="${victim}" width="800" height="600"></iframe>`));
  const [frame] = await wire.seen((e) => e.path.startsWith("/w/"));
  expect(frame?.status).toBe(200);
  const inner = await tab.frame(victim);
  await settled(tab);
  await expect.poll(() => tab.frames().filter((f) => BLOCKED.test(f.url())).length).toBe(1);
  expect(await heard(inner)).toEqual([]);
  expect(await shown(inner)).toBe(true);
  nothingRan(wire);
});

test("row 8: unless the stranger is listed as a page builder", async ({ tab, wire, sites, world, good }) => {
  const builder = sites.at("builder.localhost");
  const entry = await world.apis[0].allow(builder, "ancestor_only");
  try {
    await expect
      .poll(async () => {
        const answer = await frameOf(wire.origin, world.clients[0].widget, good);
        return answer.headers["content-security-policy"];
      })
      .toContain(builder);
    const page = sites.put(good, snippet(world.clients[0].widget));
    await tab.open(sites.put(builder, `<iframe src="${page}" width="800" height="600"></iframe>`));
    const inner = await tab.frame(page);
    await inner.until(() => told.some(([type]) => type === "widget.ready"), null);
    // The builder frames the site; it is not itself a place for the widget.
    await tab.open(sites.put(builder, snippet(world.clients[0].widget)));
    expect(await code(tab)).toBe("origin");
  } finally {
    await world.apis[0].refuse(entry);
  }
});

test("row 9: sandboxed and data: pages are nobody", async ({ tab, wire, sites, world, good }) => {
  const { widget } = world.clients[0];
  await tab.open(sites.put(good, snippet(widget), { "content-security-policy": "sandbox allow-scripts" }));
  const [boxed] = await wire.seen((e) => e.path.startsWith("/w/"));
  expect(boxed).toMatchObject({ status: 403 });
  expect(boxed?.path).toContain("o=null");
  expect(await shown(tab)).toBe(true);
  wire.fresh();
  const data = `data:text/html,${encodeURIComponent(snippet(widget).replaceAll("EDGE", wire.origin))}`;
  await tab.open(sites.put(good, `<iframe src="${data}" width="800" height="600"></iframe>`));
  const [inside] = await wire.seen((e) => e.path.startsWith("/w/"));
  expect(inside).toMatchObject({ status: 403 });
  expect(inside?.path).toContain("o=null");
  nothingRan(wire);
});

test.describe("row 11", () => {
  const strangers = [
    "evilclient.localhost",
    "client.localhost.evil.localhost",
    "sub.client.localhost",
    "client.localhost.",
    "127.0.0.1",
    "localhost",
  ];
  for (const host of strangers)
    test(`row 11: ${host} is another website`, async ({ tab, wire, sites, world }) => {
      const origin = sites.at(host);
      await tab.open(sites.put(origin, snippet(world.clients[0].widget)));
      expect(await code(tab)).toBe("origin");
      expect(await shown(tab)).toBe(true);
      expect(wire.of("/w/")[0]?.path).toContain(encodeURIComponent(origin));
      nothingRan(wire);
    });

  test("row 11: the same host on another port is another website", async ({ tab, wire, sites, world, good }) => {
    const other = await new (sites.constructor as new () => typeof sites)().start();
    other.edge = wire.origin;
    await tab.open(other.put(other.at("client.localhost"), snippet(world.clients[0].widget)));
    expect(await code(tab)).toBe("origin");
    expect(other.at("client.localhost")).not.toBe(good);
    await other.stop();
  });

  test("row 11: a website typed in capitals is the same website", async ({ tab, sites, world }) => {
    const page = sites.put(sites.at("CLIENT.LocalHost"), snippet(world.clients[0].widget));
    await tab.open(page);
    await tab.until(() => told.some(([type]) => type === "widget.ready"), null);
  });

  test("row 11: an international name is compared as browsers spell it", async ({ tab, sites, world }) => {
    const { widget } = world.clients[0];
    const entry = await world.apis[0].allow(sites.at("bücher.localhost"));
    try {
      await admitted(world.urls.edge, widget, sites.at("xn--bcher-kva.localhost"));
      await tab.open(sites.put(sites.at("bücher.localhost"), snippet(widget)));
      await tab.until(() => told.some(([type]) => type === "widget.ready"), null);
      await tab.open(sites.put(sites.at("bucher.localhost"), snippet(widget)));
      expect(await code(tab)).toBe("origin");
    } finally {
      await world.apis[0].refuse(entry);
    }
  });

  test("row 11: a claim that is not spelled canonically is refused with the same bytes", async ({
    tab,
    wire,
    sites,
    world,
    good,
  }) => {
    const { widget } = world.clients[0];
    const port = sites.port;
    const claims = [
      good.toUpperCase(),
      good.replace("client", "CLIENT"),
      `${good}/`,
      `${good}/book`,
      `http://user@client.localhost:${port}`,
      `http://user:pass@client.localhost:${port}`,
      `http://%63lient.localhost:${port}`,
      `http://client%2elocalhost:${port}`,
      `http://client\u3002localhost:${port}`,
      `http://client.localhost.:${port}`,
      `http://client.localhost:0${port}`,
      `http://bücher.localhost:${port}`,
      "null",
      "",
    ];
    const frames = [...claims, "http://evil.localhost"].map((o) => `<iframe src="${claim(widget, o)}"></iframe>`);
    // A refusal speaks to whoever framed it, so that a loader need not wait for nothing.
    await tab.open(sites.put(good, frames.join(""), { "referrer-policy": "no-referrer" }));
    await tab.until((count) => self.heard.length >= count, frames.length);
    const answers = wire.of("/w/");
    expect(answers.map((e) => e.status)).toEqual(frames.map(() => 403));
    expect(new Set(answers.map((e) => e.body)).size).toBe(1);
    nothingRan(wire);
  });
});

test("row 12: a claim with header characters is refused and never echoed", async ({
  tab,
  wire,
  sites,
  world,
  good,
}) => {
  const claims = [`${good};script-src *`, `${good},https://evil.example`, `${good}\r\nx-evil: 1`];
  const frames = claims.map((o) => `<iframe src="${claim(world.clients[0].widget, o)}"></iframe>`);
  const long = `<iframe src="${claim(world.clients[0].widget, `http://${"a".repeat(65_536)}.localhost`)}"></iframe>`;
  await tab.open(sites.put(good, frames.join("") + long, { "referrer-policy": "no-referrer" }));
  const answers = await wire.seen((e) => e.path.startsWith("/w/"), 4);
  expect(answers.map((e) => e.status).sort()).toEqual([400, 400, 400, 414]);
  for (const e of answers) expect(JSON.stringify(e.answer) + e.body).not.toMatch(/evil|script-src \*|aaaa/);
});

test("row 13: an entry for https does not admit the website's http pages", async ({ tab, sites, world }) => {
  const plain = sites.at("secure.localhost");
  const entry = await world.apis[0].allow(plain.replace("http:", "https:"));
  try {
    await admitted(world.urls.edge, world.clients[0].widget, plain.replace("http:", "https:"));
    await tab.open(sites.put(plain, `${snippet(world.clients[0].widget)}${LINK}`));
    expect(await code(tab)).toBe("origin");
  } finally {
    await world.apis[0].refuse(entry);
  }
});
