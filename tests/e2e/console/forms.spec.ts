/** The life of a form: built by drag and by keyboard, published, answered on a website, read, decided about, changed again. */
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { enter, expect, fits, menuOf, shoot, test } from "../support/console";
import { founder, signedIn, type Tokens } from "../support/people";
import { definition, person, Visitor } from "../support/visitor";
import { Api, type Schema, type World } from "../support/world";

/** Somebody who works in one client of the demo world: its website is allowed already. */
const clientOf = async (world: World): Promise<{ api: Api; tokens: Tokens }> => {
  const { email, password } = world.clients[0];
  const tokens = await signedIn({ name: "", email, password }, world);
  return { api: new Api(world.urls.core, tokens.access_token), tokens };
};

const card = (page: Page, name: string) => page.getByRole("button", { name: new RegExp(`^${name}, `) });
const cards = (page: Page) =>
  page.locator("[data-card]").evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.card));
const saved = (page: Page) => expect(page.getByRole("status").filter({ hasText: /^Saved / })).toBeVisible();

/** Drags with the mouse, a step at a time as a hand does. */
async function drag(page: Page, from: ReturnType<Page["locator"]>, to: { x: number; y: number }): Promise<void> {
  const box = await from.boundingBox();
  if (!box) throw new Error("nothing to drag");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 8, box.y + box.height / 2 + 8, { steps: 3 });
  await page.mouse.move(to.x, to.y, { steps: 8 });
}

// Requests are held back here and there, which a service worker would do past the test.
test.use({ serviceWorkers: "block" });

