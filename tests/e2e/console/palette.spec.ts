/** One field for everything, with the keyboard alone. */
import { enter, expect, shoot, test } from "../support/console";
import { filled } from "../support/filled";
import { founder, mailedLink, signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

test("people, tags, pages and actions are found, told apart by a sign, and remembered", async ({ page, at, world }) => {
  const { client, ids } = await filled(world, "Palette Partners");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, await signedIn(client, world), "/");
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === "/v1/contacts") asked.push(searchParams.get("q") ?? "");
  });
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Search or jump to" });
  await expect(field).toBeFocused();
  await expect(page.getByRole("option", { name: "Contacts", exact: true })).toBeVisible();

  // One rest of the fingers, one question: on a busy machine they rest between letters too, but not after each.
  await field.pressSequentially("grace", { delay: 20 });
  const grace = page.getByRole("option", { name: /^Grace Quinn/ });
  await expect(grace).toHaveAttribute("aria-selected", "true");
  expect(asked.filter(Boolean).length).toBeLessThan("grace".length);
  await expect(field).toHaveAttribute("aria-activedescendant", (await grace.getAttribute("id")) ?? "");
  await expect(page.getByRole("option", { name: /Write to Grace Quinn/ })).toBeVisible();
  await shoot(page, "palette-dark-1440");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 2, name: "Grace Quinn" })).toBeVisible();

  // Empty again: where one was.
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("option").first()).toContainText("Grace Quinn");
  await field.fill("#news");
  await expect(page.getByRole("option")).toHaveCount(1);
  await expect(page.getByRole("option", { name: /newsletter/ })).toBeVisible();
  await field.fill("@contacts");
  await expect(page.getByText("Nothing found for “contacts”.")).toBeVisible();
  await field.fill(">new contact");
  await expect(page.getByRole("option", { name: "New contact" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "New contact" })).toBeVisible();
  await page.keyboard.press("Escape");

  // What was said and what visitors answered is found by its words, shown with what is around them.
  const api = new Api(world.urls.core, (await signedIn(client, world)).access_token);
  await api.call("POST", `/v1/contacts/${ids.contact}/notes`, {
    body: "She asked for a façade\nin the colour of the old mill.",
  });
  await page.keyboard.press("Control+k");
  await field.fill("facade mill");
  const said = page.getByRole("group", { name: "Notes and messages" }).getByRole("option");
  await expect(said).toHaveCount(1);
  await expect(said.locator("mark")).toHaveText(["façade", "mill"]);
  await shoot(page, "palette-words-dark-1440");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/contacts/${ids.contact}$`));

  // HTML in a name is text.
  await page.keyboard.press("Control+k");
  await field.fill("luca");
  await expect(page.getByRole("option", { name: /^<b>Luca<\/b>/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(field).toBeHidden();
});

test("settings, clients, people to invite and other accounts are one word away", async ({ page, at, world }) => {
  const owner = await founder(world, "Palette Agency");
  const tokens = await signedIn(owner, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const { id } = await api.call<Schema<"Client">>("POST", "/v1/clients", { name: "Kestrel Cycles" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/");
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  const field = page.getByRole("combobox", { name: "Search or jump to" });
  const type = async (words: string) => {
    await page.keyboard.press("Control+k");
    await field.fill(words);
  };
  await type("signing secret");
  await page.getByRole("option", { name: "Webhooks" }).click();
  await expect(page).toHaveURL(/\/settings\/webhooks$/);

  await type(">invite");
  await page.getByRole("option", { name: "Invite somebody" }).click();
  await expect(page.getByRole("dialog", { name: "Invite somebody" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/settings\/team$/);

  // A client leads to itself, and can be entered from here.
  await type("kestrel");
  await page.getByRole("option", { name: /^Kestrel Cycles/ }).click();
  await expect(page).toHaveURL(new RegExp(`/clients/${id}$`));
  await type("kestrel");
  await page.getByRole("option", { name: /^Enter Kestrel Cycles/ }).click();
  const popover = page.getByRole("dialog", { name: "Enter Kestrel Cycles" });
  await expect(popover).toBeVisible();
  // It is asked once: the address has forgotten it.
  await expect(page).toHaveURL(new RegExp(`/clients/${id}$`));
  await page.keyboard.press("Escape");
  await expect(popover).toHaveCount(0);

  // The same person belongs to the client, too: from one account to the other without a menu.
  const there = { "upzento-tenant": id };
  const { items: roles } = await api.call<{ items: Schema<"Role">[] }>("GET", "/v1/roles", undefined, there);
  const verified = await mailedLink(world, owner.email);
  const wish = { email: owner.email, roles: roles.filter(({ key }) => key === "client_admin").map((role) => role.id) };
  await api.call("POST", "/v1/invitations", wish, there);
  const invited = async () => {
    const link = await mailedLink(world, owner.email);
    return link === verified ? undefined : link;
  };
  await expect.poll(invited, { timeout: 20_000 }).toBeTruthy();
  const token = new URL((await invited()) ?? "").hash.slice("#token=".length);
  await api.call("POST", "/v1/invitations/acceptance", { token, name: owner.name, password: owner.password });
  await page.reload();
  await expect(page.getByRole("heading", { level: 2, name: "Kestrel Cycles" })).toBeVisible();
  await type(">work in kestrel");
  await page.getByRole("option", { name: /^Work in Kestrel Cycles/ }).click();
  const places = page.getByRole("navigation", { name: "Main" });
  await expect(places.getByRole("button", { name: /^Kestrel Cycles, \w+: choose another place/ })).toBeVisible();
  await expect(places.getByRole("link", { name: "Clients", exact: true })).toHaveCount(0);
});

test("on a phone it fills the width, and a server that is away is said", async ({ browser, at, world }) => {
  const { client } = await filled(world, "Palette Phones");
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    colorScheme: "light",
  });
  const page = await context.newPage();
  await enter(page, at, await signedIn(client, world), "/contacts");
  await page.getByRole("button", { name: "Search or jump to" }).click();
  const field = page.getByRole("combobox", { name: "Search or jump to" });
  await field.fill("quinn");
  await expect(page.getByRole("option", { name: /^Grace Quinn/ })).toBeVisible();
  await shoot(page, "palette-light-390");
  await page.route("**/v1/search?*", (route) => route.abort());
  await page.route("**/v1/contacts?*", (route) => route.abort());
  await page.route("**/v1/tags?*", (route) => route.abort());
  await page.route("**/v1/forms?*", (route) => route.abort());
  await page.route("**/v1/submissions?*", (route) => route.abort());
  await field.fill("@zzzz");
  await expect(page.getByText(/could not be reached/).first()).toBeVisible();
  await context.close();
});
