/** What other pages may ask of the edge, and what becomes of our own frame where a host cripples it. */
import { LINK } from "../support/sites";
import { expect, test } from "../support/test";

const granting = (headers: object) => Object.keys(headers).filter((name) => name.startsWith("access-control"));

test("row 10: a frame that the host put into a sandbox reaches nothing, and the link stays", async ({
  tab,
  wire,
  sites,
  world,
  good,
}) => {
  const src = `EDGE/w/${world.clients[0].widget}?o=${encodeURIComponent(good)}&m=inline&v=1`;
  // The host plays the loader's part, as generously as it can.
  const body = `${LINK}<iframe id="f" sandbox="allow-scripts allow-forms" src="${src}" width="700" height="700"></iframe>
    <script>
      self.port = [];
      addEventListener("message", (e) => {
        if (e.data.t !== "hello") return;
        const c = new MessageChannel();
        c.port1.onmessage = (m) => port.push(m.data);
        e.source.postMessage({ n: "upz", t: "init", v: 1, theme: { mode: "light" }, attr: {} }, "*", [c.port2]);
      });
    </script>`;
  await tab.open(sites.put(good, body));
  const frame = await tab.frame(`${wire.origin}/w/`);
  await wire.seen((e) => /\/v1\/assets\/.*\.js$/.test(e.path));
  // Whatever the frame draws, its origin is nobody's: asking with a token needs a permission that is never given …
  const told = await frame.eval(async () => {
    const token = JSON.parse(document.getElementById("upz")?.textContent ?? "{}").token as string;
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const asked = await fetch("/v1/session", { method: "POST", headers, body: "{}" }).then(
      (r) => `${r.status}`,
      (e: Error) => e.name,
    );
    // … and asking without permission is refused for what it is.
    const blind = await fetch("/v1/session", { method: "POST", mode: "no-cors", body: "{}" }).then(
      (r) => r.type,
      (e: Error) => e.name,
    );
    return [self.origin, asked, blind];
  }, null);
  expect(told.slice(0, 2)).toEqual(["null", "TypeError"]);
  const asked = wire.of("/v1/session");
  expect(asked.filter((e) => e.status < 400)).toEqual([]);
  for (const e of asked) {
    expect(e.headers.origin).toBe("null");
    expect(granting(e.answer)).toEqual([]);
    if (e.method === "POST") expect(JSON.parse(e.body)).toMatchObject({ code: "opaque" });
  }
  expect(asked.some((e) => e.method === "OPTIONS" && e.status === 405)).toBe(true);
  expect(asked.some((e) => e.method === "POST" && e.status === 403)).toBe(true);
  expect(await tab.eval(() => document.querySelector(".fb")?.getClientRects().length, null)).toBe(1);
});

test("row 16: forms, beacons and blind requests of other pages are refused", async ({ tab, wire, sites, good }) => {
  for (const origin of [sites.at("evil.localhost"), good]) {
    wire.fresh();
    const body = `<iframe name="sink"></iframe>
      <form method="post" enctype="text/plain" action="EDGE/v1/a/form?by=form" target="sink"><input name='{"version":1,"x":"' value='"}'></form>`;
    await tab.open(sites.put(origin, body));
    await tab.eval(async (edge) => {
      document.forms[0]?.submit();
      navigator.sendBeacon(`${edge}/v1/a/form?by=beacon`, "{}");
      await fetch(`${edge}/v1/a/form?by=blind`, { method: "POST", mode: "no-cors", body: "{}" }).catch(() => {});
    }, wire.origin);
    const asked = await wire.seen((e) => e.path.startsWith("/v1/a/form"), 3);
    expect(asked.map((e) => e.path.split("=")[1]).sort()).toEqual(["beacon", "blind", "form"]);
    for (const e of asked) {
      expect(e.status).toBe(403);
      expect(e.headers["sec-fetch-site"]).toBe("cross-site");
      expect(granting(e.answer)).toEqual([]);
    }
  }
});

test("row 17: a page that asks for permission gets none", async ({ tab, wire, sites, good }) => {
  await tab.open(sites.put(good, ""));
  const got = await tab.eval(async (edge) => {
    const headers = { "content-type": "application/json", authorization: "Bearer x", "idempotency-key": "1" };
    const init = { method: "POST", headers, body: "{}" };
    return fetch(`${edge}/v1/a/form`, init).then(
      (r) => `${r.status}`,
      (e: Error) => e.name,
    );
  }, wire.origin);
  expect(got).toBe("TypeError");
  expect(wire.of("/v1/a/form").map((e) => [e.method, e.status, granting(e.answer)])).toEqual([["OPTIONS", 405, []]]);
});

test("row 18: a WebSocket from another page is refused before it opens", async ({ tab, wire, sites, good }) => {
  for (const origin of [sites.at("evil.localhost"), good]) {
    wire.fresh();
    await tab.open(sites.put(origin, ""));
    const ended = await tab.eval(
      (url) =>
        new Promise<string>((done) => {
          const socket = new WebSocket(url);
          socket.onopen = () => done("open");
          socket.onerror = () => done("error");
        }),
      `${wire.origin.replace("http", "ws")}/v1/chat`,
    );
    expect(ended).toBe("error");
    const [asked] = await wire.seen((e) => e.path === "/v1/chat");
    expect(asked).toMatchObject({ status: 403, headers: { origin } });
  }
});
