/** Days that matter: written down, seen in the calendar, greeted on after somebody agreed, and seen a year ahead. */
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema, type World } from "../support/world";

const LOOKS = [
  { name: "dark-1440", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "light-1440", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "phone-dark", colorScheme: "dark", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
] as const;

const ahead = (days: number) => {
  const at = new Date(Date.now() + days * 86_400_000);
  return { month: at.getUTCMonth() + 1, day: at.getUTCDate() };
};

/** An agency whose people have days to come. */
async function festive(world: World, name: string) {
  const person = await founder(world, name);
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const contacts: Schema<"Contact">[] = [];
  for (const [first_name, last_name] of [
    ["Greta", "Holm"],
    ["Nadia", "Rahman"],
    ["مريم", "الحسيني"],
    ["Tom", "Silent"],
  ]) {
    const emails = first_name === "Tom" ? [] : [{ address: `p${contacts.length}@people.example` }];
    contacts.push(await api.call("POST", "/v1/contacts", { first_name, last_name, emails }));
  }
  const add = (n: number, days: number, more: object = {}) => {
    const body = {
      contact: contacts[n]?.id,
      kind: "birthday",
      date_kind: "yearly",
      year: 1990,
      ...ahead(days),
      ...more,
    };
    return api.call("POST", "/v1/occasions", body);
  };
  await add(0, 2);
  await add(1, 2);
  await add(2, 2, { kind: "milestone", label: "Tenth order", year: undefined });
  await add(3, 5);
  await add(1, 20, { kind: "anniversary" });
  await api.call("PATCH", "/v1/occasion-settings", { packs: ["AE", "BD", "US"] });
  await api.call("POST", "/v1/greetings", {
    name: "Birthdays",
    kinds: ["birthday"],
    subject: "Happy birthday, {{first_name|friend}}",
    body: "{{years}} years!\n\nYours, {{sender}}",
    enabled: true,
  });
  return { tokens, api, contacts };
}

test("a date is written down, changed, and taken back", async ({ page, at, world }) => {
  const { tokens, api, contacts } = await festive(world, "Feast Keepers");
  const greta = contacts[0]?.id ?? "";
  await enter(page, at, tokens, `/contacts/${greta}`);
  const card = page.locator("section", { has: page.getByRole("heading", { name: "Occasions" }) }).last();
  await expect(card.getByText(/^Birthday, \d+ years$/)).toBeVisible();
  await card.getByRole("button", { name: "Add a date" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a date" });
  await dialog.getByLabel("What", { exact: true }).selectOption("custom");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog.getByText("Fill this in.").first()).toBeVisible();
  await dialog.getByLabel("In a few words").fill("Garden fair");
  await dialog.getByLabel("Date", { exact: true }).selectOption("weekday");
  await dialog.getByLabel("Which").selectOption("3");
  await dialog.getByLabel("Month").selectOption("9");
  await dialog.getByLabel("In a few words").press("Enter");
  await expect(dialog).toBeHidden();
  await expect(card.getByText("Garden fair")).toBeVisible();
  const of = () => api.get<{ items: Schema<"Occasion">[] }>(`/v1/occasions?filter=contact:eq:${greta}`);
  const fair = (await of()).items.find(({ label }) => label === "Garden fair");
  expect([fair?.date_kind, fair?.nth, fair?.weekday, fair?.month]).toEqual(["weekday", 3, 1, 9]);
  // A leap day asks what happens in other years.
  await card.getByRole("button", { name: /^Birthday/ }).click();
  const change = page.getByRole("dialog", { name: "Change a date" });
  await change.getByLabel("Day", { exact: true }).fill("29");
  await change.getByLabel("Month").selectOption("2");
  await change.getByRole("textbox", { name: /^Year/ }).fill("1992");
  await change.getByLabel("In years without 29 February").selectOption("mar1");
  await change.getByRole("button", { name: "Save" }).click();
  await expect(change).toBeHidden();
  await card.getByRole("button", { name: /^Garden fair/ }).click();
  await page.getByRole("dialog", { name: "Change a date" }).getByRole("button", { name: "Remove" }).click();
  await expect(card.getByText("Garden fair")).toBeHidden();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(card.getByText("Garden fair")).toBeVisible();
});

test("a greeting is written, seen a year ahead, and switched on", async ({ page, at, world }) => {
  const { tokens, api } = await festive(world, "Feast Writers");
  await enter(page, at, tokens, "/occasions/greetings");
  await expect(page.getByRole("button", { name: /^Birthdays/ })).toBeVisible();
  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog", { name: "New greeting" });
  await dialog.getByLabel("Name").fill("Eid");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog.getByText("Fill this in.").first()).toBeVisible();
  await dialog.getByLabel("Eid al-Fitr").check();
  await dialog.getByLabel("Subject").fill("{{occasion}}, {{first_name|friend}}");
  await dialog.getByLabel("Text", { exact: true }).fill("Peace and joy.");
  await expect(dialog.getByRole("region", { name: "Preview" }).getByText(", Nadia")).toBeVisible();
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog).toBeHidden();
  const eid = page.getByRole("switch", { name: "Eid goes out" });
  await expect(eid).not.toBeChecked();
  // What would go out, with those left out and why.
  await page.getByRole("button", { name: "Next 12 months" }).click();
  await expect(page.getByText("4 contacts looked at").first()).toBeVisible();
  await page
    .getByRole("button", { name: /1 left out.*0 go out/ })
    .first()
    .click();
  const people = page.getByRole("dialog", { name: "Who reads it" });
  await expect(people.getByText("Tom Silent")).toBeVisible();
  await expect(people.getByText("No email address")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Greetings", exact: true }).click();
  await eid.click();
  await expect(eid).toBeChecked();
  const all = await api.get<{ items: Schema<"Greeting">[] }>("/v1/greetings");
  expect(all.items.find(({ name }) => name === "Eid")).toMatchObject({
    enabled: true,
    feasts: ["eid_al_fitr"],
    approval: "each",
  });
});

test("readers are picked, a test goes to oneself, and what was done by hand is not sent", async ({
  page,
  at,
  world,
}) => {
  const { tokens, api, contacts } = await festive(world, "Feast Pickers");
  await api.call("PATCH", `/v1/contacts/${contacts[0]?.id}`, { tags: ["choir", "harbour"] });
  await enter(page, at, tokens, "/occasions/greetings");
  await page.getByRole("button", { name: /^Birthdays/ }).click();
  const dialog = page.getByRole("dialog", { name: "Change greeting" });
  await dialog.getByRole("button", { name: "Tags: Everybody" }).click();
  await page.getByRole("button", { name: "choir" }).click();
  await page.getByRole("button", { name: "harbour" }).click();
  await page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "Stages: Everybody" }).click();
  await page.getByRole("button", { name: "New", exact: true }).click();
  await page.keyboard.press("Escape");
  await expect(dialog.getByRole("button", { name: /^Tags: choir and harbour/ })).toBeVisible();
  await dialog.getByRole("button", { name: "Send a test to me" }).click();
  await expect(page.getByText("A test is on its way to you")).toBeVisible();
  await expect
    .poll(async () => (await world.mails()).some(({ subject }) => subject === "Happy birthday, Nadia"))
    .toBe(true);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  const [greeting] = await api.list<Schema<"Greeting">>("/v1/greetings");
  expect([greeting?.tags, greeting?.stages]).toEqual([["choir", "harbour"], ["new"]]);
  // It follows a tag that is called otherwise.
  const tags = await api.list<Schema<"Tag">>("/v1/tags");
  const choir = tags.find(({ name }) => name === "choir");
  await api.call("PATCH", `/v1/tags/${choir?.id}`, { name: "Chorus" });
  await expect
    .poll(async () => (await api.list<Schema<"Greeting">>("/v1/greetings"))[0]?.tags)
    .toEqual(["Chorus", "harbour"]);

  // Greta was congratulated in person.
  await page.getByRole("button", { name: "Next 12 months" }).click();
  await page
    .getByRole("button", { name: /1 goes out/ })
    .first()
    .click();
  const people = page.getByRole("dialog", { name: "Who reads it" });
  await people.getByRole("button", { name: "Mark “Birthdays” for Greta Holm as done by hand" }).click();
  await expect(people.getByText("Done by hand", { exact: true })).toBeVisible();
  const sends = () => api.list<Schema<"GreetingSend">>("/v1/greeting-sends");
  expect((await sends()).map(({ state, done_by }) => [state, typeof done_by])).toEqual([["sent", "string"]]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Sent", exact: true }).click();
  await expect(page.getByText("Done by hand", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Greta Holm was not greeted by hand after all" }).click();
  await expect(page.getByText("Nothing yet", { exact: true })).toBeVisible();
  await expect.poll(sends).toEqual([]);
});

test("what waits is approved, and can be refused again", async ({ page, at, world }) => {
  const { tokens, api } = await festive(world, "Feast Approvers");
  const [greeting] = await api.list<Schema<"Greeting">>("/v1/greetings");
  // Days are prepared when somebody looks, every quarter of an hour: here they are told instead. What becomes of them on the day
  // is proven with a clock of its own in `tests/it/occasions/greeting_batches.rs`.
  const batch: Schema<"GreetingBatch"> = {
    id: "gba_00000000000000000000000001",
    greeting: greeting?.id ?? "",
    greeting_name: "Birthdays",
    day: new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10),
    state: "waiting",
    sent: 0,
    skipped: 0,
    created_at: new Date().toISOString(),
    updated_at: new Date().toISOString(),
    version: 1,
  };
  let { state } = batch;
  const decided: string[] = [];
  await page.route("**/v1/greeting-batches**", (route) => {
    const what = /\/(approval|rejection)$/.exec(new URL(route.request().url()).pathname)?.[1];
    if (what) {
      decided.push(`${route.request().method()} ${what}`);
      state = what === "approval" ? "approved" : "rejected";
      return route.fulfill({ json: { ...batch, state } });
    }
    const wanted = new URL(route.request().url()).searchParams.getAll("filter");
    const fits = wanted.every((one) => !one.startsWith("state:") || one === `state:eq:${state}`);
    return route.fulfill({ json: { items: fits ? [{ ...batch, state }] : [] } });
  });
  await enter(page, at, tokens, "/occasions/greetings?view=approvals");
  await page.getByRole("button", { name: /^Approve Birthdays/ }).click();
  await expect(page.getByText("Birthdays approved")).toBeVisible();
  expect(decided).toEqual(["POST approval"]);
  await page.getByRole("button", { name: "Undo" }).first().click();
  await expect.poll(() => decided).toEqual(["POST approval", "POST rejection"]);
});

test("the moon moves a feast", async ({ page, at, world }) => {
  const { tokens, api } = await festive(world, "Moon Watchers");
  await enter(page, at, tokens, "/occasions/settings");
  await page.getByLabel("Moved: Eid al-Fitr").selectOption("1");
  await expect(page.getByText("Settings saved").first()).toBeVisible();
  // Faster than it is answered: each waits for the one before.
  for (const country of ["Germany", "France"]) {
    await page.getByLabel(country).click();
    await expect(page.getByLabel(country)).toBeChecked();
  }
  await expect
    .poll(async () => (await api.get<Schema<"OccasionSettings">>("/v1/occasion-settings")).packs)
    .toEqual(expect.arrayContaining(["DE", "FR"]));
});

for (const { name, ...use } of LOOKS)
  test(`calendar and greetings, ${name}`, async ({ browser, at, world }) => {
    const { tokens, contacts } = await festive(world, "Feast Lookers");
    const page = await (await browser.newContext({ ...use, reducedMotion: "reduce" })).newPage();
    await enter(page, at, tokens, "/occasions");
    await expect(page.getByRole("table")).toBeVisible();
    await fits(page);
    await shoot(page, `occasions-month-${name}`);
    await page.goto(`${at}/occasions?view=next`);
    await expect(page.getByText("Greta Holm").first()).toBeVisible();
    await fits(page);
    await shoot(page, `occasions-next-${name}`);
    await page.goto(`${at}/occasions/greetings`);
    await expect(page.getByRole("button", { name: /^Birthdays/ })).toBeVisible();
    await fits(page);
    await shoot(page, `occasions-greetings-${name}`);
    await page.getByRole("button", { name: /^Birthdays/ }).click();
    await expect(page.getByRole("region", { name: "Preview" }).getByText("Happy birthday, Nadia")).toBeVisible();
    await shoot(page, `occasions-editor-${name}`);
    await page.goto(`${at}/occasions/greetings?view=simulation`);
    await expect(page.getByText("4 contacts looked at").first()).toBeVisible();
    await fits(page);
    await shoot(page, `occasions-simulation-${name}`);
    await page.goto(`${at}/occasions/settings`);
    await expect(page.getByLabel("Moved: Eid al-Fitr")).toBeVisible();
    await fits(page);
    await shoot(page, `occasions-settings-${name}`);
    await page.goto(`${at}/contacts/${contacts[1]?.id}`);
    await expect(page.getByText(/^Birthday, \d+ years$/)).toBeVisible();
    await shoot(page, `occasions-contact-${name}`);
    await page.context().close();
  });
