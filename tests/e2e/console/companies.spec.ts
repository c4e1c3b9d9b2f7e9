/** A company from its first line to its end: people and roles, a group, value and renewal, two who edit at once. */
import { enter, expect, fits, shoot, test } from "../support/console";
import { filled } from "../support/filled";
import { founder, signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

const LOOKS = [
  { name: "wide-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
] as const;

test("a company is added, given people, valued, deleted and brought back", async ({ page, at, world }) => {
  const person = await founder(world, "Orchard Partners");
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const greta = await api.call<Schema<"Contact">>("POST", "/v1/contacts", { first_name: "Greta", last_name: "Holm" });
  await api.call("POST", "/v1/contacts", { first_name: "Noor", last_name: "Okafor" });
  await api.call("POST", "/v1/companies", { name: "Orchard Holding" });
  await api.call("POST", `/v1/contacts/${greta.id}/activities`, { kind: "call", title: "About the cider" });
  await enter(page, at, tokens, "/companies");
  await expect(page.getByRole("link", { name: "Orchard Holding" })).toBeVisible();

  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog", { name: "New company" });
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog.getByText("Fill this in.")).toBeVisible();
  await dialog.getByLabel("Name").fill("Orchard");
  await expect(dialog.getByText(/1 company with a name like this/)).toBeVisible();
  await dialog.getByLabel("Name").fill("<b>Öchard</b> Cider");
  await dialog.getByLabel("Website").fill("not a page");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog.getByLabel("Website")).toHaveAccessibleDescription(/address of a page/);
  await dialog.getByLabel("Website").fill("cider.example");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("heading", { level: 2, name: "<b>Öchard</b> Cider" })).toBeVisible();
  await expect(page.getByText("Not enough is known yet.")).toBeVisible();

  // Whoever comes first is asked first; roles work at once.
  await page.getByRole("button", { name: "Add person" }).click();
  await page.getByRole("textbox", { name: "Search contacts" }).fill("holm");
  await page.getByRole("button", { name: /Greta Holm/ }).click();
  const row = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: "Greta Holm" }) });
  await expect(row.getByText("Asked first")).toBeVisible();
  await row.getByRole("button", { name: "Roles of Greta Holm" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Decides" }).click();
  await expect(row.getByText("Decides")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("Going well")).toBeVisible();
  await expect(page.getByText("Something happened with it today.")).toBeVisible();
  await expect(page.getByRole("region", { name: "Timeline" }).getByText("About the cider")).toBeVisible();

  await page.getByRole("button", { name: "Set parent" }).click();
  await page.getByRole("button", { name: /Orchard Holding/ }).click();
  await expect(page.getByRole("link", { name: "Orchard Holding" })).toBeVisible();
  await page.getByRole("button", { name: "Set status" }).click();
  await page.getByRole("dialog", { name: "Set status" }).getByRole("button", { name: "Active", exact: true }).click();
  await expect(page.getByRole("button", { name: "Set status" })).toHaveText("Active");
  await expect(page.getByRole("dialog", { name: "Set status" })).toBeHidden();

  // Somebody else is faster: what he wrote stays, what was typed here stays too.
  await page.keyboard.press("e");
  const edit = page.getByRole("dialog", { name: "Edit company" });
  await edit.getByLabel("Annual value").fill("12000.50");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(edit.getByText("Fill this in.")).toBeVisible();
  await edit.getByLabel("Currency").selectOption("EUR");
  const [, id] = /companies\/(com_\w+)/.exec(page.url()) ?? [];
  await api.call("PATCH", `/v1/companies/${id}`, { industry: "Drinks" });
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(edit.getByText(/Somebody else changed this/)).toBeVisible();
  await expect(edit.getByLabel("Industry")).toHaveValue("Drinks");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(edit).toBeHidden();
  await expect(page.getByText("€12,000.50")).toBeVisible();

  // Both sides show it.
  await page.goto(`${at}/contacts/${greta.id}`);
  await page.getByRole("link", { name: /Öchard/ }).click();
  await expect(page.getByRole("heading", { level: 2, name: /Öchard/ })).toBeVisible();
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(/\/companies$/);
  await expect(page.getByRole("link", { name: /Öchard/ })).toBeHidden();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("link", { name: /Öchard/ })).toBeVisible();

  // Accents and filters; what is one letter away comes after what fits.
  const search = page.getByRole("searchbox", { name: "Search companies" });
  await search.fill("holding");
  await expect(page.getByRole("link", { name: /Öchard/ })).toBeHidden();
  await search.fill("ochard");
  await expect(page.getByRole("link", { name: /[ÖO]r?chard/ }).first()).toHaveText(/Öchard/);
  await expect(page).toHaveURL(/q=ochard/);
});

