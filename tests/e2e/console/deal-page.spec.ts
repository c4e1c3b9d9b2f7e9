/** What is around deals: the company that would buy, what is sold, and cards of deals on other pages. */
import type { Page } from "@playwright/test";
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { upwards } from "../support/sorted";
import { Api, type Schema, type World } from "../support/world";

async function buying(world: World, agency: string) {
  const person = await founder(world, agency);
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const company = await api.call<Schema<"Company">>("POST", "/v1/companies", { name: "Harbour & Co" });
  const other = await api.call<Schema<"Company">>("POST", "/v1/companies", { name: "Orchard Holding" });
  const contact = await api.call<Schema<"Contact">>("POST", "/v1/contacts", {
    first_name: "Wanda",
    last_name: "Leclerc",
  });
  const make = (title: string, amount: number, more: object = {}) =>
    api.call<Schema<"Deal">>("POST", "/v1/deals", { title, amount, currency: "EUR", ...more });
  const people = { contacts: [{ contact: contact.id, role: "decision_maker" }] };
  const deals = {
    boats: await make("Boats", 120_000, { company: company.id, ...people }),
    sails: await make("Sails", 300_050, { company: company.id, ...people }),
    cider: await make("Cider press", 90_000, { company: other.id }),
  };
  await api.call("POST", `/v1/deals/${deals.sails.id}/outcome`, { status: "won" });
  return { tokens, api, company, other, contact, deals };
}

const line = (page: Page, field: string, name: string) =>
  page.getByRole("form", { name: "What is sold" }).getByRole("textbox", { name: `${field} ${name}`, exact: true });

