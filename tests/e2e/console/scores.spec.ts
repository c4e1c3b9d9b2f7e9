/** Scores: the ring on a contact says why, rules are changed, tried, saved, taken back, and lists know the number. */
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

const LOOKS = [
  { name: "wide-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "wide-light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
] as const;

test("a score says why, and its rules are changed, tried, saved and taken back", async ({
  page,
  browser,
  at,
  world,
}) => {
  const person = await founder(world, "Score Partners");
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const add = (body: object) => api.call<Schema<"Contact">>("POST", "/v1/contacts", body);
  const greta = await add({
    first_name: "Greta",
    last_name: "Holm",
    company_name: "Holm Sails",
    emails: [{ address: "greta@holm.example" }],
  });
  await add({ first_name: "Noor", last_name: "Okafor" });
  const log = (kind: string, direction: string) =>
    api.call("POST", `/v1/contacts/${greta.id}/activities`, { kind, direction, title: "About sails" });
  await log("call", "outbound");
  await log("email", "inbound");
  const scored = async (score: number) =>
    expect(async () => {
      const now = await api.call<Schema<"Contact">>("GET", `/v1/contacts/${greta.id}`);
      expect(now.score).toBe(score);
    }).toPass({ timeout: 5_000 });
  await scored(30);

  await enter(page, at, tokens, `/contacts/${greta.id}`);
  await page.getByRole("button", { name: "Score 30 of 100, Warm: why?" }).click();
  const why = page.getByRole("dialog", { name: "Score" });
  await expect(why.getByRole("row", { name: /Call or meeting.*\+10/ })).toBeVisible();
  await expect(why.getByRole("row", { name: /Has an e-mail address.*\+5/ })).toBeVisible();
  await shoot(page, "scores-contact");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Set tier/ }).click();
  await page.getByRole("button", { name: "Gold" }).click();
  await expect(page.getByText("Tier changed")).toBeVisible();

  // A rule is added from the list, tried, saved, and taken back.
  await page.goto(`${at}/settings/scoring`);
  await expect(page.getByText("each answer to a form, at most 2, half after 30 days")).toBeVisible();
  await page.getByRole("button", { name: "Add a rule" }).click();
  await page.getByRole("menuitem", { name: "Something that is known" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Worth gold");
  await dialog.getByLabel("Points").fill("50");
  await dialog.getByLabel("What is compared").selectOption("Tier");
  await dialog.getByRole("button", { name: /^Value for Tier/ }).click();
  await page.getByRole("button", { name: "Gold" }).click();
  await page.keyboard.press("Escape");
  await shoot(page, "scores-rule");
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText("Tier is one of Gold")).toBeVisible();
  const tried = page.getByRole("table");
  await expect(tried.getByRole("row", { name: "Hot 0 1" })).toBeVisible();
  await page.getByRole("button", { name: "Save and count anew" }).click();
  await expect(page.getByText("Rules saved. Scores are being counted.")).toBeVisible();
  await scored(80);
  await page.goto(`${at}/contacts?f=score:gte:70&sort=-score`);
  await expect(page.getByRole("button", { name: "Score at least 70" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Greta Holm", exact: true })).toBeVisible();
  await expect(page.getByText("Noor Okafor")).toBeHidden();

  await page.goto(`${at}/settings/scoring`);
  await page.getByRole("switch", { name: "Count: Worth gold" }).click();
  await page.getByRole("button", { name: "Save and count anew" }).click();
  await scored(30);
  await page.getByRole("button", { name: "Undo" }).first().click();
  await scored(80);

  for (const { name, ...look } of LOOKS) {
    const context = await browser.newContext({ ...look, reducedMotion: "reduce" });
    const shown = await context.newPage();
    await enter(shown, at, await signedIn(person, world), "/settings/scoring");
    await expect(shown.getByText("Worth gold", { exact: true })).toBeVisible();
    await fits(shown);
    await shoot(shown, `scores-settings-${name}`);
    await shown.goto(`${at}/contacts/${greta.id}`);
    await shown.getByRole("button", { name: "Score 80 of 100, Hot: why?" }).click();
    await expect(shown.getByRole("row", { name: /Worth gold/ })).toBeVisible();
    await fits(shown);
    await shoot(shown, `scores-contact-${name}`);
    await context.close();
  }
});
