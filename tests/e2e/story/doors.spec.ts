/** Where the form may not be, and where it may not be any more. */
import { frameOf } from "../support/raw";
import { LINK, snippet } from "../support/sites";
import { admitted, expect, shoot, test } from "../support/test";
import { definition, person, Visitor } from "../support/visitor";
import type { Schema } from "../support/world";

for (const { name, ...viewport } of [
  { name: "wide", width: 1440, height: 900 },
  { name: "phone", width: 390, height: 844 },
])
  test(`refused website, ${name}: only the link is left`, async ({ page, world }) => {
    await page.setViewportSize(viewport);
    const refused = page.waitForResponse((r) => r.url().includes("/w/w_"));
    await page.goto(world.urls.blog);
    expect((await refused).status()).toBe(403);
    await expect(page.locator("[data-upz] iframe")).toHaveCount(0);
    const link = page.locator("[data-upz] a");
    await expect(link).toBeVisible();
    await link.scrollIntoViewIfNeeded();
    await shoot(page, `refused-${name}`);
    await link.click();
    await expect(page).toHaveURL(`${world.urls.shop}/`);
  });

test("a domain that is taken off the list ends the form that is open there", async ({ page, world }) => {
  const [api] = world.apis;
  const [client] = world.clients;
  const shop = world.urls.shop;
  const visitor = new Visitor(page, await definition(api, client.form), person());
  await page.goto(shop);
  await visitor.arrived();
  await visitor.fill();
  await visitor.read();
  const entry = (await api.list<Schema<"AllowedOrigin">>("/v1/origins")).find((o) => o.origin === shop);
  if (!entry) throw new Error(`${shop} is on no list`);
  await api.refuse(entry.id);
  try {
    // No pause and no second try: the very next action is the one that is refused.
    const answered = page.waitForResponse((r) => r.url().endsWith("/v1/a/form"));
    await visitor.send.click();
    const answer = await answered;
    expect([answer.status(), await answer.json()]).toEqual([403, { code: "revoked" }]);
    await expect(visitor.frame.locator(".shut")).toBeVisible();
    await expect(page.locator("[data-upz] a")).toBeVisible();
    await page.locator("#book").scrollIntoViewIfNeeded();
    await shoot(page, "revoked-wide");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator("#book").scrollIntoViewIfNeeded();
    await shoot(page, "revoked-phone");
    await page.reload();
    await expect(page.locator("[data-upz] iframe")).toHaveCount(0);
    await expect(page.locator("[data-upz] a")).toBeVisible();
    const sent = await api.get("/v1/submissions");
    expect(JSON.stringify(sent)).not.toContain(visitor.who.email);
  } finally {
    await api.allow(shop);
    await admitted(world.urls.edge, client.widget, shop);
  }
});

test("a widget that is switched off is refused like an unknown one, and comes back", async ({ page, sites, world }) => {
  const [, api] = world.apis;
  // A form of its own: others visit the demo's at the same moment.
  const draft = { ...(await definition(api, world.clients[1].form)), version: 0 };
  const { id } = await api.call<Schema<"Form">>("POST", "/v1/forms", { name: "On and off", draft });
  await api.call("POST", `/v1/forms/${id}/versions`);
  // Published a moment after its form; an edge that is asked before remembers for seconds that there is no such widget.
  const published = async () => (await api.get<Schema<"Form">>(`/v1/forms/${id}`)).widget;
  await expect.poll(published).not.toBeNull();
  const widget = (await published()) as string;
  const origin = sites.at("second.localhost");
  const entry = await api.allow(origin);
  await admitted(world.urls.edge, widget, origin);
  sites.edge = world.urls.edge;
  const address = sites.put(origin, snippet(widget));
  await page.goto(address);
  await new Visitor(page, await definition(api, id), person()).arrived();
  const asked = async (which: string) => {
    const { status, body } = await frameOf(world.urls.edge, which, origin);
    return [status, body] as const;
  };
  await api.call("PATCH", `/v1/widgets/${widget}`, { enabled: false });
  try {
    await expect.poll(async () => (await asked(widget))[0]).toBe(403);
    expect(await asked(widget)).toEqual(await asked("w_0000000000000000"));
    await page.reload();
    await expect(page.locator(".fb")).toBeVisible();
    await expect(page.locator("#box iframe")).toHaveCount(0);
  } finally {
    await api.call("PATCH", `/v1/widgets/${widget}`, { enabled: true });
    await api.refuse(entry);
  }
});

test("a page without scripts has its link", async ({ browser, sites, world }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(sites.put(sites.at("plain.localhost"), `<div data-upz="${world.clients[0].widget}">${LINK}</div>`));
  await expect(page.locator(".fb")).toBeVisible();
  await context.close();
});
