/** What goes wrong on the way: the server, the network, others at work, what people type. Nothing typed is ever lost. */
import type { Page, Route } from "@playwright/test";
import { enter, expect, fits, test } from "../support/console";
import { filled, visit } from "../support/filled";
import { founder, type Person, signedIn } from "../support/people";
import { Api, type Schema, type World } from "../support/world";

const problem = (status: number, code: string, headers: Record<string, string> = {}) => ({
  status,
  headers: { "content-type": "application/problem+json", ...headers },
  body: JSON.stringify({ type: "about:blank", title: code, status, code, detail: `It was ${code}.` }),
});
const note = (page: Page) => page.getByLabel(/^Note about/);
const quote = (page: Page, words: string) => page.getByRole("blockquote").filter({ hasText: words });
const apiOf = async (world: World, person: Person) =>
  new Api(world.urls.core, (await signedIn(person, world)).access_token);
const made = (api: Api, contact: object) => api.call<Schema<"Contact">>("POST", "/v1/contacts", contact);

/** Holds what matches until it is let go. */
async function held(page: Page, what: string | RegExp, method: string) {
  let free = () => {};
  const gate = new Promise<void>((open) => {
    free = open;
  });
  const waiting: string[] = [];
  await page.route(what, async (route: Route) => {
    if (route.request().method() !== method) return route.fallback();
    waiting.push(route.request().url());
    await gate;
    await route.continue();
  });
  return { waiting, free };
}

test("a slow server: a grey shape, then the page; one press is one change", async ({ page, at, world }) => {
  const person = await founder(world, "Slow Comets");
  await made(await apiOf(world, person), { first_name: "Noor" });
  const list = await held(page, /\/v1\/contacts\?/, "GET");
  await enter(page, at, await signedIn(person, world), "/contacts");
  await expect(page.getByRole("status", { name: "Loading" })).toBeVisible();
  const frame = await page.getByRole("heading", { level: 1 }).boundingBox();
  list.free();
  await expect(page.getByRole("link", { name: "Noor" })).toBeVisible();
  await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(0);
  expect(await page.getByRole("heading", { level: 1 }).boundingBox()).toEqual(frame);

  const adding = await held(page, /\/v1\/contacts$/, "POST");
  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("First name").fill("Ines");
  const add = dialog.getByRole("button", { name: "Add", exact: true });
  await add.dblclick();
  await expect(add).toHaveAttribute("aria-busy", "true");
  await dialog.getByLabel("First name").press("Enter");
  await add.click();
  adding.free();
  await expect(page.getByRole("heading", { level: 2, name: "Ines" })).toBeVisible();
  expect(adding.waiting).toHaveLength(1);
});

test("the server is away: it is said, what was typed stays, and it goes on by itself", async ({ page, at, world }) => {
  const person = await founder(world, "Away Comets");
  const { id } = await made(await apiOf(world, person), { first_name: "Noor" });
  await enter(page, at, await signedIn(person, world), `/contacts/${id}`);
  await note(page).fill("Half a thought");
  await page.route("**/v1/**", (route) => route.abort("connectionrefused"));
  await note(page).press("Control+Enter");
  await expect(page.getByText("Could not be saved").first()).toBeVisible();
  await expect(page.getByText(/server could not be reached/).first()).toBeVisible();
  await expect(note(page)).toHaveValue("Half a thought");
  // A page that was not read yet cannot be shown; the rest of the console is still there.
  await page
    .getByRole("link", { name: "Notifications" })
    .or(page.getByRole("link", { name: "Overview" }))
    .first()
    .click();
  await expect(
    page
      .getByRole("alert")
      .filter({ hasText: /could not be/ })
      .first(),
  ).toBeVisible();
  await page.unroute("**/v1/**");
  await page.getByRole("button", { name: "Try again" }).first().click();
  await expect(page.getByRole("alert").filter({ hasText: /server could not be reached/ })).toHaveCount(0);
  await page.goBack();
  await expect(note(page)).toHaveValue("Half a thought");
  await note(page).press("Control+Enter");
  await expect(quote(page, "Half a thought")).toHaveCount(1);
});

test("without a network it is said, and said no longer when it is back", async ({ page, at, world, context }) => {
  const person = await founder(world, "Dark Comets");
  await enter(page, at, await signedIn(person, world), "/contacts");
  await expect(page.getByText("No contacts yet")).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByText("You are offline.", { exact: false })).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("You are offline.", { exact: false })).toHaveCount(0);
});

