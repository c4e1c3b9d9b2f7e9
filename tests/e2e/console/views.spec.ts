/** The list of people: views that are kept, filters, columns, many at once, tags; wide in the dark and a phone by day. */
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema, type World } from "../support/world";

const LONG = `${"Wolfeschlegelsteinhausenbergerdorff ".repeat(8)}🪁`.slice(0, 199);

async function peopled(world: World, agency: string) {
  const person = await founder(world, agency);
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const bodies = [
    {
      first_name: "Priya",
      last_name: "Raman",
      company_name: "Fastpost",
      emails: [{ address: "priya@fastpost.example" }],
      tags: ["Touring"],
      stage: "won",
    },
    { first_name: "مريم", last_name: "الحسيني", phones: [{ number: "+44 7700 900182" }], tags: ["Touring", "VIP"] },
    { display_name: LONG, company_name: "Kite & Söhne" },
    { first_name: "<img src=x onerror=alert(1)>", last_name: "🪁", source: "fair" },
    { first_name: "Noor", last_name: "Okafor", emails: [{ address: "noor@harbour.example" }], stage: "qualified" },
  ];
  for (const body of bodies) await api.call("POST", "/v1/contacts", body);
  return { person, tokens, api };
}

test("a view is kept, changed, renamed, opened first, moved, deleted and brought back", async ({ page, at, world }) => {
  const { tokens, api } = await peopled(world, "Orbit Views");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/contacts");
  const rows = page.getByRole("row");
  await expect(rows).toHaveCount(6);

  // A filter: its chip is dashed until it is set, and says what it is set to.
  await page.getByRole("button", { name: "Stage", exact: true }).click();
  const editor = page.getByRole("dialog", { name: "Stage" });
  await editor.getByRole("button", { name: "Won" }).click();
  await editor.getByRole("button", { name: "Qualified" }).click();
  await page.keyboard.press("Escape");
  await expect(rows).toHaveCount(3);
  await expect(page.getByText("Won and Qualified")).toBeVisible();
  // Another kind of filter, with words.
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("menuitem", { name: "Email" }).click();
  await page.getByRole("dialog", { name: "Email" }).getByLabel("Email", { exact: true }).fill("fastpost");
  await page.keyboard.press("Enter");
  await expect(rows).toHaveCount(2);
  await expect(page.getByText("Unsaved changes")).toBeVisible();
  await page.getByRole("button", { name: "Save as new view" }).click();
  const dialog = page.getByRole("dialog", { name: "Save as new view" });
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect(dialog.getByLabel("Name of the view")).toHaveAccessibleDescription(/Fill this in/);
  await dialog.getByLabel("Name of the view").fill("Fast ones");
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  const tab = page.getByRole("tab", { name: "Fast ones" });
  await expect(tab).toHaveAttribute("aria-selected", "true");
  await expect(page.getByText("Unsaved changes")).toBeHidden();
  await expect(page).toHaveURL(/view=viw_/);
  await fits(page);
  await shoot(page, "contacts-view-dark-1440");

  // A name is given once; what was typed stays.
  await page.getByRole("tab", { name: "All" }).click();
  await page.getByRole("columnheader", { name: "Name" }).getByRole("button").click();
  await expect(page.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "ascending");
  await page.getByLabel("Search contacts").fill("noor");
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "Save as new view" }).click();
  await dialog.getByLabel("Name of the view").fill("fast ONES");
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect(dialog.getByLabel("Name of the view")).toHaveAccessibleDescription(/view of this name/);
  await dialog.getByLabel("Name of the view").fill("Second");
  await dialog.getByRole("button", { name: "Everybody" }).click();
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("tab", { name: "Second" })).toHaveAttribute("aria-selected", "true");

  // Columns are a part of a view.
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Phone" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByText("Unsaved changes")).toBeVisible();
  await page.getByRole("button", { name: "Update view" }).click();
  await expect(page.getByText("Second saved")).toBeVisible();
  await expect(page.getByText("Unsaved changes")).toBeHidden();
  await expect(page.getByRole("columnheader", { name: "Phone" })).toBeVisible();

  // Somebody else renames it meanwhile: nothing is overwritten.
  const [, second] = await api.list<Schema<"SavedView">>("/v1/saved-views");
  await api.call("PATCH", `/v1/saved-views/${second?.id}`, { name: "Theirs" });
  await page.getByRole("button", { name: "Change the view Second" }).click();
  await page.getByRole("menuitem", { name: "Rename or share" }).click();
  const rename = page.getByRole("dialog", { name: "Rename or share" });
  await rename.getByLabel("Name of the view").fill("Mine");
  await rename.getByRole("button", { name: "Save", exact: true }).click();
  await expect(rename.getByRole("alert")).toContainText("Somebody else changed this");
  await expect(rename.getByLabel("Name of the view")).toHaveValue("Mine");
  await rename.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("tab", { name: "Mine" })).toBeVisible();

  await page.getByRole("button", { name: "Change the view Mine" }).click();
  await page.getByRole("menuitem", { name: "Open first" }).click();
  await expect(page.getByText("Mine opens first")).toBeVisible();
  await page.getByRole("button", { name: "Change the view Mine" }).click();
  await page.getByRole("menuitem", { name: "Move forward" }).click();
  await expect(page.getByRole("tab").nth(4)).toHaveText("Mine");
  await page.goto(`${at}/contacts`);
  await expect(page.getByRole("tab", { name: "Mine" })).toHaveAttribute("aria-selected", "true");
  await expect(rows).toHaveCount(2);

  await page.getByRole("button", { name: "Change the view Mine" }).click();
  await page.getByRole("menuitem", { name: "Delete view" }).click();
  await expect(page.getByRole("tab", { name: "Mine" })).toBeHidden();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("tab", { name: "Mine" })).toHaveAttribute("aria-selected", "true");
});