test("a deal has a company: given, narrowed by, changed and taken off", async ({ page, at, world }) => {
  const { tokens, api, company } = await buying(world, "Orbit Firms");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/deals");
  await expect(page.getByText("Harbour & Co, Wanda Leclerc").first()).toBeVisible();
  await page.getByRole("button", { name: "Company", exact: true }).click();
  await page.getByRole("button", { name: /Orchard Holding/ }).click();
  await expect(page).toHaveURL(/company=com_/);
  await expect(page.getByRole("link", { name: "Boats" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Cider press" })).toBeVisible();

  // A new one is for the company that is looked at.
  await page.getByRole("button", { name: "New deal" }).click();
  const dialog = page.getByRole("dialog", { name: "New deal" });
  await dialog.getByLabel("Title").fill("Bottles");
  await expect(dialog.getByRole("button", { name: "Company: Orchard Holding" })).toBeVisible();
  await dialog.getByRole("button", { name: "Take Orchard Holding off" }).click();
  await dialog.getByRole("button", { name: "Company: Find a company by name" }).click();
  await page.getByRole("textbox", { name: "Find a company by name" }).fill("orch");
  await page
    .getByRole("button", { name: /Orchard Holding/ })
    .last()
    .click();
  await shoot(page, "deal-new-company-dark-1440");
  await dialog.getByRole("button", { name: "Add" }).click();
  await page.getByRole("link", { name: "Bottles" }).click();
  await expect(page.getByRole("link", { name: "Orchard Holding" })).toBeVisible();
  await page.getByRole("button", { name: "Actions for Bottles" }).click();
  await expect(page.getByRole("menuitem", { name: "Print" })).toBeVisible();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await page.getByRole("button", { name: "Company: Orchard Holding" }).click();
  await page.getByRole("button", { name: /Harbour & Co/ }).click();
  await page.getByRole("dialog", { name: "Edit" }).getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("link", { name: "Harbour & Co" })).toBeVisible();
  await page.goto(`${at}/deals?view=table&line=all&company=${company.id}`);
  await expect(page.getByRole("row")).toHaveCount(3);
  await expect(page.getByRole("row").nth(1)).toContainText("Harbour & Co");
  await expect(page.getByRole("button", { name: /^Company Harbour/ })).toBeVisible();
  await fits(page);
  await shoot(page, "deals-table-company-dark-1440");

  // A stage that asks for a company says so.
  const [pipeline] = await api.list<Schema<"Pipeline">>("/v1/pipelines");
  const strict = pipeline?.stages.map((stage, n) => (n === 1 ? { ...stage, requires: ["company"] } : stage));
  await api.call("PATCH", `/v1/pipelines/${pipeline?.id}`, { stages: strict });
  const bare = await api.call<Schema<"Deal">>("POST", "/v1/deals", { title: "Bare" });
  await page.goto(`${at}/deals/${bare.id}`);
  await page
    .getByRole("list", { name: "Way through Sales" })
    .getByRole("button", { name: /Qualified/ })
    .click();
  const asks = page.getByRole("dialog", { name: "Bare is not complete" });
  await expect(asks).toContainText("This stage asks for: Company.");
  await expect(asks.getByRole("button", { name: "Move to Qualified" })).toBeVisible();
});

test("what is sold is listed, reckoned as the server does, sorted, and never overwritten", async ({
  page,
  at,
  world,
}) => {
  const { tokens, api, deals } = await buying(world, "Orbit Lines");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, `/deals/${deals.boats.id}`);
  await page.getByRole("button", { name: "List what is sold" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(line(page, "Name", "Line 1")).toBeFocused();
  await expect(line(page, "Unit price", "Line 1")).toHaveAccessibleDescription("Fill this in.");
  await line(page, "Name", "Line 1").fill("Dinghy");
  await line(page, "Quantity", "Dinghy").fill("2.5");
  await line(page, "Unit price", "Dinghy").fill("333.33");
  await line(page, "Discount %", "Dinghy").fill("12.5");
  await page.getByRole("button", { name: "Add line" }).click();
  await expect(line(page, "Name", "Line 2")).toBeFocused();
  await line(page, "Name", "Line 2").fill("Mast");
  await line(page, "Unit price", "Mast").fill("80");
  // 2.5 × 333.33 less an eighth is 729.159375.
  const form = page.getByRole("form", { name: "What is sold" });
  await expect(form.getByText("€729.16")).toBeVisible();
  await expect(form.getByText("€809.16")).toBeVisible();

  // By keys: the mast goes first.
  await upwards(page, "Mast", 2);
  await expect(form.getByRole("textbox", { name: /^Name/ }).first()).toHaveValue("Mast");
  await shoot(page, "deal-items-edit-dark-1440");
  await page.getByRole("button", { name: "Save" }).click();
  const table = page.getByRole("table", { name: "What is sold" });
  await expect(table.getByRole("row").nth(1)).toContainText("Mast");
  await expect(table.getByRole("row").nth(2)).toContainText("2.5");
  const read = () => api.get<Schema<"Deal">>(`/v1/deals/${deals.boats.id}`);
  await expect.poll(async () => (await read()).amount).toBe(80_916);
  expect((await read()).items.map(({ name, total }) => [name, total])).toEqual([
    ["Mast", 8_000],
    ["Dinghy", 72_916],
  ]);
  await expect(page.getByText("Now €809.16")).toBeVisible();
  await shoot(page, "deal-items-dark-1440");

  // While there are lines, nobody writes the amount.
  await page.getByRole("button", { name: "Actions for Boats" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  const edit = page.getByRole("dialog", { name: "Edit" });
  await expect(edit.getByText("€809.16, the sum of what is sold.")).toBeVisible();
  await expect(edit.getByLabel("Amount")).toHaveCount(0);
  await edit.getByLabel("Source").fill("Fair");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Fair", { exact: true })).toBeVisible();

  // Somebody else is faster: nothing of his is lost unseen, nothing typed here either.
  await page.route("**/v1/stream*", (route) => route.abort());
  await page.getByRole("button", { name: "Edit lines" }).click();
  await line(page, "Quantity", "Mast").fill("3");
  await api.call("PATCH", `/v1/deals/${deals.boats.id}`, { items: [{ name: "Oar", unit_price: 1_500 }] });
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/Somebody else changed this deal/)).toBeVisible();
  await expect(line(page, "Quantity", "Mast")).toHaveValue("3");
  await page.getByRole("button", { name: "Take theirs" }).click();
  await expect(line(page, "Name", "Oar")).toHaveValue("Oar");
  await line(page, "Quantity", "Oar").fill("2");
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(async () => (await read()).amount).toBe(3_000);

  // Without lines the amount stays.
  await page.getByRole("button", { name: "Edit lines" }).click();
  await page.getByRole("button", { name: "Remove Oar" }).click();
  await expect(page.getByText("The amount stays")).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Nothing is listed.", { exact: false })).toBeVisible();
  await expect.poll(async () => (await read()).items.length).toBe(0);
  expect((await read()).amount).toBe(3_000);
});

test("lines on a phone by day", async ({ page, at, world }) => {
  const { tokens, api, deals } = await buying(world, "Orbit Pocket Lines");
  const items = [
    {
      name: "A very long name of something that is sold by the metre and by the hour",
      unit_price: 1_999,
      quantity: 2_500,
    },
    { name: "Mast", unit_price: 8_000, discount: 1_250 },
  ];
  await api.call("PATCH", `/v1/deals/${deals.boats.id}`, { items });
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 390, height: 844 });
  await enter(page, at, tokens, `/deals/${deals.boats.id}`);
  await expect(page.getByText("2.5 × €19.99")).toBeVisible();
  await page.getByText("What is sold").first().scrollIntoViewIfNeeded();
  await fits(page);
  await shoot(page, "deal-items-light-390");
  await page.getByRole("button", { name: "Edit lines" }).click();
  await expect(line(page, "Quantity", "Mast")).toBeVisible();
  await line(page, "Quantity", "Mast").scrollIntoViewIfNeeded();
  await fits(page);
  await shoot(page, "deal-items-edit-light-390");
});

test("deals stand on the pages of their company and of their people", async ({ page, at, world }) => {
  const { tokens, api, company, contact } = await buying(world, "Orbit Cards");
  await api.call("POST", "/v1/deals", { title: "Rope", amount: 5_000, currency: "USD", company: company.id });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, `/companies/${company.id}`);
  const open = page.getByRole("list", { name: "Open deals" });
  await expect(open.getByRole("listitem")).toHaveCount(2);
  await expect(open.getByRole("listitem").filter({ hasText: "Boats" })).toContainText("€1,200");
  await expect(page.getByRole("complementary").getByText("€3,000.50")).toBeVisible();
  await fits(page);
  await shoot(page, "company-deals-dark-1440");
  await page.getByRole("button", { name: "New deal" }).click();
  const dialog = page.getByRole("dialog", { name: "New deal" });
  await expect(dialog.getByRole("button", { name: "Company: Harbour & Co" })).toBeVisible();
  await dialog.getByLabel("Title").fill("Anchors");
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(open.getByRole("link", { name: "Anchors" })).toBeVisible();
  await expect(page).toHaveURL(/\/companies\//);
  await page.getByRole("link", { name: "All deals" }).click();
  await expect(page.getByRole("row")).toHaveCount(4);

  await page.goto(`${at}/contacts/${contact.id}`);
  await expect(open.getByRole("listitem")).toHaveCount(1);
  await expect(page.getByText("€3,000.50").first()).toBeVisible();
  await shoot(page, "contact-deals-dark-1440");
  await page.getByRole("button", { name: "New deal" }).click();
  await expect(dialog.getByText("Wanda Leclerc")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "All deals" }).click();
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(page.getByRole("button", { name: "Contact Wanda Leclerc", exact: true })).toBeVisible();
});