test.describe("wide and dark", () => {
  test.use({ viewport: { width: 1440, height: 900 }, colorScheme: "dark" });

  test("a form is built by drag and by keyboard, with a rule, and published", async ({ page, at, world }) => {
    const owner = await founder(world, "Orbit Forms");
    await enter(page, at, await signedIn(owner, world), "/forms");
    await expect(page.getByText("No forms yet")).toBeVisible();
    await shoot(page, "forms-empty");
    await page.keyboard.press("n");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Create form" }).click();
    await expect(dialog.getByLabel("Name of the form")).toHaveAccessibleDescription(/Fill this in/);
    await dialog.getByLabel("Name of the form").fill("Bike fitting");
    await dialog.getByText("An empty canvas.").click();
    await dialog.getByRole("button", { name: "Create form" }).click();
    await expect(page).toHaveURL(/\/forms\/frm_/);

    // With the keyboard: Enter on a kind of field adds it after what is selected.
    const palette = page.getByRole("complementary", { name: "Kinds of fields" });
    await palette.getByRole("button", { name: "One choice" }).focus();
    await page.keyboard.press("Enter");
    await expect(card(page, "Choose one")).toBeFocused();
    await palette.getByRole("button", { name: "Email" }).focus();
    await page.keyboard.press("Enter");
    await expect(card(page, "Email")).toBeFocused();
    expect(await cards(page)).toEqual(["choose_one", "email"]);
    await page.keyboard.press("Alt+ArrowUp");
    expect(await cards(page)).toEqual(["email", "choose_one"]);
    await page.keyboard.press("Control+z");
    expect(await cards(page)).toEqual(["choose_one", "email"]);
    await page.keyboard.press("Control+Shift+z");
    expect(await cards(page)).toEqual(["email", "choose_one"]);

    // With the mouse: from the palette to between two fields.
    const between = await card(page, "Choose one").boundingBox();
    await drag(page, palette.getByRole("button", { name: "Rating" }), {
      x: (between?.x ?? 0) + 120,
      y: (between?.y ?? 0) - 4,
    });
    await expect(page.getByText("Drop Rating here")).toBeVisible();
    await shoot(page, "forms-drag-dark");
    await page.mouse.up();
    expect(await cards(page)).toEqual(["email", "how_was_it", "choose_one"]);
    // A field that is there already, to the end.
    const last = await card(page, "Choose one").boundingBox();
    await drag(page, card(page, "How was it\\?"), { x: (last?.x ?? 0) + 100, y: (last?.y ?? 0) + (last?.height ?? 0) });
    await page.mouse.up();
    expect(await cards(page)).toEqual(["email", "choose_one", "how_was_it"]);
    // Its grip is for who has no mouse: Space, arrows, Space.
    await card(page, "How was it\\?").click();
    await page.getByRole("button", { name: "Move How was it?", exact: true }).focus();
    await page.keyboard.press("Space");
    // The arrows are listened to once it hangs and the cards are measured.
    await expect(page.getByText("How was it? picked up")).toBeAttached();
    await expect(async () => {
      await page.keyboard.press("ArrowUp");
      await expect(page.getByText("Drop How was it? here")).toBeVisible({ timeout: 1000 });
    }).toPass({ timeout: 10_000 });
    await page.keyboard.press("Space");
    expect(await cards(page)).toEqual(["email", "how_was_it", "choose_one"]);

    // The question and its options.
    await card(page, "Choose one").click();
    await page.getByLabel("Question", { exact: true }).fill("Where does it hurt?");
    await page.getByRole("textbox", { name: "Option 1" }).fill("Lower back");
    await page.getByRole("textbox", { name: "Option 2" }).fill("Knees");
    await page.getByRole("textbox", { name: "Option 2" }).press("Enter");
    await page.getByRole("textbox", { name: "Option 3" }).fill("Nowhere");
    await page.getByRole("switch", { name: "Required" }).click();
    await saved(page);

    // What is unfinished is said where it is, and keeps the form from being published.
    await page.getByLabel("Question", { exact: true }).fill("");
    await page.getByRole("button", { name: "1 thing to finish" }).click();
    await expect(page.getByText("Visitors need to read what is asked.").first()).toBeVisible();
    await page.keyboard.press("Escape");
    await page.getByLabel("Question", { exact: true }).fill("Where does it hurt?");
    await expect(page.getByRole("button", { name: "1 thing to finish" })).toBeHidden();

    // Delete, and take it back.
    await card(page, "How was it\\?").focus();
    await page.keyboard.press("Delete");
    expect(await cards(page)).toEqual(["email", "choose_one"]);
    await page.keyboard.press("Control+z");
    await expect(card(page, "How was it\\?")).toBeVisible();
    await page.keyboard.press("Control+Shift+z");

    // A second step with a field that only some see.
    await palette.getByRole("button", { name: "New step" }).click();
    await palette.getByRole("button", { name: "Long text" }).click();
    await page.getByLabel("Question", { exact: true }).fill("Since when?");
    await page.getByRole("tab", { name: "Logic" }).click();
    await page.getByRole("button", { name: "Add rule" }).click();
    const rule = page.getByRole("dialog", { name: "Add rule" });
    await rule.getByRole("combobox", { name: "Field" }).first().selectOption({ label: "Where does it hurt?" });
    await rule.getByRole("combobox", { name: "Value" }).selectOption({ label: "Lower back" });
    await rule.getByRole("combobox", { name: "Field" }).last().selectOption({ label: "Since when?" });
    await expect(rule).toContainText(/When\s*Where does it hurt\?\s*is\s*Lower back,\s*show\s*Since when\?/);
    await shoot(page, "forms-rule-dark");
    await rule.getByRole("button", { name: "Keep rule" }).click();
    await page.getByRole("tab", { name: "Field" }).click();
    await expect(page.getByRole("switch", { name: "Hidden until a rule shows it" })).toBeChecked();
    await fits(page);
    await shoot(page, "forms-builder-dark");

    // The preview is the visitor's own form, with its rules.
    await page.getByRole("button", { name: "Preview" }).click();
    const preview = page.frameLocator("iframe");
    await preview.getByLabel("Email").fill("ada@visitor.example");
    await preview.getByText("Knees").click();
    await expect(preview.getByRole("button", { name: "Send" })).toBeVisible();
    await preview.getByText("Lower back").click();
    await preview.getByRole("button", { name: "Continue" }).click();
    await expect(preview.getByLabel("Since when?")).toBeVisible();
    await shoot(page, "forms-preview-dark");
    await page.getByRole("button", { name: "Phone" }).click();
    await shoot(page, "forms-preview-phone-dark");
    await page.getByRole("button", { name: "Close" }).click();

    await page.getByRole("button", { name: "Publish" }).click();
    await expect(page.getByText("Version 1 published")).toBeVisible();
    await expect(page.getByRole("button", { name: "Live" })).toBeDisabled();

    // A field that a rule names takes the rule along, and the draft is ahead of what visitors see.
    await page
      .getByRole("button", { name: /^Step 1/ })
      .first()
      .click();
    await card(page, "Where does it hurt\\?").focus();
    await page.keyboard.press("Delete");
    await saved(page);
    // What that rule showed would never be seen: the builder says so, and one press shows it from the start.
    await expect(page.getByRole("button", { name: "1 thing to finish" })).toBeVisible();
    await page
      .getByRole("button", { name: /^Step 2/ })
      .first()
      .click();
    await card(page, "Since when\\?").click();
    await expect(page.getByText("no rule shows it").first()).toBeVisible();
    await shoot(page, "forms-unfinished-dark");
    await page.getByRole("button", { name: "Show it from the start" }).click();
    await saved(page);
    await expect(page.getByRole("button", { name: "1 thing to finish" })).toBeHidden();
    await page.getByRole("button", { name: "Publish" }).click();
    await expect(page.getByText("Version 2 published")).toBeVisible();

    // Both versions are kept; the first one comes back, rule and all.
    await menuOf(page).click();
    await page.getByRole("menuitem", { name: "Versions" }).click();
    const versions = page.getByRole("dialog", { name: "Versions" });
    await expect(versions.getByRole("listitem")).toHaveCount(2);
    await shoot(page, "forms-versions-dark");
    await versions.getByRole("button", { name: "Restore 1" }).click();
    await expect(card(page, "Where does it hurt\\?")).toBeVisible();
    await page.getByRole("link", { name: "Logic" }).click();
    await expect(page.getByText(/When\s*Where does it hurt\?\s*is\s*Lower back,\s*show\s*Since when\?/)).toBeVisible();
    await shoot(page, "forms-logic-dark");
  });

  test("its look is guarded, its settings reach the server, its figures are its rows", async ({
    page,
    at,
    world,
    browser,
  }) => {
    const { api, tokens } = await clientOf(world);
    const { id } = await api.call<Schema<"Form">>("POST", "/v1/forms", { name: "Looked at" });
    const form = () => api.get<Schema<"Form">>(`/v1/forms/${id}`);
    await enter(page, at, tokens, `/forms/${id}?tab=style`);
    await page.getByRole("textbox", { name: "Accent", exact: true }).fill("#ffd400");
    await page.getByRole("textbox", { name: "Text on the accent", exact: true }).fill("#ffffff");
    await expect(page.getByText(/^Text on the accent is hard to read/)).toBeVisible();
    await shoot(page, "forms-style-dark");
    await page.getByRole("button", { name: "Put right" }).click();
    await expect(page.getByText(/^Text on the accent is easy to read/)).toBeVisible();
    await page.getByRole("slider", { name: "Corners" }).fill("4");
    await page.getByLabel("Typeface").selectOption({ label: "Serif" });
    await expect
      .poll(async () => (await form()).theme)
      .toMatchObject({ accent: "#ffd400", on_accent: "#0b1017", radius: "4px" });
    // The brand's own again, and that is taken back.
    await page.getByRole("button", { name: "As the brand again" }).click();
    await expect.poll(async () => (await form()).theme).toEqual({});
    await page.keyboard.press("Control+z");
    await expect.poll(async () => (await form()).theme).toMatchObject({ accent: "#ffd400" });

    await page.getByRole("link", { name: "Settings", exact: true }).last().click();
    await page.getByLabel("Most answers").fill("0");
    await expect(page.getByText("A number from 1 to 1,000,000.")).toBeVisible();
    await page.getByLabel("Most answers").fill("25");
    await page.getByLabel("Tags for contacts").fill("spring, fitting");
    await page.keyboard.press("Tab");
    await expect.poll(form).toMatchObject({ submission_cap: 25, contact_tags: ["spring", "fitting"] });
    await shoot(page, "forms-settings-dark");

    // The demo's form was seen and answered: what is shown is what can be listed.
    const [client] = world.clients;
    const street = await (await browser.newContext()).newPage();
    await street.goto(world.urls.shop);
    await street.locator("#book").scrollIntoViewIfNeeded();
    await new Visitor(street, await definition(api, client.form), person()).arrived();
    await street.context().close();
    const seen = async () => (await api.get<Schema<"Analytics">>(`/v1/forms/${client.form}/analytics`)).views;
    await expect.poll(seen, { timeout: 20_000 }).toBeGreaterThan(0);
    const asked = page.waitForResponse((answer) => answer.url().includes(`/v1/forms/${client.form}/analytics?`));
    await page.goto(`${at}/forms/${client.form}/analytics`);
    const figures = (await (await asked).json()) as Schema<"Analytics">;
    const sent = await api.list<Schema<"SubmissionSummary">>(
      `/v1/submissions?limit=200&filter=form:eq:${client.form}&filter=state:eq:received`,
    );
    expect(figures.completions).toBe(sent.length);
    const strip = page.getByRole("region", { name: "Figures" });
    await expect(strip.locator("dl > div").filter({ hasText: /^Sent/ })).toContainText(`${figures.completions}`);
    await expect(strip.locator("dl > div").filter({ hasText: /^Begun/ })).toContainText(`${figures.starts}`);
    await shoot(page, "forms-figures-dark");
    // Its days come as a file: a row for each, which add up to what is shown.
    const coming = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export", exact: true }).first().click();
    await page.getByRole("menuitem", { name: "CSV" }).click();
    const [head, ...rows] = readFileSync(await (await coming).path(), "utf8")
      .trim()
      .split("\r\n");
    expect(head).toBe("Day,Shown,Begun,Sent");
    expect(rows).toHaveLength(figures.days.length);
    expect(rows.reduce((sum, row) => sum + Number(row.split(",")[3]), 0)).toBe(figures.completions);
  });

  test("two people cannot overwrite each other, and a server that is away loses nothing", async ({
    page,
    at,
    world,
  }) => {
    const owner = await founder(world, "Orbit Pairs");
    const tokens = await signedIn(owner, world);
    const api = new Api(world.urls.core, (await signedIn(owner, world)).access_token);
    const form = await api.call<Schema<"Form">>("POST", "/v1/forms", { name: "Shared" });
    await enter(page, at, tokens, `/forms/${form.id}`);
    await expect(card(page, "Name")).toBeVisible();
    // Something else changes elsewhere: it is joined, and shown.
    await api.call("PATCH", `/v1/forms/${form.id}`, { match_rule: "none" });
    await page.getByLabel("Name of the form").fill("Shared form");
    await saved(page);
    await expect
      .poll(async () => await api.get<Schema<"Form">>(`/v1/forms/${form.id}`))
      .toMatchObject({ name: "Shared form", match_rule: "none" });
    // The same thing changes elsewhere while nobody listens: the choice is the person's.
    await page.route("**/v1/forms/*", async (route) =>
      route.request().method() === "PATCH" ? route.abort() : route.continue(),
    );
    await page.getByLabel("Name of the form").fill("Mine");
    await expect(page.getByText("Not saved yet, trying again")).toBeVisible();
    await api.call("PATCH", `/v1/forms/${form.id}`, { name: "Theirs" });
    await expect(page.getByRole("alert")).toContainText("Somebody else changed the same part");
    await shoot(page, "forms-conflict-dark");
    await page.unroute("**/v1/forms/*");
    await page.getByRole("button", { name: "Keep mine" }).click();
    await saved(page);
    expect((await api.get<Schema<"Form">>(`/v1/forms/${form.id}`)).name).toBe("Mine");
  });

  test("an answer from a website arrives live, is decided about, counted and exported", async ({
    page,
    at,
    world,
    browser,
  }) => {
    const { api, tokens } = await clientOf(world);
    const [client] = world.clients;
    await enter(page, at, tokens, `/forms/${client.form}/submissions`);
    const list = page.getByRole("list", { name: "Answers" });
    const before = await list.getByRole("listitem").count();

    // A visitor who is too fast for a person is kept aside.
    const street = await (await browser.newContext()).newPage();
    const visitor = new Visitor(street, await definition(api, client.form), person());
    const { email, last } = visitor.who;
    await street.goto(world.urls.shop);
    await street.locator("#book").scrollIntoViewIfNeeded();
    await visitor.arrived();
    await visitor.fill();
    await visitor.send.click();
    await visitor.thanked();
    await street.context().close();

    // It is there without a reload.
    const row = list.getByRole("listitem").filter({ hasText: last }).first();
    await expect(row).toBeVisible({ timeout: 20_000 });
    expect(await list.getByRole("listitem").count()).toBeGreaterThan(before);
    await row.getByRole("button").click();
    const detail = page.getByRole("region", { name: "Answer", exact: true });
    await expect(detail.getByText(email)).toBeVisible();
    await expect(detail.getByText("Website, proven")).toBeVisible();
    await fits(page);
    await shoot(page, "forms-answers-dark");

    const state = async () =>
      (await api.list<Schema<"SubmissionSummary">>("/v1/submissions?sort=-created_at")).find((one) =>
        Object.values(one.answers as Record<string, unknown>).includes(email),
      );
    const first = await state();
    if (first?.state === "quarantined") {
      await expect(detail.getByText("It was kept aside.")).toBeVisible();
      await detail.getByRole("button", { name: "Release" }).click();
    }
    await expect.poll(async () => (await state())?.state).toBe("received");
    await expect(detail.getByRole("link", { name: /Open$/ })).toBeVisible();
    await detail.getByRole("button", { name: "Mark as spam" }).click();
    await expect.poll(async () => (await state())?.state).toBe("spam");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(async () => (await state())?.state).toBe("received");

    // The version it was given under.
    await detail.getByRole("button", { name: "View" }).click();
    await expect(page.frameLocator("iframe").locator("form")).toBeVisible();
    await page.getByRole("button", { name: "Close" }).last().click();

    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export CSV" }).click();
    const file = readFileSync(await (await download).path(), "utf8");
    expect(file).toContain(email);
  });
});

