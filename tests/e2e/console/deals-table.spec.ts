/** The table of deals: narrowed, with the columns one wants, kept under a name, left and found again; many at once; deleted ones. */
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema, type World } from "../support/world";
import type { Page } from "@playwright/test";

async function wood(world: World, agency: string) {
  const person = await founder(world, agency);
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const [line] = await api.list<Schema<"Pipeline">>("/v1/pipelines");
  const stages = line?.stages ?? [];
  const hull = await api.call<Schema<"CustomField">>("POST", "/v1/custom-fields", {
    record: "deal",
    label: "Hull",
    type: "text",
  });
  const make = (title: string, amount: number, stage: number, source: string, kind: string) =>
    api.call<Schema<"Deal">>("POST", "/v1/deals", {
      title,
      amount,
      currency: "USD",
      stage: stages[stage]?.id,
      source,
      custom: { [hull.key]: kind },
    });
  const deals = {
    cedar: await make("Cedar", 100_050, 0, "Fair", "oak"),
    elm: await make("Elm", 250_000, 2, "Fair", "oak"),
    fir: await make("Fir", 900_000, 2, "Web", "oak"),
    larch: await make("Larch", 40_000, 2, "Fair", "steel"),
  };
  return { tokens, api, deals, hull };
}

const titles = (page: Page) => page.getByRole("rowheader").getByRole("link").allTextContents();
const toList = (page: Page) => page.locator("header").getByRole("link", { name: "Deals", exact: true }).click();

test("the table is narrowed by amounts as people write them, by stage, source and own fields; columns are kept", async ({
  page,
  at,
  world,
}) => {
  const { tokens, api, hull } = await wood(world, "Orbit Tables");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/deals?view=table&by=title");
  await expect.poll(() => titles(page)).toEqual(["Cedar", "Elm", "Fir", "Larch"]);
  await expect(page.getByRole("button", { name: "Advanced filter", exact: true })).toBeVisible();

  await page.getByRole("button", { name: "Amount", exact: true }).click();
  const amount = page.getByRole("dialog", { name: "Amount" });
  await amount.getByLabel("Currency").fill("usd");
  await amount.getByLabel("At least").fill("much");
  await amount.getByRole("button", { name: "Apply" }).click();
  await expect(amount.getByLabel("At least")).toHaveAccessibleDescription(/1250.50/);
  await amount.getByLabel("At least").fill("1,000.51");
  await amount.getByLabel("At most").fill("5000");
  await amount.getByRole("button", { name: "Apply" }).click();
  await expect.poll(() => titles(page)).toEqual(["Elm"]);
  await expect(page.getByText("$1,000.51 to $5,000")).toBeVisible();
  await fits(page);
  await shoot(page, "deals-narrowed-dark-1440");
  await page.getByRole("button", { name: "Clear: Amount" }).click();

  await page.getByRole("button", { name: "Stage", exact: true }).click();
  await page.getByRole("dialog", { name: "Stage" }).getByRole("button", { name: "Proposal" }).click();
  await expect.poll(() => titles(page)).toEqual(["Elm", "Fir", "Larch"]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Source", exact: true }).click();
  const source = page.getByRole("dialog", { name: "Source" });
  await source.getByRole("textbox", { name: "Source" }).fill("Fair");
  await source.getByRole("button", { name: "Apply" }).click();
  await expect.poll(() => titles(page)).toEqual(["Elm", "Larch"]);
  await page.getByRole("button", { name: "Own fields" }).click();
  await page.getByRole("menuitem", { name: "Hull" }).click();
  const own = page.getByRole("dialog", { name: "Hull" });
  await own.getByLabel("Value").fill("oak");
  await own.getByRole("button", { name: "Apply" }).click();
  await expect.poll(() => titles(page)).toEqual(["Elm"]);

  // A view keeps all of it, and the columns too once they are saved.
  await page.getByRole("button", { name: "Save as new view" }).click();
  const naming = page.getByRole("dialog", { name: "Save as new view" });
  await naming.getByLabel("Name of the view").fill("Oak of the fair");
  await naming.getByRole("button", { name: "Save", exact: true }).click();
  const chip = page.getByRole("button", { name: "Oak of the fair", exact: true });
  await expect(chip).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("button", { name: "Update view" })).toBeHidden();
  await page.getByRole("button", { name: "Columns", exact: true }).click();
  const columns = page.getByRole("dialog", { name: "Columns" });
  await columns.getByRole("checkbox", { name: "Hull" }).check();
  await columns.getByRole("checkbox", { name: "Next step", exact: true }).uncheck();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("columnheader", { name: "Hull" })).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "Next step" })).toHaveCount(0);
  await page.getByRole("button", { name: "Update view" }).click();
  await expect(page.getByText("Oak of the fair saved").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Update view" })).toBeHidden();
  const [kept] = await api.list<Schema<"SavedView">>("/v1/saved-views?list=deals");
  expect(kept?.columns).toContain(`custom.${hull.key}`);
  expect(kept?.columns).not.toContain("next_step");
  await shoot(page, "deals-columns-dark-1440");
  await page.getByRole("button", { name: "All", exact: true }).click();
  await expect(page.getByRole("list", { name: "Proposal" }).getByRole("link", { name: "Fir" })).toBeVisible();
  await chip.click();
  await expect.poll(() => titles(page)).toEqual(["Elm"]);
  await page.getByRole("button", { name: "Sort by Hull" }).click();
  await expect(page).toHaveURL(/by=custom\./);
});

