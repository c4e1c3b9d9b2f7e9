/** Fields of one's own: defined, ordered, put away in the settings; filled in, computed and found on contacts. */
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

const LOOKS = [
  { name: "wide-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "wide-light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
] as const;

test("a field is defined, filled in on a contact, computed, filtered by and put away", async ({
  page,
  browser,
  at,
  world,
}) => {
  // Three looks at three pages besides the way itself.
  test.setTimeout(120_000);
  const person = await founder(world, "Harbour Partners");
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const greta = await api.call<Schema<"Contact">>("POST", "/v1/contacts", { first_name: "Greta", last_name: "Holm" });
  await api.call("POST", "/v1/contacts", { first_name: "Noor", last_name: "Okafor" });
  await enter(page, at, tokens, "/settings/fields");
  await expect(page.getByText("No fields yet")).toBeVisible();

  await page.getByRole("button", { name: "New field" }).click();
  const dialog = page.getByRole("dialog", { name: "New field" });
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveAccessibleDescription(/.+/);
  await dialog.getByLabel("Name", { exact: true }).fill("Seats");
  await dialog.getByLabel("Type").selectOption("Number");
  await dialog.getByLabel("Heading").fill("Contract");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Seats", { exact: true })).toBeVisible();

  await page.getByRole("button", { name: "New field" }).click();
  await dialog.getByLabel("Name", { exact: true }).fill("Price");
  await dialog.getByLabel("Type").selectOption("Formula");
  await dialog.getByRole("textbox", { name: "Formula" }).fill("custom.seats * 12");
  const trial = dialog.getByRole("region", { name: "Try the formula" });
  await trial.getByRole("button", { name: "Try" }).click();
  await expect(trial).toContainText("It gives nothing yet");
  await trial.getByLabel("custom.seats").fill("3");
  await page.keyboard.press("Enter");
  await expect(trial.getByRole("status")).toHaveText("It gives 36");
  await dialog.getByLabel("Heading").fill("Contract");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog).toBeHidden();

  await page.getByRole("button", { name: "New field" }).click();
  await dialog.getByLabel("Name", { exact: true }).fill("Plan");
  await dialog.getByLabel("Type").selectOption("Choice");
  await dialog.getByLabel("Options").fill("Free\nPaid");
  await expect(dialog.getByRole("combobox", { name: "Plan" })).toBeVisible();
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog).toBeHidden();

  // The keyboard puts the last one first.
  const rows = page.getByRole("region", { name: "Contacts" }).getByRole("listitem");
  await expect(rows).toHaveCount(3);
  await page.getByRole("button", { name: "Move Plan" }).focus();
  await page.keyboard.press("Space");
  for (const over of ["2", "1"]) {
    await page.keyboard.press("ArrowUp");
    await expect(page.getByText(`Over place ${over}`)).toBeAttached();
  }
  await page.keyboard.press("Space");
  await expect(rows.first()).toContainText("Plan");
  await page.goto(`${at}/contacts/${greta.id}`);
  const seats = page.getByRole("button", { name: /^Set Seats/ });
  await seats.click();
  await page.getByRole("textbox", { name: "Seats" }).fill("3.5");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: /decimal/ })).toBeVisible();
  await page.getByRole("textbox", { name: "Seats" }).fill("3");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Set Seats: 3" })).toBeVisible();
  await expect(page.getByText("36", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: /^Set Plan/ }).click();
  await page.getByRole("combobox", { name: "Plan" }).selectOption("Paid");
  await expect(page.getByRole("button", { name: "Set Plan: Paid" })).toBeVisible();
  for (const { name, ...use } of LOOKS) {
    const look = await (await browser.newContext({ ...use, reducedMotion: "reduce" })).newPage();
    await enter(look, at, await signedIn(person, world), "/settings/fields");
    await expect(look.getByText("Seats", { exact: true })).toBeVisible();
    await fits(look);
    await shoot(look, `fields-settings-${name}`);
    await look.getByRole("button", { name: "What can be done with Plan" }).click();
    await look.getByRole("menuitem", { name: "Change the field" }).click();
    await expect(look.getByRole("dialog", { name: "Change the field" }).getByLabel("Options")).toHaveValue(
      "Free\nPaid",
    );
    await fits(look);
    await shoot(look, `fields-edit-${name}`);
    await look.goto(`${at}/contacts/${greta.id}`);
    await expect(look.getByRole("button", { name: "Set Seats: 3" })).toBeVisible();
    await look.getByText("More details").scrollIntoViewIfNeeded();
    await fits(look);
    await shoot(look, `fields-contact-${name}`);
    await look.context().close();
  }

  await page.goto(`${at}/contacts`);
  await expect(page.getByRole("link", { name: "Noor Okafor" })).toBeVisible();
  await page.getByRole("button", { name: "Own fields" }).click();
  await page.getByRole("menuitem", { name: "Plan" }).click();
  await page.getByLabel("Value").selectOption("Paid");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("link", { name: "Noor Okafor" })).toBeHidden();
  await expect(page.getByRole("link", { name: "Greta Holm" })).toBeVisible();
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Seats" }).check();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("columnheader", { name: "Seats" })).toBeVisible();
  await shoot(page, "fields-list");

  await page.goto(`${at}/settings/fields`);
  await page.getByRole("button", { name: "What can be done with Plan" }).click();
  await page.getByRole("menuitem", { name: "Put away" }).click();
  // It stands below the others now, and cannot be moved.
  await expect(page.getByRole("button", { name: "Move Plan" })).toBeHidden();
  await page.getByRole("button", { name: "What can be done with Plan" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  const confirm = page.getByRole("dialog", { name: "Delete Plan?" });
  await expect(confirm.getByText("1 record loses its value.")).toBeVisible();
  await confirm.getByRole("button", { name: "Delete" }).click();
  await expect(confirm).toBeHidden();
  await expect
    .poll(async () => (await api.call<Schema<"Contact">>("GET", `/v1/contacts/${greta.id}`)).custom)
    .toEqual({
      seats: 3,
      price: 36,
    });
});

