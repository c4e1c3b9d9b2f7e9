/** One person: notes, consent, parts of the history, two people who edit at once, paper; wide by night and a phone by day. */
import { enter, expect, fits, shoot, test } from "../support/console";
import { filled } from "../support/filled";
import { signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

test("notes are changed, pinned, deleted and kept; consent and its ledger; the history in parts", async ({
  page,
  at,
  world,
}) => {
  const { client, ids } = await filled(world, "Person Partners");
  const tokens = await signedIn(client, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const path = `/v1/contacts/${ids.contact}`;
  await api.call("POST", `${path}/consents`, {
    purpose: "newsletter",
    channel: "email",
    state: "granted",
    text: "Send me news",
    evidence: { note: "by phone" },
  });
  await api.call("POST", `${path}/activities`, { kind: "call", title: "About the red one", outcome: "Buys" });
  await api.call("PATCH", path, { tags: ["newsletter", "Kites"], zone: "Asia/Tokyo", job_title: "Pilot" });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, `/contacts/${ids.contact}`);
  await expect(page.getByRole("heading", { level: 2, name: "Ada Brandt" })).toBeVisible();
  await expect(page.getByRole("list", { name: "Pinned" })).toContainText("Call back on Monday.");
  await expect(page.getByText(/^Tags: .*\+Kites/)).toBeVisible();
  await fits(page);
  await shoot(page, "person-dark-1440");

  // A note, changed where it stands.
  const note = page.getByRole("listitem").filter({ hasText: "Prefers the evening." }).last();
  await note.hover();
  await note.getByRole("button", { name: "Edit the note" }).click();
  await page.getByRole("textbox", { name: "Edit the note" }).fill("Prefers the morning.");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("blockquote").filter({ hasText: "Prefers the morning." })).toBeVisible();
  const changed = page.getByRole("listitem").filter({ hasText: "Prefers the morning." }).last();
  await changed.hover();
  await changed.getByRole("button", { name: "Pin the note" }).click();
  await expect(page.getByRole("list", { name: "Pinned" })).toContainText("Prefers the morning.");
  await changed.hover();
  await changed.getByRole("button", { name: "Delete the note" }).click();
  await expect(page.getByRole("blockquote").filter({ hasText: "Prefers the morning." })).toBeHidden();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("blockquote").filter({ hasText: "Prefers the morning." })).toBeVisible();

  await page.getByRole("button", { name: "Calls and meetings" }).click();
  await expect(page.getByText("Call About the red one")).toBeVisible();
  await expect(page.getByRole("blockquote")).toHaveCount(0);
  await page.getByRole("button", { name: "Everything" }).click();

  await page.getByRole("button", { name: "History" }).click();
  const ledger = page.getByRole("dialog", { name: "Consent history" });
  await expect(ledger).toContainText("“Send me news”");
  await expect(ledger).toContainText("by phone");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Do not contact" }).click();
  await page.getByLabel("Reason for the next switch").fill("Asked on the phone");
  await page.getByRole("switch", { name: "Do not contact by email" }).click();
  await expect(page.getByText("No email").first()).toBeVisible();
  await expect(page.getByText("Asked on the phone")).toBeVisible();
  await page.getByRole("button", { name: "From them" }).click();
  await expect(page.getByRole("switch", { name: "Take nothing in by email" })).not.toBeChecked();
  await page.getByRole("switch", { name: "Take nothing in by SMS" }).click();
  await expect(page.getByText("Nothing in by SMS").first()).toBeVisible();
  await shoot(page, "person-blocks-1440");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("link", { name: "Email", exact: true })).toBeHidden();
  const blocked = await api.get<Schema<"DoNotContacts">>(`${path}/do-not-contact`);
  expect(blocked.items.map(({ channel, direction, reason }) => [channel, direction, reason ?? null]).sort()).toEqual([
    ["email", "outbound", "Asked on the phone"],
    ["sms", "inbound", null],
  ]);

  // What was said by word is written down, and so is that it was taken back.
  await page.getByRole("button", { name: "Record consent" }).click();
  const record = page.getByRole("dialog", { name: "Record consent" });
  await record.getByLabel("What for").fill("Summer Sale");
  await record.getByRole("button", { name: "Record", exact: true }).click();
  await expect(record.getByLabel("How they said it")).toHaveAttribute("aria-invalid", "true");
  await record.getByLabel("How they said it").fill("At the fair");
  await shoot(page, "person-consent-1440");
  await record.getByRole("button", { name: "Record", exact: true }).click();
  await expect(page.getByText("summer sale allowed").first()).toBeVisible();
  await page.getByRole("button", { name: "Withdraw newsletter, email" }).click();
  const withdrawal = page.getByRole("dialog", { name: "Record a withdrawal" });
  await withdrawal.getByLabel("How they said it").fill("By letter");
  await withdrawal.getByRole("button", { name: "Record", exact: true }).click();
  await expect(page.getByText("newsletter, email withdrawn").first()).toBeVisible();
  const lines = await api.get<Schema<"Page_Consent">>(`${path}/consents`);
  expect(lines.items.map((line) => [line.purpose, line.channel ?? null, line.state, line.evidence?.note])).toEqual([
    ["newsletter", "email", "withdrawn", "By letter"],
    ["summer_sale", null, "granted", "At the fair"],
    ["newsletter", "email", "granted", "by phone"],
  ]);
});