test("the list is narrowed, its columns are chosen, many are changed at once and put back", async ({
  page,
  at,
  world,
}) => {
  const person = await founder(world, "Grove Partners");
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const make = (name: string, more: object) => api.call<Schema<"Company">>("POST", "/v1/companies", { name, ...more });
  await api.call("POST", "/v1/custom-fields", { record: "company", label: "Vats", type: "number" });
  await make("Alder", { industry: "Cider", address: { country: "GB" }, tier: "gold", custom: { vats: 3 } });
  await make("Birch", { industry: "Cider", address: { country: "DE" }, renews_on: "2031-05-01" });
  await make("Cedar", { industry: "Tea", address: { country: "GB" } });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "dark" });
  await enter(page, at, tokens, "/companies");
  const link = (name: string) => page.getByRole("link", { name, exact: true }).filter({ visible: true });
  await expect(link("Cedar")).toBeVisible();

  await page.getByRole("button", { name: "Country" }).click();
  const country = page.getByRole("dialog", { name: "Country" });
  await country.getByRole("textbox", { name: "Country" }).fill("united k");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(link("Birch")).toBeHidden();
  await page.getByRole("button", { name: "Clear: Country" }).click();
  await page.getByRole("button", { name: "Renews", exact: true }).first().click();
  const renews = page.getByRole("dialog", { name: "Renews" });
  await renews.getByLabel("Renews", { exact: true }).fill("2031-01-01");
  await renews.getByRole("button", { name: "Apply" }).click();
  await expect(link("Alder")).toBeHidden();
  await expect(link("Birch")).toBeVisible();
  await expect(page).toHaveURL(/renews_on/);
  // A day that moves with today is another way to say it, and so a view is right tomorrow too.
  await page
    .getByRole("button", { name: /^Renews/ })
    .first()
    .click();
  await renews.getByLabel("Which day Renews is compared with").selectOption("in 7 days");
  await renews.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("button", { name: /^Renews.*from: in 7 days$/ })).toBeVisible();
  await expect(link("Birch")).toBeVisible();
  await expect(link("Alder")).toBeHidden();
  // Kept under a name, and shown again by one press.
  await page.getByRole("button", { name: "Save as new view" }).click();
  const naming = page.getByRole("dialog", { name: "Save as new view" });
  await naming.getByLabel("Name of the view").fill("Renewing");
  await naming.getByRole("button", { name: "My teams" }).click();
  await naming.getByRole("button", { name: "Save", exact: true }).click();
  const chip = page.getByRole("button", { name: "Renewing", exact: true });
  await expect(chip).toHaveAttribute("aria-pressed", "true");
  await chip.click();
  await expect(link("Alder")).toBeVisible();
  await chip.click();
  await expect(link("Alder")).toBeHidden();
  await shoot(page, "companies-view-1440");
  await page.getByRole("button", { name: "Clear: Renews" }).click();

  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Vats" }).check();
  await page.getByRole("checkbox", { name: "Industry" }).check();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("columnheader", { name: "Vats" })).toBeVisible();
  await expect(
    page.getByRole("row").filter({ hasText: "Alder" }).getByRole("cell", { name: "3", exact: true }),
  ).toBeVisible();

  await page.getByRole("checkbox", { name: "Select Alder" }).check();
  await page.getByRole("checkbox", { name: "Select Cedar" }).check();
  await shoot(page, "companies-bulk-1440");
  await page.getByRole("button", { name: "Set tier" }).click();
  await page.getByRole("dialog", { name: "Set tier" }).getByRole("button", { name: "Platinum" }).click();
  await expect(page.getByText("2 companies changed")).toBeVisible();
  const tiers = async () =>
    Object.fromEntries(
      (await api.list<Schema<"Company">>("/v1/companies")).map(({ name, tier }) => [name, tier ?? null]),
    );
  expect(await tiers()).toEqual({ Alder: "platinum", Birch: null, Cedar: "platinum" });
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(tiers).toEqual({ Alder: "gold", Birch: null, Cedar: null });
  await page.reload();
  await expect(page.getByRole("columnheader", { name: "Vats" })).toBeVisible();
  await page.getByRole("checkbox", { name: "Select all that are loaded" }).check();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog", { name: "Delete 3 companies?" }).getByRole("button", { name: "Delete 3" }).click();
  await expect(page.getByText("3 companies deleted")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(link("Birch")).toBeVisible();
});