test("many are changed at once, with the count, and taken back", async ({ page, at, world }) => {
  const { tokens, api } = await peopled(world, "Orbit Bulk");
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/contacts");
  await expect(page.getByRole("row")).toHaveCount(6);
  // By keyboard alone: down, choose, down, choose.
  for (const key of ["j", "x", "j", "x"]) await page.keyboard.press(key);
  const bar = page.getByRole("region", { name: "2 selected" });
  await expect(bar).toBeVisible();
  await shoot(page, "contacts-bulk-1440");
  await bar.getByRole("button", { name: "Set stage" }).click();
  await page.getByRole("dialog", { name: "Set stage" }).getByRole("button", { name: "Lost" }).click();
  await expect(page.getByText("2 contacts changed")).toBeVisible();
  const stages = async () => (await api.list<Schema<"Contact">>("/v1/contacts")).map(({ stage }) => stage);
  expect((await stages()).filter((stage) => stage === "lost")).toHaveLength(2);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await stages()).sort()).toEqual(["new", "new", "new", "qualified", "won"]);

  // One field of both: where they come from, or one of the tenant's own.
  const size = { record: "contact", label: "Frame size", type: "number" };
  const { key: frame } = await api.call<Schema<"CustomField">>("POST", "/v1/custom-fields", size);
  await page.reload();
  await expect(page.getByRole("row")).toHaveCount(6);
  for (const key of ["j", "x", "j", "x"]) await page.keyboard.press(key);
  await bar.getByRole("button", { name: "Set a field" }).click();
  const field = page.getByRole("dialog", { name: "Set a field" });
  await field.getByLabel("Field", { exact: true }).selectOption("Frame size");
  await field.getByLabel("Frame size").fill("58");
  await shoot(page, "contacts-bulk-field-dark-1440");
  await field.getByRole("button", { name: "Change 2 contacts" }).click();
  await expect(page.getByText("2 contacts changed")).toBeVisible();
  const sizes = async () => (await api.list<Schema<"Contact">>("/v1/contacts")).map(({ custom }) => custom[frame]);
  expect((await sizes()).filter((size) => size === 58)).toHaveLength(2);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await sizes()).filter((size) => size === 58)).toHaveLength(0);

  // All that match, but for one who is ticked off; the server does it, and the run stays in the list of runs.
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.getByRole("button", { name: "Select all 5 that match" }).click();
  await expect(page.getByRole("region", { name: "All 5 selected" })).toBeVisible();
  await page.getByRole("row").nth(2).getByRole("checkbox").click();
  const four = page.getByRole("region", { name: "All 4 selected" });
  await shoot(page, "contacts-bulk-all-1440");
  await four.getByRole("button", { name: "Set tier" }).click();
  await page.getByRole("dialog", { name: "Set tier" }).getByRole("button", { name: "Gold" }).click();
  await expect(page.getByText("4 contacts changed")).toBeVisible();
  const gold = async () => (await api.list<Schema<"Contact">>("/v1/contacts")).filter(({ tier }) => tier === "gold");
  const [one] = await gold();
  expect(await gold()).toHaveLength(4);
  await api.call("PATCH", `/v1/contacts/${one?.id}`, { tier: "bronze" });
  await page.getByRole("link", { name: "Changes of many" }).click();
  const run = page.getByRole("listitem").filter({ hasText: "Tier: Gold" });
  await expect(run).toContainText("4 that matched");
  await run.getByRole("button", { name: "Undo" }).click();
  await expect(run).toContainText("3 put back · 1 stayed");
  await run.getByRole("button", { name: "What stayed, and why" }).click();
  await expect(run).toContainText("Changed since");
  expect(await gold()).toHaveLength(0);
  await shoot(page, "contacts-bulk-runs-dark-1440");
  await page.emulateMedia({ colorScheme: "light" });
  await shoot(page, "contacts-bulk-runs-light-1440");
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
  await shoot(page, "contacts-bulk-runs-phone");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goBack();

  await page.getByRole("checkbox", { name: "Select all that are loaded" }).click();
  const all = page.getByRole("region", { name: "5 selected" });
  await all.getByRole("button", { name: "Do not contact" }).click();
  await page
    .getByRole("dialog", { name: "Do not contact" })
    .getByRole("button", { name: /by SMS/ })
    .click();
  await expect(page.getByText("5 contacts changed")).toBeVisible();
  await page.getByRole("checkbox", { name: "Select all that are loaded" }).click();
  await all.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog", { name: "Delete 5 contacts?" }).getByRole("button", { name: "Delete 5" }).click();
  await expect(page.getByText("5 contacts deleted")).toBeVisible();
  await expect(page.getByText("No contacts yet")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).first().click();
  await expect(page.getByRole("row")).toHaveCount(6);
});

