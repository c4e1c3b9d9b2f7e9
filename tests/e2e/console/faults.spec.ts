/** What goes wrong on the way: the server, the network, others at work, what people type. Nothing typed is ever lost. */
import type { Page, Route } from "@playwright/test";
import { enter, expect, test } from "../support/console";
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

test("without a network it is said, and said no longer when it is back", async ({ page, at, world, context }) => {
  const person = await founder(world, "Dark Comets");
  await enter(page, at, await signedIn(person, world), "/contacts");
  await expect(page.getByText("No contacts yet")).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByText("You are offline.", { exact: false })).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("You are offline.", { exact: false })).toHaveCount(0);
});

test("asked too often, a list says how long it waits and then comes by itself", async ({ page, at, world }) => {
  const person = await founder(world, "Busy Comets");
  await made(await apiOf(world, person), { first_name: "Noor" });
  let refused = 0;
  await page.route(/\/v1\/clients\?/, (route) => {
    refused += 1;
    return refused === 1 ? route.fulfill(problem(429, "rate_limited", { "retry-after": "4" })) : route.fallback();
  });
  await enter(page, at, await signedIn(person, world), "/clients");
  await expect(page.getByText(/^It is tried again in [1-4] seconds?\.$/)).toBeVisible();
  await expect(page.getByText("Too many tries. Wait a moment.")).toBeVisible();
  await expect(page.getByText("It was rate_limited.")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Try again" })).toBeDisabled();
  await expect(page.getByText("No clients yet")).toBeVisible({ timeout: 15_000 });
  expect(refused).toBe(2);
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
