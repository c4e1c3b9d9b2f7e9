/**
 * What an office does with the people it knows, in one go: a list comes in, a segment finds them, a deal moves by hand and by
 * keys, an answer ends what was waiting for it, a greeting is seen a year ahead, a report leaves as a file, and the list is
 * taken back.
 */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

const LIST = [
  "First name,Last name,Email,Company,Source",
  "Wanda,Leclerc,wanda@relate.example,Fennick Architects,fair",
  "Idris,Bell,idris@relate.example,Harbor Hotel,fair",
  "Noor,Okafor,noor@relate.example,Lowland Couriers,fair",
].join("\r\n");

const lane = (page: Page, name: string) => page.getByRole("list", { name });
const cardIn = (page: Page, name: string, title: string) =>
  lane(page, name).getByRole("link", { name: title, exact: true });
const followUps = (page: Page) =>
  page.locator("section", { has: page.getByRole("heading", { name: "Follow-ups" }) }).filter({ visible: true });

test("a list comes in, is worked with, and is taken back", async ({ page, at, world }) => {
  test.setTimeout(120_000);
  const person = await founder(world, "Relate & Sons");
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });

  // A file comes in.
  await enter(page, at, tokens, "/contacts/imports");
  const list = { name: "Fair.csv", mimeType: "text/csv", buffer: Buffer.from(LIST) };
  await page.getByLabel("Choose a file").first().setInputFiles(list);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Tags").fill("fair 2026");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Import 3 rows" }).click();
  await expect(page.getByText("Done", { exact: true })).toBeVisible();
  const people = await api.list<Schema<"Contact">>("/v1/contacts?filter=tag:has:fair%202026&sort=name");
  expect(people.map(({ display_name }) => display_name)).toEqual(["Idris Bell", "Noor Okafor", "Wanda Leclerc"]);
  const wanda = people[2]?.id ?? "";

  // A segment of them.
  await page.goto(`${at}/contacts/segments/new`);
  await page.getByLabel("Name", { exact: true }).fill("Met at the fair");
  await page.getByLabel("What is compared").selectOption("Tags");
  await page.getByRole("button", { name: /^Value for Tags/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "fair 2026" }).click();
  await page.keyboard.press("Escape");
  const who = page.getByRole("complementary", { name: "Who fits now" });
  await expect(who.getByText("3 people")).toBeVisible();
  await page.getByRole("button", { name: "Create the segment" }).click();
  await expect(page.getByText("Met at the fair was saved")).toBeVisible();
  await page.getByRole("link", { name: "Show 3 people" }).click();
  await expect(page.getByRole("button", { name: "Segment Met at the fair" })).toBeVisible();
  await expect(page.getByText("Noor Okafor")).toBeVisible();

  // A deal with one of them: by mouse one stage on, by keys the next.
  const deal = await api.call<Schema<"Deal">>("POST", "/v1/deals", {
    title: "Fennick fleet",
    amount: 1_120_000,
    currency: "USD",
    contacts: [{ contact: wanda, role: "decision_maker" }],
  });
  await page.goto(`${at}/deals`);
  const card = await cardIn(page, "New", "Fennick fleet").boundingBox();
  const to = await lane(page, "Qualified").boundingBox();
  if (!card || !to) throw new Error("nothing to drag");
  await page.mouse.move(card.x + 20, card.y + 40);
  await page.mouse.down();
  await page.mouse.move(card.x + 60, card.y + 60, { steps: 4 });
  await page.mouse.move(to.x + to.width / 2, to.y + 120, { steps: 8 });
  await page.mouse.up();
  await expect(cardIn(page, "Qualified", "Fennick fleet")).toBeVisible();
  const history = async () => {
    const { items } = await api.get<{ items: { kind: string }[] }>(`/v1/deals/${deal.id}/history`);
    return items.map(({ kind }) => kind);
  };
  await expect.poll(history).toEqual(["moved", "created"]);
  await cardIn(page, "Qualified", "Fennick fleet").focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(cardIn(page, "Proposal", "Fennick fleet")).toBeVisible();
  await expect.poll(history).toEqual(["moved", "moved", "created"]);

  // She got the proposal; what waits for her answer goes when it comes.
  const proposal = { title: "Proposal", kind: "email", direction: "outbound", topic: "proposal" };
  await api.call("POST", `/v1/contacts/${wanda}/activities`, proposal);
  await page.goto(`${at}/contacts/${wanda}`);
  await expect(followUps(page).getByText("Ask Wanda Leclerc about the proposal")).toBeVisible();
  await page.getByRole("tab", { name: "Log email" }).click();
  await page.getByLabel("From whom, and about what").selectOption({ label: "From the contact" });
  await page.getByLabel("What was it about?").filter({ visible: true }).fill("Yes, please");
  await page.getByRole("button", { name: "Log", exact: true }).filter({ visible: true }).click();
  await expect(
    followUps(page)
      .getByText(/Not needed: an answer came/)
      .first(),
  ).toBeVisible();
  await fits(page);
  await shoot(page, "relate-answered-dark-1440");

  // Her birthday, and what she will be sent in the next twelve months.
  const soon = new Date(Date.now() + 40 * 86_400_000);
  const birthday = { month: soon.getUTCMonth() + 1, day: soon.getUTCDate(), year: 1984 };
  await api.call("POST", "/v1/occasions", { contact: wanda, kind: "birthday", date_kind: "yearly", ...birthday });
  await page.goto(`${at}/occasions/greetings`);
  await expect(page.getByText("No greetings yet")).toBeVisible();
  await page.keyboard.press("n");
  const writing = page.getByRole("dialog", { name: "New greeting" });
  await writing.getByLabel("Name").fill("Birthdays");
  await writing.getByLabel("Birthday", { exact: true }).check();
  await writing.getByLabel("Subject").fill("Happy birthday, {{first_name|friend}}");
  await writing.getByLabel("Text", { exact: true }).fill("Many happy returns.");
  await writing.getByRole("button", { name: "Add", exact: true }).click();
  await expect(writing).toBeHidden();
  await page.getByRole("button", { name: "Next 12 months" }).click();
  await page
    .getByRole("button", { name: /1 goes? out/ })
    .first()
    .click();
  const readers = page.getByRole("dialog", { name: "Who reads it" });
  await expect(readers.getByText("Wanda Leclerc")).toBeVisible();
  await shoot(page, "relate-year-dark-1440");
  await page.keyboard.press("Escape");

  // What the pipeline holds leaves as a file.
  await page.goto(`${at}/reports?kind=pipeline`);
  await expect(page.getByText("$11,200").first()).toBeVisible();
  await page.getByRole("button", { name: "Download" }).click();
  const file = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: /^CSV/ }).click();
  expect(await readFile(await (await file).path(), "utf8")).toMatch(/,USD,Open value,Money,11200\.00,/);

  // The list goes again; whoever was worked with stays, and it says why.
  await page.goto(`${at}/contacts/imports`);
  await page.getByRole("link", { name: /Fair\.csv/ }).click();
  await page.getByRole("button", { name: "Undo the import" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Undo the import" }).click();
  await expect(page.getByText("2 contacts were taken back, 1 stayed.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Wanda Leclerc" })).toBeVisible();
  const left = await api.list<Schema<"Contact">>("/v1/contacts?filter=tag:has:fair%202026");
  expect(left.map(({ display_name }) => display_name)).toEqual(["Wanda Leclerc"]);
});