test("what is said about a deal: a colleague named, a call of yesterday, changed, taken away and back, searched", async ({
  page,
  at,
  world,
}) => {
  const { tokens, api, deals, contact } = await buying(world, "Orbit Talks");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, `/deals/${deals.boats.id}`);
  const me = await api.get<{ items: { user: string; name: string }[] }>(`/v1/deals/${deals.boats.id}/readers`);
  const name = me.items[0]?.name ?? "";
  const note = page.getByRole("textbox", { name: "Note about Boats" });
  await note.pressSequentially(`Ask @${name.slice(0, 3)}`);
  await expect(page.getByRole("option", { name })).toBeVisible();
  await page.keyboard.press("Enter");
  await note.pressSequentially("about slate");
  await shoot(page, "deal-talk-note-dark-1440");
  await page.keyboard.press("Control+Enter");
  const quote = page.getByRole("blockquote").filter({ hasText: `Ask @${name} about slate` });
  await expect(quote).toBeVisible();
  const [kept] = await api.list<Schema<"Note">>(`/v1/deals/${deals.boats.id}/notes`);
  expect([kept?.body, kept?.mentions]).toEqual([`Ask @${me.items[0]?.user} about slate`, [me.items[0]?.user]]);

  // A call of yesterday, with how long it took and with whom.
  await page.getByRole("tab", { name: "Log call" }).click();
  const form = page.getByRole("tabpanel").filter({ visible: true });
  await form.getByLabel("What was it about?").fill("The mast");
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  await form.getByLabel(/^When/).fill(`${yesterday}T09:30`);
  await form.getByLabel("Minutes").fill("12");
  await form.getByRole("button", { name: "Log", exact: true }).click();
  const call = page.getByRole("listitem").filter({ hasText: "The mast" }).last();
  await expect(call).toContainText("12 minutes");
  await expect(call).toContainText("Wanda Leclerc");
  await call.getByRole("button", { name: "Change The mast" }).click();
  await page.getByLabel("What was it about?").last().fill("The mizzen");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const changed = page.getByRole("listitem").filter({ hasText: "The mizzen" }).last();
  await expect(changed).toContainText("12 minutes");
  await changed.getByRole("button", { name: "Remove The mizzen" }).click();
  await expect(page.getByText("Call The mizzen")).toBeHidden();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Call The mizzen")).toBeVisible();
  await fits(page);
  await shoot(page, "deal-talk-dark-1440");

  // It stands with the person too, and is found by its words.
  await page.goto(`${at}/contacts/${contact.id}`);
  await page.getByRole("searchbox", { name: "Search the timeline" }).fill("SLATE");
  await expect(page.getByText("Call The mizzen")).toBeHidden();
  await expect(page.getByRole("blockquote").filter({ hasText: "about slate" })).toBeVisible();
  await expect(page.getByText("Boats").first()).toBeVisible();
  await page.emulateMedia({ colorScheme: "light" });
  await shoot(page, "contact-talk-light-1440");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${at}/companies/${deals.boats.company}`);
  await expect(page.getByText("Call The mizzen")).toBeVisible();
  await fits(page);
  await page.getByRole("searchbox", { name: "Search the timeline" }).scrollIntoViewIfNeeded();
  await shoot(page, "company-talk-light-390");
});