test("everybody who matches goes into a segment by hand, and out of it by the undo", async ({ page, at, world }) => {
  const { tokens, api } = await peopled(world, "Orbit Gathering");
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/contacts");
  await expect(page.getByRole("row")).toHaveCount(6);
  for (const key of ["j", "x"]) await page.keyboard.press(key);
  await page.getByRole("button", { name: "Select all 5 that match" }).click();
  const bar = page.getByRole("region", { name: "All 5 selected" });
  await bar.getByRole("button", { name: "Add to segment" }).click();
  await page.getByRole("textbox", { name: "Add to segment" }).fill("Riders");
  await page.keyboard.press("Enter");
  await expect(page.getByText("5 people are in Riders now")).toBeVisible();
  const members = async () => (await api.list<Schema<"Segment">>("/v1/segments"))[0]?.members;
  await expect.poll(members).toBe(5);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(members).toBe(0);
  await page.getByRole("link", { name: "Changes of many" }).click();
  const run = page.getByRole("listitem").filter({ hasText: "Put into Riders" });
  await expect(run).toContainText("5 put back");
});

test("tags get colours and names, and say how many lose them", async ({ page, at, world }) => {
  const { tokens } = await peopled(world, "Orbit Tags");
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/contacts");
  await page.getByRole("button", { name: "Tags", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Tags" });
  await dialog.getByLabel("New tag").fill("vip");
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(dialog.getByRole("alert")).toContainText("tag of this name");
  await dialog.getByRole("button", { name: "Colour of Touring" }).click();
  await page.getByRole("button", { name: "Colour 2" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  const name = dialog.getByLabel("Name of the tag Touring");
  await name.fill("Long rides");
  await name.press("Enter");
  await expect(dialog.getByLabel("Name of the tag Long rides")).toBeVisible();
  await shoot(page, "contacts-tags-1440");
  await dialog.getByRole("button", { name: "Delete Long rides" }).click();
  await expect(page.getByText("2 contacts lose it.")).toBeVisible();
  await page.getByRole("button", { name: "Delete tag" }).click();
  await expect(page.getByText("Long rides deleted")).toBeVisible();
  await expect(dialog.getByLabel("Name of the tag Long rides")).toBeHidden();
});

test("a tag that gets another tag's name becomes that tag", async ({ page, at, world }) => {
  const { tokens } = await peopled(world, "Orbit Mergers");
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/contacts");
  await page.getByRole("button", { name: "Tags", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Tags" });
  const name = dialog.getByLabel("Name of the tag Touring");
  await name.fill("vip");
  await name.press("Enter");
  await expect(dialog.getByText(/exists already\. 2 contacts with “Touring” carry/)).toBeVisible();
  await shoot(page, "contacts-tags-merge-1440");
  await dialog.getByRole("button", { name: "Make one tag of both" }).click();
  await expect(page.getByText(/Touring is vip now/i)).toBeVisible();
  await expect(dialog.getByLabel("Name of the tag Touring")).toBeHidden();
});

test("on a phone a row is a card, and the way back leads to the same place", async ({ browser, at, world }) => {
  const { tokens, api } = await peopled(world, "Orbit Phones");
  for (let n = 0; n < 30; n++)
    await api.call("POST", "/v1/contacts", { display_name: `Walker ${String(n).padStart(2, "0")}` });
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    colorScheme: "light",
  });
  const page = await context.newPage();
  await enter(page, at, tokens, "/contacts");
  await expect(page.getByRole("link", { name: "Walker 29" })).toBeVisible();
  await fits(page);
  await shoot(page, "contacts-light-390");
  const list = page.locator("[data-list]");
  await list.evaluate((node) => node.scrollTo(0, 1500));
  const card = page.getByRole("link", { name: "Walker 10" });
  await card.click();
  await expect(page.getByRole("heading", { level: 2, name: "Walker 10" })).toBeVisible();
  await page.goBack();
  await expect(card).toBeInViewport();
  expect(await list.evaluate((node) => node.scrollTop)).toBeGreaterThan(1400);
  await context.close();
});
