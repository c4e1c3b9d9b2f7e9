/** One field for everything, with the keyboard alone. */
import { enter, expect, shoot, test } from "../support/console";
import { filled } from "../support/filled";
import { signedIn } from "../support/people";
import { Api } from "../support/world";

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

  // One rest of the fingers, one question.
  await field.pressSequentially("grace", { delay: 20 });
  const grace = page.getByRole("option", { name: /^Grace Quinn/ });
  await expect(grace).toHaveAttribute("aria-selected", "true");
  expect(asked.filter(Boolean).length).toBeLessThanOrEqual(2);
  const active = await field.getAttribute("aria-activedescendant");
  expect(await grace.getAttribute("id")).toBe(active);
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