test("a token that ends in the middle of work is traded once, and nobody notices", async ({ page, at, world }) => {
  const person = await founder(world, "Brief Comets");
  const { id } = await made(await apiOf(world, person), { first_name: "Noor" });
  await enter(page, at, await signedIn(person, world), `/contacts/${id}`);
  await expect(note(page)).toBeVisible();
  const trades: string[] = [];
  page.on("request", (request) => request.url().endsWith("/sessions/refresh") && trades.push(request.url()));
  const refused = new Set<string>();
  await page.route("**/v1/contacts/**", async (route) => {
    const token = route.request().headers().authorization ?? "";
    if (refused.size > 0 && !refused.has(token)) return route.continue();
    refused.add(token);
    return route.fulfill(problem(401, "token_expired"));
  });
  await note(page).fill("Written with an old token");
  await note(page).press("Control+Enter");
  await expect(quote(page, "Written with an old token")).toHaveCount(1);
  expect(trades).toHaveLength(1);
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("a page that is left in the middle of a trade does not end the session", async ({ page, at, world }) => {
  const person = await founder(world, "Hasty Comets");
  await enter(page, at, await signedIn(person, world), "/contacts");
  await expect(page.getByText("No contacts yet")).toBeVisible();
  // The trade is done on the server, but the page that asked is gone before it hears of it.
  let spent = () => {};
  const trade = new Promise<void>((done) => {
    spent = done;
  });
  const refresh = "**/v1/sessions/refresh";
  await page.route(refresh, async (route) => {
    const asked = route.request();
    const { cookie = "", "idempotency-key": key = "" } = await asked.allHeaders();
    const headers = { cookie, "idempotency-key": key, "content-type": "application/json" };
    const answer = await fetch(asked.url(), { method: "POST", headers, body: asked.postData() });
    expect(answer.status).toBe(200);
    spent();
  });
  await page.evaluate(() => location.reload());
  await trade;
  await page.unroute(refresh);
  await page.reload();
  await expect(page.getByText("No contacts yet")).toBeVisible();
});

test("signed out in one tab, the other one asks before it goes on", async ({ page, at, world, context }) => {
  const person = await founder(world, "Twin Comets");
  await enter(page, at, await signedIn(person, world), "/contacts");
  await expect(page.getByText("No contacts yet")).toBeVisible();
  const other = await context.newPage();
  await other.goto(`${at}/contacts`);
  await expect(other.getByText("No contacts yet")).toBeVisible();
  await other.getByRole("button", { name: /^Account menu/ }).click();
  await other.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(other).toHaveURL(/\/sign-in/);
  const dialog = page.getByRole("dialog", { name: "Your session ended" });
  await expect(dialog).toBeVisible();
  await dialog.getByLabel("Password", { exact: true }).fill(person.password);
  await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(dialog).toBeHidden();
  await page.reload();
  await expect(page.getByText("No contacts yet")).toBeVisible();
});

test("not allowed, and not there any more", async ({ page, at, world }) => {
  const person = await founder(world, "Shut Comets");
  const api = await apiOf(world, person);
  const { id, version } = await made(api, { first_name: "Noor" });
  await page.route(/\/v1\/contacts\?/, (route) => route.fulfill(problem(403, "forbidden")));
  await enter(page, at, await signedIn(person, world), "/contacts");
  await expect(page.getByText("Your role does not allow this", { exact: false })).toBeVisible();
  await page.goto(`${at}/contacts/${id}`);
  await note(page).fill("Too late");
  await api.call("DELETE", `/v1/contacts/${id}`, undefined, { "if-match": `"v${version}"` });
  await note(page).press("Control+Enter");
  await expect(page.getByText("Could not be saved").first()).toBeVisible();
  await page.goto(`${at}/contacts/con_00000000000000000000000000`);
  await expect(page.getByText("It is not there", { exact: false })).toBeVisible();
});

test("two at work: the newer version is shown, what was typed stays, nothing is overwritten", async ({
  page,
  at,
  world,
}) => {
  const person = await founder(world, "Busy Comets");
  const api = await apiOf(world, person);
  const { id, version } = await made(api, { first_name: "Noor", job_title: "Sailor" });
  // The news of the change is late.
  await page.route("**/v1/stream", (route) => route.abort());
  await enter(page, at, await signedIn(person, world), `/contacts/${id}`);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Last name").fill("Okafor");
  await api.call("PATCH", `/v1/contacts/${id}`, { job_title: "Captain" }, { "if-match": `"v${version}"` });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Somebody else changed this", { exact: false })).toBeVisible();
  await expect(dialog.getByLabel("Last name")).toHaveValue("Okafor");
  await expect(page.getByText("Captain").first()).toBeAttached();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  const now = await api.get<Schema<"Contact">>(`/v1/contacts/${id}`);
  expect(now).toMatchObject({ last_name: "Okafor", job_title: "Captain" });
});

test("too many tries are counted down, and then it works", async ({ page, at, world }) => {
  const person = await founder(world, "Eager Comets");
  await enter(page, at, await signedIn(person, world), "/contacts?new=true");
  const dialog = page.getByRole("dialog");
  const refuse = (route: Route) => route.fulfill(problem(429, "rate_limited", { "retry-after": "4" }));
  await page.route(/\/v1\/contacts$/, refuse, { times: 1 });
  const told = dialog.getByText(/You can try again in \d second/);
  await dialog.getByLabel("First name").fill("Ines");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(told).toBeVisible();
  await expect(told).toContainText(/in [1-3] second/);
  await expect(told).toHaveCount(0);
  await expect(dialog.getByLabel("First name")).toHaveValue("Ines");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Ines" })).toBeVisible();
});

test("the stream was away: no notification is missed, none comes twice", async ({ page, at, world, context }) => {
  test.setTimeout(90_000);
  const { client, ids } = await filled(world, "Lost Comets");
  const api = await apiOf(world, client);
  const told = async () => (await api.list<Schema<"Notification">>("/v1/notifications?limit=50")).length;
  await enter(page, at, await signedIn(client, world), "/notifications");
  await page.getByRole("main").getByRole("button", { name: "All", exact: true }).click();
  const rows = page.getByRole("main").getByRole("listitem");
  await expect(rows.first()).toBeVisible();
  const before = await told();
  // One comes live, so that the stream knows where it was.
  await visit(world.urls.edge, ids.widget, "Before Storm");
  await expect(rows).toHaveCount(before + 1);
  await context.setOffline(true);
  await expect(page.getByText("You are offline.", { exact: false })).toBeVisible();
  for (const name of ["First Wave", "Second Wave", "Third Wave"]) await visit(world.urls.edge, ids.widget, name);
  await expect.poll(told).toBe(before + 4);
  await expect(rows).toHaveCount(before + 1);
  const resumed = page.waitForRequest((request) => request.url().endsWith("/v1/stream"));
  await context.setOffline(false);
  expect((await resumed).headers()["last-event-id"]).toBeTruthy();
  await expect(rows).toHaveCount(before + 4);
  // And what comes now comes live, once.
  await visit(world.urls.edge, ids.widget, "After Storm");
  await expect(rows).toHaveCount(before + 5);
  await page.reload();
  await page.getByRole("main").getByRole("button", { name: "All", exact: true }).click();
  await expect(rows).toHaveCount(before + 5);
});

const HOSTILE = `<img src=x onerror="window.hit=1"><script>window.hit=1</script>{{7*7}}\u202E"'&amp;`;
const ARABIC = "محمد عبد الرحمن 🚲👩🏽‍🚀";
const LONG = "Bartholomäus ".repeat(24).slice(0, 300).trim();

test("what people type is never run, cut off at the side, or lost", async ({ page, at, world }) => {
  test.setTimeout(90_000);
  const person = await founder(world, "Wild Comets");
  const api = await apiOf(world, person);
  const tags = [`${HOSTILE.slice(0, 40)}`, ARABIC];
  const names = { first_name: HOSTILE, last_name: ARABIC, company_name: LONG.slice(0, 200), job_title: HOSTILE, tags };
  const { id } = await made(api, names);
  await made(api, { display_name: LONG.slice(0, 200) });
  await api.call("POST", `/v1/contacts/${id}/notes`, { body: `${HOSTILE}\n${LONG}${"x".repeat(400)}` });
  await enter(page, at, await signedIn(person, world), "/contacts");
  const unhurt = async () => {
    expect(await page.evaluate(() => "hit" in window)).toBe(false);
    await fits(page);
  };
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${at}/contacts`);
    await expect(page.getByRole("link", { name: /onerror/ })).toBeVisible();
    await unhurt();
    await page.goto(`${at}/contacts/${id}`);
    await expect(quote(page, "onerror")).toBeVisible();
    await unhurt();
    await page.goto(`${at}/`);
    await expect(page.getByText(/onerror/).first()).toBeAttached();
    await unhurt();
  }
  // Every text field of every dialog takes it, too: refused fields say so, and keep what was typed.
  await page.setViewportSize({ width: 1440, height: 900 });
  for (const place of ["/contacts?new=true", "/clients?new=true", "/account", "/settings/general"]) {
    await page.goto(at + place);
    const form = place.includes("new") ? page.getByRole("dialog") : page.getByRole("main");
    const fields = form.locator("input:not([type]), input[type=text], textarea");
    await expect(fields.first()).toBeVisible();
    for (const field of await fields.all()) if (await field.isEditable()) await field.fill(HOSTILE);
    for (const send of await form.getByRole("button", { name: /^(Add|Add client|Save)$/ }).all())
      if (await send.isEnabled()) await send.click();
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    await unhurt();
  }
});