test("what is required is asked for where a record is made", async ({ page, browser, at, world }) => {
  const person = await founder(world, "Quarry Partners");
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  await enter(page, at, tokens, "/contacts?new=true");
  const contact = page.getByRole("dialog", { name: "New contact" });
  await expect(contact.getByRole("textbox")).toHaveCount(6);

  const text = { label: "Customer number", help: "As on the invoice", type: "text", required: true };
  for (const record of ["contact", "company", "deal"])
    await api.call("POST", "/v1/custom-fields", { record, ...text, unique: true });
  const none = await api.call<Schema<"CustomField">>("POST", "/v1/custom-fields", {
    record: "contact",
    label: "Nickname",
    type: "text",
  });
  expect(none.required).toBe(false);
  const choice = { record: "contact", label: "Plan", type: "select", options: [{ label: "Free" }, { label: "Paid" }] };
  await api.call("POST", "/v1/custom-fields", { ...choice, required: true });
  await api.call("POST", "/v1/custom-fields", {
    record: "contact",
    label: "Agreed",
    type: "checkbox",
    required: true,
  });

  await page.goto(`${at}/contacts?new=true`);
  await contact.getByLabel("First name").fill("Ada");
  const number = contact.getByRole("textbox", { name: "Customer number" });
  const plan = contact.getByRole("combobox", { name: "Plan" });
  await expect(number).toHaveAccessibleDescription("As on the invoice");
  await expect(contact.getByLabel("Nickname")).toHaveCount(0);
  const add = contact.getByRole("button", { name: "Add", exact: true });
  await add.click();
  await expect(number).toHaveAccessibleDescription("Fill this in.");
  await expect(number).toBeFocused();
  await expect(plan).toHaveAccessibleDescription("Fill this in.");
  await shoot(page, "fields-new-contact-refused");
  await number.fill("Q-1");
  await expect(number).toHaveAccessibleDescription("As on the invoice");
  await plan.selectOption("Paid");
  // A key of the form, as in its other inputs.
  await number.press("Enter");
  await expect(page.getByRole("button", { name: "Set Customer number: Q-1" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Set Plan: Paid" })).toBeVisible();
  const [made] = (await api.call<Schema<"Page_Contact">>("GET", "/v1/contacts")).items;
  expect(made?.custom).toMatchObject({ customer_number: "Q-1", agreed: false });

  // Another contact has the number.
  await page.goto(`${at}/contacts?new=true`);
  await contact.getByLabel("First name").fill("Bea");
  await number.fill("Q-1");
  await plan.selectOption("Free");
  await add.click();
  await expect(number).toHaveAccessibleDescription("Two records would have the same value.");
  await expect(number).toHaveValue("Q-1");

  for (const [path, dialog, label] of [
    ["/companies", "New company", "Name"],
    ["/deals", "New deal", "Title"],
  ] as const) {
    await page.goto(`${at}${path}?new=true`);
    const form = page.getByRole("dialog", { name: dialog });
    await form.getByLabel(label, { exact: true }).fill("Stone");
    await form.getByRole("button", { name: "Add", exact: true }).click();
    await expect(form.getByLabel("Customer number")).toHaveAccessibleDescription("Fill this in.");
    await form.getByLabel("Customer number").fill("Q-2");
    await form.getByRole("button", { name: "Add", exact: true }).click();
    await expect(form).toBeHidden();
    const { items } = await api.call<Schema<"Page_Company">>("GET", `/v1${path}`);
    expect(items.map(({ custom }) => custom)).toEqual([{ customer_number: "Q-2" }]);
  }

  await api.call("POST", "/v1/custom-fields", { record: "contact", label: "Passport", type: "file", required: true });
  for (const { name, ...use } of LOOKS) {
    const look = await (await browser.newContext({ ...use, reducedMotion: "reduce" })).newPage();
    await enter(look, at, await signedIn(person, world), "/contacts?new=true");
    const dialog = look.getByRole("dialog", { name: "New contact" });
    await expect(dialog.getByText("Passport is required and cannot be filled in here")).toBeVisible();
    await dialog.getByText("Passport").scrollIntoViewIfNeeded();
    await fits(look);
    await shoot(look, `fields-new-contact-${name}`);
    await look.context().close();
  }
});