test.describe("phone and light", () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: "light", hasTouch: true });

  test("a form is built with a thumb", async ({ page, at, world }) => {
    const owner = await founder(world, "Orbit Thumbs");
    await enter(page, at, await signedIn(owner, world), "/forms?new=true");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name of the form").fill("On the road");
    await dialog.getByText("Request a quote").click();
    await shoot(page, "forms-new-phone-light");
    await dialog.getByRole("button", { name: "Create form" }).click();
    const sheet = page.getByRole("region", { name: "Tools" });
    await card(page, "What is it about\\?").click();
    await fits(page);
    await shoot(page, "forms-builder-phone-light");
    await sheet.getByRole("button", { name: "Move down" }).click();
    expect((await cards(page))[1]).toBe("kind");
    await sheet.getByRole("button", { name: "Add field" }).click();
    await page.getByRole("dialog", { name: "Add field" }).getByRole("button", { name: "Rating" }).click();
    expect((await cards(page))[2]).toBe("how_was_it");
    await sheet.getByRole("button", { name: "Edit field" }).click();
    const edit = page.getByRole("dialog", { name: "How was it?" });
    await edit.getByLabel("Question", { exact: true }).fill("How was the ride?");
    await shoot(page, "forms-edit-phone-light");
    await page.keyboard.press("Escape");
    await expect(card(page, "How was the ride\\?")).toBeVisible();
    await sheet.getByRole("button", { name: "Preview" }).click();
    await expect(page.frameLocator("iframe").getByText("How was the ride?")).toBeVisible();
    await shoot(page, "forms-preview-phone-light");
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Publish" }).click();
    await expect(page.getByText("Version 1 published")).toBeVisible();
    await page.getByRole("link", { name: "Answers" }).click();
    await expect(page.getByText("No answers yet")).toBeVisible();
    await page.getByRole("link", { name: "All forms" }).click();
    await expect(page.getByRole("link", { name: "On the road" })).toBeVisible();
    await fits(page);
    await shoot(page, "forms-list-phone-light");
  });
});