test("the way back from a deal leads to the same rows; a deleted one stands among the deleted and comes back", async ({
  page,
  at,
  world,
}) => {
  const { tokens, api, deals } = await wood(world, "Orbit Ways");
  const more = Array.from({ length: 40 }, (_, n) => ({ title: `Boat ${n + 1}`, amount: 1_000, source: "Fair" }));
  for (const body of more) await api.call("POST", "/v1/deals", body);
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/deals?view=table&by=title&f=source:eq:Fair");
  const list = page.locator("[data-list]");
  await expect(page.getByRole("link", { name: "Boat 30", exact: true })).toBeVisible();
  await list.evaluate((node) => node.scrollTo(0, node.scrollHeight));
  await page.getByRole("link", { name: "Elm", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Elm", level: 1 })).toBeAttached();
  await toList(page);
  await expect(page.getByRole("link", { name: "Elm", exact: true })).toBeVisible();
  await expect(page).toHaveURL(/view=table/);
  await expect(page.getByRole("link", { name: "Fir", exact: true })).toHaveCount(0);
  await expect.poll(() => list.evaluate((node) => node.scrollTop)).toBeGreaterThan(300);

  await page.getByRole("link", { name: "Elm", exact: true }).click();
  await page.getByRole("button", { name: "Actions for Elm" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByText("Elm deleted")).toBeVisible();
  await expect(page.getByRole("button", { name: "Clear: Source" })).toBeVisible();
  await page.getByRole("button", { name: "Deleted", exact: true }).click();
  await expect(page.getByRole("row").nth(1)).toContainText("Elm");
  await expect(page.getByRole("row")).toHaveCount(2);
  await fits(page);
  await shoot(page, "deals-deleted-1440");
  await page.getByRole("button", { name: "Restore Elm" }).click();
  await expect(page.getByText("Elm restored")).toBeVisible();
  await expect(page.getByText("Nothing was deleted")).toBeVisible();
  expect((await api.get<Schema<"Deal">>(`/v1/deals/${deals.elm.id}`)).status).toBe("open");

  // A board is found where it was left, too.
  await page.getByRole("button", { name: "Board", exact: true }).click();
  const board = page.getByRole("region", { name: "Deals", exact: true });
  const card = page.getByRole("list", { name: "New" }).getByRole("link").nth(12);
  await card.scrollIntoViewIfNeeded();
  await expect.poll(() => board.evaluate((node) => node.scrollTop)).toBeGreaterThan(100);
  await card.click();
  await expect(page.getByRole("heading", { name: /^Boat/, level: 1 })).toBeAttached();
  await toList(page);
  await expect.poll(() => board.evaluate((node) => node.scrollTop)).toBeGreaterThan(100);
});

test("on a phone many get a closing date, and an undo leaves alone what somebody changed since", async ({
  page,
  at,
  world,
}) => {
  const { tokens, api, deals } = await wood(world, "Orbit Dates");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 390, height: 844 });
  await enter(page, at, tokens, "/deals?view=table&by=title");
  await page.getByRole("checkbox", { name: "Select Cedar" }).check();
  await page.getByRole("checkbox", { name: "Select Elm" }).check();
  const bar = page.getByRole("region", { name: "2 selected" });
  await fits(page);
  await shoot(page, "deals-bulk-light-390");
  await bar.getByRole("button", { name: "Set closing date" }).click();
  const asking = page.getByRole("dialog", { name: "Set closing date" });
  await asking.getByLabel("Expected close").fill("2031-05-01");
  await asking.getByRole("button", { name: "Set", exact: true }).click();
  await expect(page.getByText("2 deals changed")).toBeVisible();
  const read = (id: string) => api.get<Schema<"Deal">>(`/v1/deals/${id}`);
  expect((await read(deals.cedar.id)).expected_close).toBe("2031-05-01");
  await api.call("PATCH", `/v1/deals/${deals.elm.id}`, { expected_close: "2032-01-31" });
  await page.getByRole("button", { name: "Undo" }).first().click();
  await expect(page.getByText("1 was changed since or is gone, and stays as it is.")).toBeVisible();
  expect((await read(deals.cedar.id)).expected_close).toBeUndefined();
  expect((await read(deals.elm.id)).expected_close).toBe("2032-01-31");

  // Deleted together, restored together.
  await page.getByRole("checkbox", { name: "Select all that are shown" }).check();
  await page.getByRole("region", { name: "4 selected" }).getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Delete 4" }).click();
  await expect(page.getByText("4 deals deleted")).toBeVisible();
  await page.getByRole("button", { name: "Deleted", exact: true }).click();
  await page.getByRole("checkbox", { name: "Select Larch" }).check();
  await page.getByRole("checkbox", { name: "Select Fir" }).check();
  await page.getByRole("region", { name: "2 selected" }).getByRole("button", { name: "Restore", exact: true }).click();
  await expect(page.getByText("2 deals restored")).toBeVisible();
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await expect.poll(() => titles(page)).toEqual(["Fir", "Larch"]);
});

test("what somebody is in a deal is said when he is added, and changed later", async ({ page, at, world }) => {
  const { tokens, api } = await wood(world, "Orbit Parts");
  await api.call("POST", "/v1/contacts", { first_name: "Wanda", last_name: "Leclerc" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/deals?new=true");
  const dialog = page.getByRole("dialog", { name: "New deal" });
  await dialog.getByLabel("Title").fill("Oar");
  await dialog.getByLabel("Contact").fill("wanda");
  await dialog.getByRole("button", { name: /Wanda Leclerc/ }).click();
  await dialog.getByLabel("Part of Wanda Leclerc in the deal").selectOption("Pays");
  await dialog.getByRole("button", { name: "Add" }).click();
  await page.getByRole("link", { name: "Oar", exact: true }).click();
  await expect(page.getByText("Pays", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Actions for Oar" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  const edit = page.getByRole("dialog", { name: "Edit" });
  await expect(edit.getByLabel("Part of Wanda Leclerc in the deal")).toHaveValue("billing");
  await edit.getByLabel("Part of Wanda Leclerc in the deal").selectOption("Decides");
  await shoot(page, "deal-roles-1440");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(page.locator("#content").getByText("Decides", { exact: true })).toBeVisible();
  const [deal] = await api.list<Schema<"Deal">>("/v1/deals?q=oar");
  expect(deal?.contacts.map(({ role }) => role)).toEqual(["decision_maker"]);
});
