/**
 * What a list from a fair becomes, in one story: it is imported, narrowed to a segment, one of its people is sold to, followed up
 * and answers, another one is greeted, the whole is reported, and the list is taken back but for those who matter by now.
 */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { enter, expect, fits, looks, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

const LIST = [
  "First name,Last name,Email,Tags",
  "Greta,Holm,greta@fair.example,Fair",
  "Noor,Okafor,noor@fair.example,Fair",
  "Ines,Prado,ines@fair.example,Fair",
].join("\n");

const shown = (page: Page, text: string | RegExp) => page.getByText(text).filter({ visible: true }).first();
const lane = (page: Page, name: string) => page.getByRole("list", { name });
const cardIn = (page: Page, stage: string, title: string) =>
  lane(page, stage).getByRole("link", { name: title, exact: true });

async function imports(page: Page, at: string): Promise<void> {
  await page.goto(`${at}/contacts/imports`);
  const file = { name: "Fair.csv", mimeType: "text/csv", buffer: Buffer.from(LIST) };
  await page.getByLabel("Choose a file").first().setInputFiles(file);
  await expect(page.getByLabel("What “Email” says")).toHaveValue("email");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByLabel("Stage")).toBeVisible();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Import 3 rows" }).click();
  await expect(page.getByText("Done", { exact: true })).toBeVisible();
}

