/** Into a client and out again: looking only, acting with both names on it, and every way in which it can end. */
import type { Page } from "@playwright/test";
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn, type Tokens } from "../support/people";
import { Api, type Schema, type World } from "../support/world";

const looks = [
  { name: "wide-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

interface Scene {
  tokens: Tokens;
  api: Api;
  client: string;
}

async function scene(world: World, agency: string, name = "Kestrel Cycles"): Promise<Scene> {
  const person = await founder(world, agency);
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const { id } = await api.call<Schema<"Client">>("POST", "/v1/clients", { name });
  return { tokens, api, client: id };
}

const banner = (page: Page) => page.getByRole("region", { name: "Inside a client" });

async function goIn(page: Page, mode: "Look only" | "Act for them" = "Look only"): Promise<void> {
  await page.getByRole("button", { name: "Enter Kestrel Cycles" }).filter({ visible: true }).click();
  const popover = page.getByRole("dialog", { name: "Enter Kestrel Cycles" });
  await popover.getByText(mode).click();
  await popover.getByLabel("Reason, kept in both audit logs").fill("Ticket 1187, form broken");
  await popover.getByRole("button", { name: "Enter", exact: true }).click();
  await expect(banner(page)).toBeVisible();
}

for (const { name, ...look } of looks)
  test.describe(name, () => {
    test.use(look);

    test("looks into a client: seen all around, nothing can be changed, and back again", async ({
      page,
      at,
      world,
    }) => {
      const { tokens, api, client } = await scene(world, `Northlight ${name}`);
      await enter(page, at, tokens, "/clients");
      await page.getByRole("button", { name: "Enter Kestrel Cycles" }).filter({ visible: true }).click();
      const popover = page.getByRole("dialog", { name: "Enter Kestrel Cycles" });
      await popover.getByLabel("Reason, kept in both audit logs").fill("because");
      await popover.getByRole("button", { name: "Enter", exact: true }).click();
      await expect(popover.getByText("at least 10 characters")).toBeVisible();
      await popover.getByLabel("Reason, kept in both audit logs").fill("Ticket 1187, form broken");
      await shoot(page, `console-enter-${name}`);
      await popover.getByRole("button", { name: "Enter", exact: true }).click();

      const strip = banner(page);
      await expect(strip).toContainText("You are inside Kestrel Cycles");
      await expect(strip).toContainText("Look only. Ticket 1187, form broken");
      await expect(strip.getByRole("timer")).toHaveText(/^(30:00|29:\d\d) left$/);
      await expect(page.getByRole("navigation", { name: "Main" }).filter({ visible: true })).toBeVisible();
      await fits(page);
      await shoot(page, `console-inside-${name}`);

      // What changes something is there, says why it does nothing, and does nothing.
      await page.getByRole("link", { name: "Contacts", exact: true }).filter({ visible: true }).click();
      await expect(page.getByText("No contacts yet")).toBeVisible();
      const add = page.getByRole("button", { name: "New contact" }).filter({ visible: true }).first();
      await expect(add).toHaveAttribute("aria-disabled", "true");
      await expect(add).toHaveAttribute("title", /only look/);
      await add.click({ force: true });
      await expect(page.getByRole("dialog")).toHaveCount(0);
      // Not even by a key: the dialog opens, and sending it is refused before anything is asked.
      await page.keyboard.press("n");
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("First name").fill("Ann");
      await dialog.getByLabel("First name").press("Enter");
      await expect(dialog.getByRole("button", { name: "Add", exact: true })).toHaveAttribute("aria-disabled", "true");
      await expect(strip).toBeVisible();
      await shoot(page, `console-inside-dialog-${name}`);
      await page.keyboard.press("Escape");
      // And the server says the same to whoever goes around the page.
      const answer = await page.evaluate(async () => {
        const { accessToken } = JSON.parse(sessionStorage.getItem("upz.visit") ?? "{}");
        const headers = { authorization: `Bearer ${accessToken}`, "content-type": "application/json" };
        const refused = await fetch("/v1/contacts", { method: "POST", headers, body: '{"first_name":"Ann"}' });
        return { status: refused.status, code: (await refused.json()).code };
      });
      expect(answer).toEqual({ status: 403, code: "impersonation_read_only" });

      // A reload is no way out.
      await page.reload();
      await expect(strip).toBeVisible();
      await strip.getByRole("button", { name: "Leave" }).click();
      await expect(page).toHaveURL(/\/clients$/);
      await expect(page.getByRole("heading", { level: 1, name: "Clients" })).toBeVisible();
      await expect(strip).toHaveCount(0);
      const [visit] = await api.list<Schema<"Impersonation">>("/v1/impersonations");
      expect(visit?.tenant).toBe(client);
      expect(visit?.ended_at).toBeTruthy();
    });
  });

test("acts for a client, and both names are in the log", async ({ page, at, world }) => {
  const { tokens, api, client } = await scene(world, "Northlight acting");
  await enter(page, at, tokens, "/clients");
  await goIn(page);
  await banner(page).getByRole("button", { name: "Act for them" }).click();
  await expect(banner(page)).toContainText("Acting for them.");
  await page.getByRole("link", { name: "Contacts", exact: true }).click();
  await page.getByRole("button", { name: "New contact" }).first().click();
  await page.getByRole("dialog").getByLabel("First name").fill("Ann");
  await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Ann" })).toBeVisible();
  await banner(page).getByRole("button", { name: "Leave" }).click();
  await expect(page).toHaveURL(/\/clients$/);
  const log = async () =>
    api.call<{ items: Schema<"AuditEntry">[] }>("GET", "/v1/audit?filter=kind:eq:contact.created", undefined, {
      "upzento-tenant": client,
    });
  await expect.poll(async () => (await log()).items[0]?.on_behalf_of).toBeTruthy();
  const entry = (await log()).items[0];
  expect(entry?.actor).not.toBe(entry?.on_behalf_of);
});

test("it ends by itself, counted down, and he is back; other tabs never left", async ({ page, at, world, context }) => {
  const { tokens } = await scene(world, "Northlight clock");
  await page.clock.install();
  await enter(page, at, tokens, "/clients");
  const other = await context.newPage();
  await other.goto(`${at}/clients`);
  await goIn(page);
  await expect(other.getByRole("heading", { level: 1, name: "Clients" })).toBeVisible();
  await expect(banner(other)).toHaveCount(0);
  await page.clock.fastForward("28:10");
  await expect(banner(page).getByRole("timer")).toHaveText(/^1:[45]\d left$/);
  await expect(banner(page).getByRole("alert")).toHaveText("120 seconds left in Kestrel Cycles");
  await page.clock.fastForward("01:30");
  await expect(banner(page).getByRole("alert")).toHaveText(/^(20|30) seconds left in Kestrel Cycles$/);
  await page.clock.fastForward("00:30");
  await expect(page).toHaveURL(/\/clients$/);
  await expect(page.getByText("Your time in Kestrel Cycles is over")).toBeVisible();
  await expect(banner(page)).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Enter Kestrel Cycles" })).toBeVisible();
});

test("ended by somebody else, he is back where he came from", async ({ page, at, world }) => {
  const { tokens, api } = await scene(world, "Northlight ended");
  await page.clock.install();
  await enter(page, at, tokens, "/clients");
  await goIn(page);
  const [visit] = await api.list<Schema<"Impersonation">>("/v1/impersonations");
  await api.call("DELETE", `/v1/impersonations/${visit?.id}`);
  // He does nothing: the page asks by itself.
  await page.clock.runFor("00:16");
  await expect(page.getByText("Your visit to Kestrel Cycles was ended")).toBeVisible();
  await expect(page).toHaveURL(/\/clients$/);
});
