/** Segments: made of conditions that are counted while one writes, followed, shown on contacts, and put together by hand. */
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

test("amounts are typed in units of their currency, and deals are asked for their own fields", async ({
  page,
  at,
  world,
}) => {
  const person = await founder(world, "Quay Partners");
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const greta = await api.call<Schema<"Contact">>("POST", "/v1/contacts", { first_name: "Greta", last_name: "Holm" });
  await api.call("POST", "/v1/custom-fields", { record: "deal", key: "berth", label: "Berth", type: "text" });
  await api.call("POST", "/v1/deals", {
    title: "Mast",
    amount: 1_234_50,
    currency: "EUR",
    contacts: [{ contact: greta.id, role: "user" }],
    custom: { berth: "North 4" },
  });
  await enter(page, at, tokens, "/contacts/segments");
  await page.getByRole("link", { name: "New segment" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Large masts");
  await page.getByRole("button", { name: "Related record" }).first().click();
  await page.getByRole("menuitem", { name: "Deal" }).click();
  const deal = page.getByRole("group", { name: "Related: Deal" });
  const add = deal.getByRole("button", { name: "Condition", exact: true });
  await add.click();
  await deal.getByLabel("What is compared").first().selectOption("Currency");
  await deal.getByRole("textbox", { name: /^Value for Currency/ }).fill("EUR");
  await add.click();
  await deal.getByLabel("What is compared").last().selectOption("Amount");
  await deal.getByRole("textbox", { name: /^Value for Amount/ }).fill("1234.5");
  await expect(deal.getByText("EUR", { exact: true })).toBeVisible();
  await add.click();
  await deal.getByLabel("What is compared").last().selectOption("Berth");
  await deal.getByRole("textbox", { name: /^Value for Berth/ }).fill("north");
  // The first condition of the group was never filled in.
  await page
    .getByRole("button", { name: /^Remove/ })
    .first()
    .click();
  const who = page.getByRole("complementary", { name: "Who fits now" });
  await expect(who.getByText("Greta Holm")).toBeVisible();
  await page.getByRole("button", { name: "Create the segment" }).click();
  await expect(page.getByText("Large masts was saved")).toBeVisible();
  const [kept] = await api.list<Schema<"Segment">>("/v1/segments");
  const asked = kept?.definition?.rules?.[0]?.rules ?? [];
  expect(asked.map(({ op, values }) => [op, values])).toEqual([
    ["any_of", ["EUR"]],
    ["at_least", ["123450"]],
    ["contains", ["north"]],
  ]);
});

const LOOKS = [
  { name: "wide-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "wide-light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
] as const;

test("a segment is written, counted, followed by its contacts and put together by hand", async ({
  page,
  browser,
  at,
  world,
}) => {
  // Looks at three pages, wide and on a phone, besides the way itself.
  test.setTimeout(120_000);
  const person = await founder(world, "Harbour Partners");
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const made: Schema<"Contact">[] = [];
  for (const [first_name, last_name, tag] of [
    ["Greta", "Holm", "sailor"],
    ["Noor", "Okafor", "sailor"],
    ["Ines", "Prado", "baker"],
  ] as const)
    made.push(await api.call<Schema<"Contact">>("POST", "/v1/contacts", { first_name, last_name, tags: [tag] }));
  await enter(page, at, tokens, "/contacts/segments");
  await expect(page.getByText("No segments yet")).toBeVisible();

  await page.getByRole("link", { name: "New segment" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Sailors to call");
  await page.getByLabel("What is compared").selectOption("Tags");
  await page.getByRole("button", { name: /^Value for Tags/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "sailor" }).click();
  await page.keyboard.press("Escape");
  const who = page.getByRole("complementary", { name: "Who fits now" });
  await expect(who.getByText("2 people")).toBeVisible();
  await expect(who.getByText("Noor Okafor")).toBeVisible();

  // A group inside, in which a question for tasks stands.
  await page.getByRole("button", { name: "Related record" }).click();
  await page.getByRole("menuitem", { name: "Task" }).click();
  await page.getByLabel("Whether there is one: Task").selectOption("Has no task");
  await expect(who.getByText("2 people")).toBeVisible();
  await page.getByRole("button", { name: "Create the segment" }).click();
  await expect(page.getByText("Sailors to call was saved")).toBeVisible();
  await expect(page.getByRole("link", { name: "Show 2 people" })).toBeVisible();
  const segment = /seg_\w+/.exec(page.url())?.[0] ?? "";

  // Somebody else says what it is for while one types just that: nothing is overwritten, and one chooses.
  const about = page.getByLabel("What it is for");
  await about.fill("To ring in May");
  await api.call("PATCH", `/v1/segments/${segment}`, { description: "For the fair" });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Changed elsewhere, too: What it is for: For the fair")).toBeVisible();
  await expect(about).toHaveValue("To ring in May");
  await page.getByRole("button", { name: "Take theirs" }).click();
  await expect(about).toHaveValue("For the fair");

  // A task ends it for one of them.
  await api.call("POST", "/v1/tasks", { title: "Ring", contact: made[0]?.id, zone: "UTC" });
  await expect(async () => {
    const found = await api.call<Schema<"Segment">>("GET", `/v1/segments/${segment}`);
    expect(found.members).toBe(1);
  }).toPass({ timeout: 5_000 });

  // The list of contacts is narrowed to it; what is chosen there goes into a list made by hand.
  await page.goto(`${at}/contacts?f=segment:eq:${segment}`);
  await expect(page.getByRole("button", { name: "Segment Sailors to call" })).toBeVisible();
  await expect(page.getByText("Noor Okafor")).toBeVisible();
  await expect(page.getByText("Greta Holm")).toBeHidden();
  await page.getByRole("checkbox", { name: /Noor Okafor/ }).check();
  await shoot(page, "segments-contacts");
  await page.getByRole("button", { name: "Add to segment" }).click();
  await page.getByRole("textbox", { name: "Add to segment" }).fill("Guests");
  await page.keyboard.press("Enter");
  await expect(page.getByText("1 person is in Guests now")).toBeVisible();

  await page.goto(`${at}/contacts/${made[1]?.id}`);
  const inside = page.getByRole("heading", { name: "In segments" });
  await expect(inside).toBeVisible();
  await expect(
    page.getByRole("complementary", { name: "Beside the timeline" }).getByRole("link", { name: "Guests" }),
  ).toBeVisible();
  await inside.scrollIntoViewIfNeeded();
  await shoot(page, "segments-contact");

  // Conditions with "or" for the list alone; the address keeps them, and they become a view or a segment.
  await page.goto(`${at}/contacts`);
  await page.getByRole("button", { name: "Advanced filter", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Advanced filter" });
  await dialog.getByLabel("How many of these hold").selectOption("Any of these holds");
  await dialog.getByLabel("What is compared").selectOption("First name");
  await dialog.getByRole("textbox", { name: /^Value for First name/ }).fill("nes");
  await dialog.getByRole("button", { name: "Condition", exact: true }).click();
  await dialog.getByLabel("What is compared").last().selectOption("Last name");
  await dialog.getByRole("textbox", { name: /^Value for Last name/ }).fill("Okaf");
  await expect(dialog.getByText("2 people")).toBeVisible();
  await shoot(page, "segments-advanced");
  await dialog.getByRole("button", { name: "Show these contacts" }).click();
  const said = page.getByRole("button", { name: "First name contains nes or Last name contains Okaf" });
  await expect(said).toBeVisible();
  await page.reload();
  await expect(said).toBeVisible();
  await expect(page.getByText("Ines Prado")).toBeVisible();
  await expect(page.getByText("Noor Okafor")).toBeVisible();
  await expect(page.getByText("Greta Holm")).toBeHidden();
  await page.getByRole("button", { name: "Save as new view" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Either");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("tab", { name: "Either" })).toHaveAttribute("aria-selected", "true");
  await said.click();
  await dialog.getByRole("button", { name: "Save as a segment" }).click();
  await dialog.getByLabel("Name", { exact: true }).fill("Either of them");
  await dialog.getByRole("button", { name: "Create the segment" }).click();
  await expect(page.getByText("Either of them was saved")).toBeVisible();

  // What it names goes: it says so, and fits nobody.
  const tags = await api.call<{ items: Schema<"Tag">[] }>("GET", "/v1/tags?limit=50");
  const sailor = tags.items.find(({ name }) => name === "sailor");
  await api.call("DELETE", `/v1/tags/${sailor?.id}`);
  await page.goto(`${at}/contacts/segments/${segment}`);
  await expect(page.getByText("The tag is gone.")).toBeVisible();
  await expect(who.getByText("Nobody", { exact: true })).toBeVisible();

  for (const { name, ...look } of LOOKS) {
    const context = await browser.newContext({ ...look, reducedMotion: "reduce" });
    const shown = await context.newPage();
    await enter(shown, at, await signedIn(person, world), `/contacts/segments/${segment}`);
    await expect(shown.getByText("The tag is gone.")).toBeVisible();
    await fits(shown);
    await shoot(shown, `segments-editor-${name}`);
    await shown.goto(`${at}/contacts/segments`);
    await expect(shown.getByText("Guests")).toBeVisible();
    await fits(shown);
    await shoot(shown, `segments-list-${name}`);
    await context.close();
  }
});