async function narrows(page: Page, at: string): Promise<string> {
  await page.goto(`${at}/contacts/segments`);
  await page.getByRole("link", { name: "New segment" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("From the fair");
  await page.getByLabel("What is compared").selectOption("Tags");
  await page.getByRole("button", { name: /^Value for Tags/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Fair", exact: true }).click();
  await page.keyboard.press("Escape");
  await expect(shown(page, "3 people")).toBeVisible();
  await page.getByRole("button", { name: "Create the segment" }).click();
  await expect(page.getByRole("link", { name: "Show 3 people" })).toBeVisible();
  return /seg_\w+/.exec(page.url())?.[0] ?? "";
}

/** A deal with Greta: moved by a drag and by keys where there is room for a board, by its menu on a phone. */
async function sells(page: Page, at: string, phone: boolean): Promise<void> {
  await page.goto(`${at}/deals`);
  await page.getByRole("button", { name: "New deal" }).filter({ visible: true }).first().click();
  const dialog = page.getByRole("dialog", { name: "New deal" });
  await dialog.getByLabel("Title").fill("Stand lights");
  await dialog.getByLabel("Amount").fill("5400");
  await dialog.getByLabel("Contact").fill("greta");
  await dialog.getByRole("button", { name: /Greta Holm/ }).click();
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(dialog).toBeHidden();
  await expect(cardIn(page, "New", "Stand lights")).toBeVisible();
  if (phone) {
    await page.getByRole("button", { name: "Actions for Stand lights" }).click();
    await page.getByRole("menuitem", { name: "Qualified" }).click();
    await page.getByRole("tab", { name: /Qualified/ }).click();
  } else {
    const from = await cardIn(page, "New", "Stand lights").boundingBox();
    const to = await lane(page, "Qualified").boundingBox();
    if (!from || !to) throw new Error("nothing to drag");
    await page.mouse.move(from.x + 20, from.y + 40);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, from.y + 60, { steps: 4 });
    await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 8 });
    await page.mouse.up();
  }
  const card = cardIn(page, "Qualified", "Stand lights");
  await expect(card).toBeVisible();
  await expect(shown(page, "Stand lights moved to Qualified")).toBeVisible();
  if (phone) return;
  await card.focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(cardIn(page, "Proposal", "Stand lights")).toBeFocused();
}

/** A proposal went out, so somebody is to ask; she answers, and nobody has to. */
async function answers(page: Page): Promise<void> {
  const card = page
    .locator("section", { has: page.getByRole("heading", { name: "Follow-ups" }) })
    .filter({ visible: true });
  const log = async (turn: string, subject: string) => {
    await page.getByRole("tab", { name: "Log email" }).click();
    await page.getByLabel("From whom, and about what").selectOption({ label: turn });
    await page.getByLabel("What was it about?").filter({ visible: true }).fill(subject);
    await page.getByRole("button", { name: "Log", exact: true }).filter({ visible: true }).click();
  };
  await log("From us: a proposal", "Lights for the stand");
  await expect(card.getByText("Ask Greta Holm about the proposal")).toBeVisible();
  await log("From the contact", "Yes, please");
  await expect(card.getByText("Nothing is planned.")).toBeVisible();
  await expect(card.getByText(/Not needed: an answer came/).first()).toBeVisible();
}

for (const { name, ...look } of looks)
  test.describe(name, () => {
    test.use(look);

    test("from a list to a deal, and the list taken back", async ({ page, at, world }) => {
      test.setTimeout(90_000);
      const person = await founder(world, `Lights ${name}`);
      const tokens = await signedIn(person, world);
      const api = new Api(world.urls.core, tokens.access_token);
      await enter(page, at, tokens, "/");
      await imports(page, at);
      await fits(page);
      await shoot(page, `year-import-${name}`);
      const segment = await narrows(page, at);
      await fits(page);
      await shoot(page, `year-segment-${name}`);
      await sells(page, at, look.hasTouch);
      await fits(page);
      await shoot(page, `year-board-${name}`);

      const [greta] = await api.list<Schema<"Contact">>("/v1/contacts?q=greta");
      const [noor] = await api.list<Schema<"Contact">>("/v1/contacts?q=noor");
      await page.goto(`${at}/contacts/${greta?.id}`);
      await answers(page);
      await shoot(page, `year-answer-${name}`);

      // Noor has her birthday soon: who would be greeted in a year is seen before anything goes out.
      const soon = new Date(Date.now() + 3 * 86_400_000);
      const date = { date_kind: "yearly", year: 1990, month: soon.getUTCMonth() + 1, day: soon.getUTCDate() };
      await api.call("POST", "/v1/occasions", { contact: noor?.id, kind: "birthday", ...date });
      const words = { subject: "Happy birthday, {{first_name|friend}}", body: "Yours, {{sender}}" };
      await api.call("POST", "/v1/greetings", { name: "Birthdays", kinds: ["birthday"], ...words, enabled: true });
      await page.goto(`${at}/occasions/greetings?view=simulation`);
      await expect(shown(page, "1 contact looked at")).toBeVisible();
      await page
        .getByRole("button", { name: /1 goes out/ })
        .first()
        .click();
      await expect(page.getByRole("dialog", { name: "Who reads it" }).getByText("Noor Okafor")).toBeVisible();
      await fits(page);
      await shoot(page, `year-greeting-${name}`);
      await page.keyboard.press("Escape");

      // What it all adds up to leaves as a file.
      await page.goto(`${at}/reports?kind=activity&span=this_month`);
      await page.getByRole("button", { name: "Download" }).click();
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("menuitem", { name: /^CSV/ }).click(),
      ]);
      expect(await readFile(await file.path(), "utf8")).toMatch(/^Table,About,Line/);
      await fits(page);
      await shoot(page, `year-report-${name}`);

      // Whom nothing happened to goes; whom something happened to stays, and is named.
      await page.goto(`${at}/contacts/imports`);
      await page.getByRole("link", { name: /Fair\.csv/ }).click();
      await page.getByRole("button", { name: "Undo the import" }).click();
      await page
        .getByRole("dialog", { name: "Undo this import?" })
        .getByRole("button", { name: "Undo the import" })
        .click();
      await expect(page.getByText("1 contact was taken back, 2 stayed.")).toBeVisible();
      await expect(page.getByRole("link", { name: "Greta Holm" })).toBeVisible();
      await fits(page);
      await shoot(page, `year-undone-${name}`);
      await expect.poll(async () => (await api.get<Schema<"Segment">>(`/v1/segments/${segment}`)).members).toBe(2);
      expect((await api.list<Schema<"Contact">>("/v1/contacts")).map((contact) => contact.first_name).sort()).toEqual([
        "Greta",
        "Noor",
      ]);
      const [deal] = await api.list<Schema<"Deal">>("/v1/deals?q=holm");
      expect(deal?.title).toBe("Stand lights");
    });
  });