test("two people change one contact: both versions are shown, and what was typed is kept", async ({
  page,
  at,
  world,
}) => {
  const { client } = await filled(world, "Merge Partners");
  const tokens = await signedIn(client, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const body = { first_name: "Ada", last_name: "Brandt", company_name: "Old & Co" };
  const made = await api.call<Schema<"Contact">>("POST", "/v1/contacts", body);
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, `/contacts/${made.id}`);
  await expect(page.getByRole("heading", { level: 2, name: "Ada Brandt" })).toBeVisible();
  await page.keyboard.press("e");
  const dialog = page.getByRole("dialog", { name: "Edit contact" });
  await dialog.getByLabel("First name").fill("Mine");
  await dialog.getByRole("button", { name: "Add an email address" }).click();
  await dialog.getByRole("textbox", { name: "Email", exact: true }).fill("mine@kites.example");
  await dialog.getByLabel("City").fill("Leeds");
  // Meanwhile, elsewhere: the same field, and another one.
  await api.call("PATCH", `/v1/contacts/${made.id}`, {
    first_name: "Theirs",
    company_name: "New & Co",
    address: { city: "York", country: "GB" },
  });
  await expect(page.getByRole("heading", { level: 2, name: "Theirs Brandt", includeHidden: true })).toBeAttached();
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect(dialog.getByRole("alert")).toContainText("Somebody else changed this contact");
  await expect(dialog.getByRole("group", { name: "First name" })).toContainText("Theirs");
  await expect(dialog.getByRole("group", { name: "Address" })).toContainText("York");
  await shoot(page, "person-merge-1440");
  // Back: nothing is lost.
  await dialog.getByRole("button", { name: "Back" }).click();
  await expect(dialog.getByLabel("First name")).toHaveValue("Mine");
  const mail = (name: string) => dialog.getByRole("textbox", { name, exact: true });
  await expect(mail("Email")).toHaveValue("mine@kites.example");
  await expect(dialog.getByLabel("Company")).toHaveValue("New & Co");
  // A second address becomes the main one; a refused one says so where it was typed, past a line that is empty.
  await dialog.getByRole("button", { name: "Add an email address" }).click();
  await dialog.getByRole("button", { name: "Add an email address" }).click();
  await mail("Email 3").fill("nowhere");
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect(mail("Email 2")).toHaveAttribute("aria-invalid", "true");
  await mail("Email 2").fill("home@kites.example");
  await dialog.getByLabel("What it is for: Email 2").selectOption("Home");
  await dialog.getByRole("button", { name: "Make the main one: Email 2" }).click();
  await expect(mail("Email")).toHaveValue("home@kites.example");
  await dialog.getByRole("button", { name: "Time zone: –" }).click();
  await page.getByRole("textbox", { name: "Time zone" }).fill("new york");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("button", { name: "Time zone: America/New York" })).toBeVisible();
  await dialog.getByRole("button", { name: "Add a tag" }).click();
  await page.getByRole("textbox", { name: "Add a tag" }).fill("Pilots");
  await page.keyboard.press("Enter");
  await shoot(page, "person-edit-1440");
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect(dialog).toBeHidden();
  const merged = await api.get<Schema<"Contact">>(`/v1/contacts/${made.id}`);
  expect(merged).toMatchObject({
    first_name: "Mine",
    company_name: "New & Co",
    address: { city: "Leeds" },
    zone: "America/New_York",
    tags: ["Pilots"],
    emails: [
      { address: "home@kites.example", kind: "home", primary: true },
      { address: "mine@kites.example", kind: "work", primary: false },
    ],
  });
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("home@kites.example")).toBeHidden();
  expect(await api.get<Schema<"Contact">>(`/v1/contacts/${made.id}`)).toMatchObject({
    first_name: "Theirs",
    address: { city: "York" },
    emails: [],
  });
});

test("a phone by day, right to left, and paper", async ({ browser, at, world }) => {
  const { client, ids } = await filled(world, "Paper Partners");
  const tokens = await signedIn(client, world);
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    colorScheme: "light",
  });
  const page = await context.newPage();
  await enter(page, at, tokens, `/contacts/${ids.contact}`);
  await expect(page.getByRole("heading", { level: 2, name: "Ada Brandt" })).toBeVisible();
  await fits(page);
  await shoot(page, "person-light-390");
  await page.keyboard.press("e");
  await expect(page.getByRole("dialog", { name: "Edit contact" }).getByLabel("First name")).toBeVisible();
  await fits(page);
  await shoot(page, "person-edit-390");
  await page.keyboard.press("Escape");
  // His own language is kept by the server: what the browser alone knew would be overruled by it.
  const own = new Api(world.urls.core, tokens.access_token);
  await own.call("PATCH", "/v1/me", { locale: "ar" });
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(page.getByRole("heading", { level: 2, name: "Ada Brandt" })).toBeVisible();
  await fits(page);
  await shoot(page, "person-rtl-390");
  await own.call("PATCH", "/v1/me", { locale: "en" });
  await context.close();

  const paper = await browser.newContext({ viewport: { width: 794, height: 1123 }, colorScheme: "dark" });
  const sheet = await paper.newPage();
  await enter(sheet, at, await signedIn(client, world), `/contacts/${ids.contact}`);
  await expect(sheet.getByRole("heading", { level: 2, name: "Ada Brandt" })).toBeVisible();
  await sheet.emulateMedia({ media: "print" });
  await sheet.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await expect(sheet.locator("html")).toHaveAttribute("data-theme", "light");
  await expect(sheet.getByRole("navigation", { name: "Main" })).toBeHidden();
  await expect(sheet.getByLabel(/^Note about/)).toBeHidden();
  await shoot(sheet, "person-print");
  await paper.close();
});