test("one that may be known is shown, a group is added up, and how clients are doing is a column", async ({
  page,
  at,
  world,
}) => {
  const person = await founder(world, "Copse Partners");
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const make = (name: string, more: object) => api.call<Schema<"Company">>("POST", "/v1/companies", { name, ...more });
  const holding = await make("Elm Holding", { website: "elm.example", status: "active" });
  const group = await make("Elm Group", { parent: holding.id, status: "active" });
  const shop = await make("Elm Shop", { parent: group.id, status: "active" });
  for (const company of [holding, group, shop]) {
    const sale = { title: "Sale", amount: 100000, currency: "EUR", company: company.id };
    const deal = await api.call<Schema<"Deal">>("POST", "/v1/deals", sale);
    await api.call("POST", `/v1/deals/${deal.id}/outcome`, { status: "won" });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, `/companies/${shop.id}`);
  const chain = page.getByRole("navigation", { name: "Companies above it" });
  await expect(chain.getByRole("link")).toHaveText([/Elm Holding/, /Elm Group/]);
  await chain.getByRole("link", { name: "Elm Holding" }).click();
  await expect(page.getByRole("region", { name: "Together with all below it" })).toContainText("2 companies");
  await shoot(page, "company-family-1440");

  // Social profiles and the whole address can be typed.
  await page.keyboard.press("e");
  const edit = page.getByRole("dialog", { name: "Edit company" });
  await edit.getByLabel("Profiles").fill("https://www.linkedin.com/company/elm\nno page");
  await edit.getByLabel("Address line 2").fill("Hall B");
  await edit.getByLabel("State or region").fill("Kent");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(edit.getByLabel("Profiles")).toHaveAccessibleDescription(/address of a page/);
  await edit.getByLabel("Profiles").fill("https://www.linkedin.com/company/elm");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(edit).toBeHidden();
  const facts = page.getByLabel("Facts");
  await expect(facts).toContainText("Hall B");
  await expect(facts.getByRole("link", { name: /linkedin/ })).toBeVisible();

  await page.goto(`${at}/companies?new=true`);
  const dialog = page.getByRole("dialog", { name: "New company" });
  await dialog.getByLabel("Name").fill("Quite another name");
  await dialog.getByLabel("Website").fill("www.elm.example");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog.getByText(/1 company that is known may be the same/)).toBeVisible();
  await expect(dialog.getByRole("link", { name: /Elm Holding/ })).toContainText("Same website");
  await shoot(page, "companies-known-1440");
  await dialog.getByRole("link", { name: "Open the new one" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Quite another name" })).toBeVisible();

  await page.goto(`${at}/companies`);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Health", exact: true }).check();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("row").filter({ hasText: "Elm Shop" })).toContainText("Not known");
  await page.goto(`${at}/companies?f=health:eq:touch.no_people`);
  await expect(page.getByRole("button", { name: /Last contact: Nobody is known there/ })).toBeVisible();
});

test("the list and the page, wide by night and on a phone by day", async ({ browser, at, world }) => {
  const { client, ids } = await filled(world, "Company Partners");
  for (const { name, ...use } of LOOKS) {
    const page = await (await browser.newContext({ ...use, reducedMotion: "reduce" })).newPage();
    await enter(page, at, await signedIn(client, world), "/companies");
    await expect(page.getByRole("link", { name: "Harbour & Co" }).filter({ visible: true })).toBeVisible();
    await fits(page);
    await shoot(page, `companies-${name}`);
    await page.getByRole("link", { name: "Harbour & Co" }).filter({ visible: true }).click();
    await expect(page.getByText("Going well")).toBeVisible();
    await expect(page.getByText("Asked first").first()).toBeVisible();
    await fits(page);
    await shoot(page, `company-${name}`);
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    await expect(page.getByRole("dialog", { name: "Edit company" })).toBeVisible();
    await shoot(page, `company-edit-${name}`);
    await page.context().close();
  }
  const wide = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await enter(wide, at, await signedIn(client, world), `/contacts/${ids.contact}`);
  await expect(wide.getByRole("link", { name: /Harbour & Co/ })).toContainText("Decides, Billing, Asked first");
  await wide.context().close();
});
