/** A day's work on people: writing, changing, taking back; and what happens when the session ends in the middle of it. */
import { enter, expect, fits, menuOf, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

test("somebody is added, moved, written about, deleted and brought back", async ({ page, at, world }) => {
  const person = await founder(world, "Comet Cycles");
  const tokens = await signedIn(person, world);
  await enter(page, at, tokens, "/contacts");
  await expect(page.getByText("No contacts yet")).toBeVisible();

  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog.getByText("Give at least a name")).toBeVisible();
  await dialog.getByLabel("First name").fill("<img src=x onerror=alert(1)>");
  await dialog.getByLabel("Last name").fill("الحسيني");
  await dialog.getByRole("textbox", { name: "Email", exact: true }).fill("nobody@nowhere");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  // What the schema lets through the server may refuse: under the field, with what was typed still there.
  await expect(dialog.getByRole("textbox", { name: "Email", exact: true })).toHaveAccessibleDescription(/address like/);
  await expect(dialog.getByLabel("Last name")).toHaveValue("الحسيني");
  await dialog.getByRole("textbox", { name: "Email", exact: true }).fill("maryam@oasis.example");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("heading", { level: 2, name: /onerror/ })).toBeVisible();

  await page.getByRole("button", { name: "Set stage" }).click();
  await page.getByRole("dialog", { name: "Set stage" }).getByRole("button", { name: "Won" }).click();
  await expect(page.getByText("Stage set to Won")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: "Set stage" })).toHaveText("New");

  const note = page.getByLabel(/^Note about/);
  await note.fill("Prefers the evening.");
  await note.press("Control+Enter");
  await expect(page.getByRole("blockquote").filter({ hasText: "Prefers the evening." })).toBeVisible();

  // Somebody else changes the contact: it is on the screen without a reload.
  const api = new Api(world.urls.core, (await signedIn(person, world)).access_token);
  const [contact] = await api.list<Schema<"Contact">>("/v1/contacts");
  await api.call(
    "PATCH",
    `/v1/contacts/${contact?.id}`,
    { job_title: "Captain" },
    { "if-match": `"v${contact?.version}"` },
  );
  await expect(page.getByText("Captain")).toBeVisible();
  // All of it has happened: nothing stands before now as a plan.
  const timeline = page.getByRole("region", { name: "Timeline" });
  const now = await timeline.getByText(/^Now, /).boundingBox();
  const newest = await timeline.getByText("Changed Job title").boundingBox();
  expect(newest?.y ?? 0).toBeGreaterThan(now?.y ?? Number.MAX_VALUE);
  await fits(page);
  await shoot(page, "console-contact");

  await menuOf(page).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(/\/contacts$/);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("link", { name: /onerror/ })).toBeVisible();
});

test("a session that ends elsewhere asks for the password and loses nothing", async ({ page, at, world }) => {
  const person = await founder(world, "Comet Boats");
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const { id } = await api.call<Schema<"Contact">>("POST", "/v1/contacts", { first_name: "Noor" });
  await enter(page, at, tokens, `/contacts/${id}`);
  await page.getByLabel("Note about Noor").fill("Half a thought");
  // Signed out everywhere, from another place.
  const other = new Api(world.urls.core, (await signedIn(person, world)).access_token);
  await other.call("DELETE", "/v1/sessions");
  await page.getByLabel("Note about Noor").press("Control+Enter");
  const dialog = page.getByRole("dialog", { name: "Your session ended" });
  await expect(dialog).toBeVisible();
  await shoot(page, "console-session-ended");
  await dialog.getByLabel("Password", { exact: true }).fill(person.password);
  await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(new RegExp(`/contacts/${id}$`));
  await expect(page.getByLabel("Note about Noor")).toHaveValue("Half a thought");
  await page.getByLabel("Note about Noor").press("Control+Enter");
  await expect(page.getByRole("blockquote").filter({ hasText: "Half a thought" })).toBeVisible();
});

test("the list is narrowed by place and last contact, and shows them with what was won", async ({
  page,
  at,
  world,
}) => {
  const person = await founder(world, "Harbour Places");
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const add = (display_name: string, more: object) =>
    api.call<Schema<"Contact">>("POST", "/v1/contacts", { display_name, ...more });
  const touch = { utm: { source: "mail", campaign: "Spring sale" } };
  const greta = await add("Greta Holm", { address: { city: "München", country: "DE" }, language: "de", touch });
  await add("Noor Okafor", { address: { city: "Lagos", country: "NG" }, language: "en" });
  await api.call("POST", `/v1/contacts/${greta.id}/activities`, { kind: "call", title: "About the harbour" });
  const sale = { title: "Sale", amount: 120000, currency: "EUR", contacts: [{ contact: greta.id }] };
  const deal = await api.call<Schema<"Deal">>("POST", "/v1/deals", sale);
  await api.call("POST", `/v1/deals/${deal.id}/outcome`, { status: "won" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/contacts");
  const row = (name: string) => page.getByRole("row").filter({ has: page.getByRole("link", { name }) });
  await expect(row("Noor Okafor")).toBeVisible();
  await page.getByRole("button", { name: "Columns" }).click();
  for (const name of ["Country", "City", "Language", "Campaign", "Last contacted", "Won value"])
    await page.getByRole("checkbox", { name, exact: true }).check();
  await page.keyboard.press("Escape");
  for (const text of ["Germany", "München", "German", "Spring sale", "€1,200"])
    await expect(row("Greta Holm")).toContainText(text);
  await expect(row("Noor Okafor")).toContainText("Never");
  await page.getByRole("columnheader", { name: "Last contacted" }).getByRole("button").click();
  await expect(page.getByRole("columnheader", { name: "Last contacted" })).toHaveAttribute("aria-sort", "descending");
  await expect(page.getByRole("row").nth(1)).toContainText("Greta Holm");

  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("menuitem", { name: "Country" }).click();
  await page.getByRole("textbox", { name: "Country" }).fill("nigeria");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(row("Greta Holm")).toBeHidden();
  await expect(row("Noor Okafor")).toBeVisible();
  await expect(page).toHaveURL(/country/);
  await page.getByRole("button", { name: "Clear: Country" }).click();
  await expect(row("Greta Holm")).toBeVisible();
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("menuitem", { name: "Last contacted" }).click();
  await page.getByLabel("How to filter by Last contacted").selectOption("is empty");
  await expect(row("Greta Holm")).toBeHidden();
  await expect(row("Noor Okafor")).toBeVisible();

  // What was sold to a person stands beside him.
  await page.goto(`${at}/contacts/${greta.id}`);
  const bought = page.getByRole("region", { name: "Services and projects" });
  await expect(bought.getByRole("link", { name: "Sale" })).toBeVisible();
});
