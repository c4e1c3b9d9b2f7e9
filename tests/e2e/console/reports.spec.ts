/** What the records add up to: each number leads to exactly its rows, and the whole leaves as a file. */
import { readFileSync } from "node:fs";
import { extractText, getDocumentProxy } from "unpdf";
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema, type World } from "../support/world";

const LOOKS = [
  { name: "dark-1440", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "light-1440", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "phone-dark", colorScheme: "dark", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
] as const;

/** An agency that sold something today. */
async function sold(world: World, name: string) {
  const person = await founder(world, name);
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const me = await api.get<Schema<"Me">>("/v1/me");
  const pipelines = await api.get<{ items: Schema<"Pipeline">[] }>("/v1/pipelines");
  const stages = pipelines.items[0]?.stages ?? [];
  for (const [n, title] of ["Roof", "Door", "Wall", "=1+1", "Fence", "Gate", "Shed"].entries()) {
    const source = ["fair", "form", undefined][n % 3];
    const stage = stages[n % stages.length]?.id;
    const body = {
      title,
      amount: 125_050 * (n + 1),
      currency: n === 6 ? "EUR" : "USD",
      source,
      stage,
      owner: me.user?.id,
    };
    const deal = await api.call<Schema<"Deal">>("POST", "/v1/deals", body);
    const status = (["won", "won", "lost", undefined, "won", undefined, "won"] as const)[n];
    if (status) await api.call("POST", `/v1/deals/${deal.id}/outcome`, { status, reason: "Price" });
  }
  for (const [first_name, source] of [
    ["Greta", "fair"],
    ["Nadia", "form"],
    ["مريم", "fair"],
  ]) {
    const contact = await api.call<Schema<"Contact">>("POST", "/v1/contacts", { first_name, source });
    await api.call("POST", `/v1/contacts/${contact.id}/activities`, { kind: "call", title: "Talk" });
  }
  return { tokens, api };
}

test("a number leads to its rows, is compared, and leaves as a file", async ({ page, at, world }) => {
  const { tokens } = await sold(world, "Counting Houses");
  await enter(page, at, tokens, "/reports?kind=win_rate");
  const figures = page.getByRole("region", { name: "Figures" });
  await expect(figures.getByRole("link", { name: "80%" })).toBeVisible();
  // Of the five that were closed four were won: the list shows these.
  await figures.getByRole("link", { name: "4", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Deals won" })).toBeAttached();
  await expect(page.getByRole("main").getByRole("listitem")).toHaveCount(4);
  await expect(page.getByRole("link", { name: /^Wall/ })).toHaveCount(0);
  await page.goBack();
  // By keyboard, and the address says what is looked at.
  await page.getByRole("button", { name: "Revenue" }).press("Enter");
  await expect(page).toHaveURL(/kind=revenue/);
  await expect(figures.getByRole("link", { name: "$10,004" }).first()).toBeVisible();
  await expect(figures.getByRole("link", { name: "€8,753.50" }).first()).toBeVisible();
  await page.getByText("Show the numbers").first().press("Enter");
  await expect(page.getByRole("table", { name: "Won by month" })).toBeVisible();
  await page.getByRole("button", { name: "Download" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: /^CSV/ }).click(),
  ]);
  const lines = readFileSync(await download.path(), "utf8").split("\r\n");
  expect(lines[0]).toBe("Table,About,Line,From,Until,Currency,What is measured,Unit,Value,Before");
  expect(lines.filter((line) => line.includes(",USD,Won,Money,10004.00,0.00"))).not.toHaveLength(0);
});

for (const look of LOOKS) {
  test(`reports look right: ${look.name}`, async ({ browser, at, world }) => {
    const { tokens } = await sold(world, `Looks ${look.name}`);
    const { name, ...settings } = look;
    const context = await browser.newContext({ ...settings, locale: "en-US" });
    const page = await context.newPage();
    await enter(page, at, tokens, "/reports?span=this_month");
    await expect(page.getByRole("heading", { name: "Over time" })).toBeVisible();
    await fits(page);
    await shoot(page, `reports-overview-${name}`);
    await page.getByRole("button", { name: "Win rate" }).click();
    await expect(page.getByRole("heading", { name: "By stage reached" })).toBeVisible();
    await fits(page);
    await shoot(page, `reports-win-rate-${name}`);
    await context.close();
  });
}

/** What a reader of PDF finds on its pages. */
const words = async (file: Buffer | ArrayBuffer) =>
  (await extractText(await getDocumentProxy(new Uint8Array(file)), { mergePages: true })).text;

test("a report comes by itself, as pages that say the same in each language", async ({ page, at, world }) => {
  test.setTimeout(90_000);
  const { tokens, api } = await sold(world, "Printed Houses");
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/reports?kind=win_rate");
  await page.getByRole("button", { name: "Schedules" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("Nothing comes by itself yet")).toBeVisible();
  await dialog.getByLabel("Name").fill("Monday numbers");
  await dialog.getByRole("button", { name: "Schedule this report" }).click();
  await expect(dialog.getByText("Win rate · Every week")).toBeVisible();
  await dialog.getByRole("button", { name: "Send Monday numbers now" }).click();
  await dialog.getByText("Came 1 time").click();
  await expect(dialog.getByText("Sent", { exact: true })).toBeVisible({ timeout: 30_000 });
  for (const { name, colorScheme, viewport } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    await fits(page);
    await shoot(page, `reports-schedules-${name}`);
  }
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: /^File of/ }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^win_rate-.*\.pdf$/);
  const english = await words(readFileSync(await download.path()));
  expect(english).toContain("Win rate");
  expect(english).toContain("80%");
  // The mail has the figures, and a link that leads to the file.
  const mail = () => world.mails().then((mails) => mails.find(({ subject }) => subject === "Monday numbers"));
  await expect.poll(mail, { timeout: 30_000 }).toBeDefined();
  const text = (await mail())?.text ?? "";
  expect(text).toContain("Win rate: 80%");
  const link = /\/reports\?run=rpr_\w+/.exec(text)?.[0] ?? "";
  await page.goto(at + link);
  const [again] = await Promise.all([
    page.waitForEvent("download"),
    page
      .getByRole("main")
      .getByText("The file of a scheduled report is ready")
      .locator("..")
      .getByRole("button")
      .click(),
  ]);
  expect(again.suggestedFilename()).toBe(download.suggestedFilename());
  // It comes no more, and again as it was: paused.
  const kept = () => api.list<Schema<"ReportSchedule">>("/v1/report-schedules");
  await page.getByRole("button", { name: "Schedules" }).click();
  await dialog.getByRole("button", { name: "Pause Monday numbers" }).click();
  await expect(dialog.getByText("Win rate · Every week · Paused")).toBeVisible();
  const [was] = await kept();
  await dialog.getByRole("button", { name: "Remove Monday numbers" }).click();
  await dialog.getByRole("button", { name: "Remove Monday numbers" }).last().click();
  await expect(dialog.getByText("Nothing comes by itself yet")).toBeVisible();
  expect(await kept()).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await kept())[0]?.state).toBe("paused");
  const [now] = await kept();
  expect(now?.id).not.toBe(was?.id);
  const {
    id: _id,
    created_at: _made,
    updated_at: _changed,
    version: _version,
    ...rest
  } = was as Schema<"ReportSchedule">;
  expect(now).toMatchObject(rest);
  await api.call("PATCH", "/v1/me", { locale: "ar" });
  const path = "/v1/reports/export?kind=win_rate&format=pdf";
  const arabic = async () => {
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    const text = await words(await (await fetch(world.urls.core + path, { headers })).arrayBuffer());
    // The reader gives the words of a line as they stand on the page, from left to right.
    return text.split("\n").map((line) => line.split(" ").reverse().join(" "));
  };
  await expect.poll(arabic, { timeout: 90_000, intervals: [5_000] }).toContain("نسبة الفوز");
});
