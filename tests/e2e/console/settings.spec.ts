/** The settings of a place, walked against the real servers: keys, webhooks, mails, plans, and a person's own data. */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { enter, expect, fits, menuOf, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

const looks = [
  { name: "wide-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

/** A program somewhere that listens for calls; `status` is what it answers. */
class Receiver {
  status = 500;
  readonly calls: { headers: IncomingMessage["headers"]; body: { kind?: string } }[] = [];
  private server: Server | undefined;
  url = "";

  async start(): Promise<this> {
    const server = createServer((req, res) => {
      let text = "";
      req.on("data", (part: Buffer) => {
        text += part.toString();
      });
      req.on("end", () => {
        this.calls.push({ headers: req.headers, body: JSON.parse(text) as { kind?: string } });
        res
          .writeHead(this.status, { "content-type": "text/plain" })
          .end(this.status < 300 ? "thanks" : "no <b>luck</b>");
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    this.server = server;
    this.url = `http://localhost:${(server.address() as AddressInfo).port}/hook`;
    return this;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((done) => this.server?.close(done));
  }
}

/** Puts away what was said: on phones it lies over the tools of the page. */
async function calm(page: Page): Promise<void> {
  const said = page.getByRole("region", { name: "What was done" }).getByRole("dialog");
  const gone = async () => {
    // Those behind the first one hide their buttons, and while the pointer rests on one all of them stay.
    const close = said.getByRole("button", { name: "Close", exact: true }).first();
    await close.click({ timeout: 1000 }).catch(() => undefined);
    await page.mouse.move(1, 1);
    return said.count();
  };
  if ((await said.count()) > 0) await expect.poll(gone, { timeout: 30_000 }).toBe(0);
}

for (const { name, ...look } of looks)
  test.describe(name, () => {
    test.use(look);

    test("a setting is found by a field's name, changed, and nobody's change is lost", async ({ page, at, world }) => {
      const person = await founder(world, `Comet Settings ${name}`);
      const tokens = await signedIn(person, world);
      const api = new Api(world.urls.core, tokens.access_token);
      await enter(page, at, tokens, "/settings");
      await expect(page.getByRole("link", { name: /General/ })).toBeVisible();
      await fits(page);
      await shoot(page, `console-settings-${name}`);
      await page.getByRole("searchbox", { name: "Search the settings" }).fill("no such thing");
      await expect(page.getByText("No setting is called")).toBeVisible();
      await page.getByRole("searchbox", { name: "Search the settings" }).fill("time zone");
      await expect(page.getByRole("link", { name: /General/ })).toContainText("Time zone");
      await page.keyboard.press("Enter");
      await expect(page).toHaveURL(/\/settings\/general$/);

      await page.getByLabel("Name in addresses").fill("Not A Slug");
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByLabel("Name in addresses")).toHaveAccessibleDescription(/lower-case/);
      await page.getByRole("button", { name: "Cancel" }).click();

      // Somebody else was faster: what was typed stays, what was not touched is new.
      await page.getByLabel("Name", { exact: true }).fill("Typed here");
      const before = await api.get<Schema<"Tenant">>("/v1/tenants/current");
      const body = { name: "Set elsewhere", currency: "EUR" };
      await api.call("PATCH", "/v1/tenants/current", body, { "if-match": `"v${before.version}"` });
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
      await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Typed here");
      await expect(page.getByText("Name is “Set elsewhere” by now.")).toBeVisible();
      await expect(page.getByLabel("Currency")).toHaveValue("EUR");
      await fits(page);
      await shoot(page, `console-general-${name}`);
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByText("Saved", { exact: true })).toBeVisible();
      expect((await api.get<Schema<"Tenant">>("/v1/tenants/current")).name).toBe("Typed here");
    });

    test("a plan says how much of it is used, and what stops", async ({ page, at, world }) => {
      const person = await founder(world, `Comet Plans ${name}`);
      await enter(page, at, await signedIn(person, world), "/settings/plan");
      await expect(page.getByRole("heading", { name: "Plans on offer" })).toBeVisible();
      await expect(page.getByText("Premium")).toBeVisible();
      await fits(page);
      await shoot(page, `console-plan-${name}`);
    });

    test("a key works where it was made for, and not after it is revoked", async ({ page, at, world }) => {
      const person = await founder(world, `Comet Keys ${name}`);
      await enter(page, at, await signedIn(person, world), "/settings/api-keys");
      await page.getByRole("button", { name: "Make a key" }).first().click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: "Make a key" }).click();
      await expect(dialog.getByLabel("Name", { exact: true })).toHaveAccessibleDescription(/Fill this in/);
      await expect(dialog.getByText("Choose at least one thing")).toBeVisible();
      await dialog.getByLabel("Name", { exact: true }).fill("Reporting <script>");
      await dialog.getByRole("region", { name: "Contacts" }).getByRole("button", { name: "Only reading" }).click();
      await dialog.getByLabel("Only from these networks").fill("somewhere");
      await dialog.getByRole("button", { name: "Make a key" }).click();
      await expect(dialog.getByLabel("Only from these networks")).toHaveAccessibleDescription(/192\.0\.2/);
      await shoot(page, `console-key-new-${name}`);
      await dialog.getByLabel("Only from these networks").fill("");
      await dialog.getByRole("button", { name: "Make a key" }).click();
      await expect(dialog.getByText("It is shown this once")).toBeVisible();
      const secret = (await dialog.locator("code").textContent()) ?? "";
      await shoot(page, `console-key-secret-${name}`);
      await dialog.getByRole("button", { name: "I have kept it" }).click();

      const ask = (path: string, method = "GET") =>
        fetch(world.urls.core + path, {
          method,
          headers: { "x-api-key": secret, "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
          ...(method === "POST" && { body: JSON.stringify({ first_name: "Ada" }) }),
        });
      expect((await ask("/v1/contacts")).status).toBe(200);
      expect((await ask("/v1/contacts", "POST")).status).toBe(403);
      await page.reload();
      const row = page.getByRole("button", { name: /Reporting/ });
      await expect(row).toContainText("used");
      await fits(page);
      await shoot(page, `console-keys-${name}`);
      await row.click();
      await shoot(page, `console-key-${name}`);
      await dialog.getByLabel("Name", { exact: true }).fill("Reports");
      await dialog.getByRole("button", { name: "Save" }).click();
      await page.getByRole("button", { name: /Reports/ }).click();
      await dialog.getByRole("button", { name: "Revoke" }).click();
      await dialog.getByRole("button", { name: "Revoke" }).click();
      await expect(page.getByText("Revoked Reports")).toBeVisible();
      await expect(page.getByText("No API keys yet")).toBeVisible();
      await expect.poll(async () => (await ask("/v1/contacts")).status).toBe(401);
      await page.getByRole("button", { name: "Revoked", exact: true }).click();
      await expect(page.getByRole("button", { name: /Reports/ })).toContainText("Revoked");
      // What was asked for stands in the address: whoever comes back finds it again.
      await page.goto(`${at}/settings/general`);
      await page.goBack();
      await expect(page).toHaveURL(/which=revoked/);
      await expect(page.getByRole("button", { name: /Reports/ })).toContainText("Revoked");
    });

    test("a webhook fails, is understood, mended and sent again", async ({ page, at, world }) => {
      test.setTimeout(120_000);
      const receiver = await new Receiver().start();
      const person = await founder(world, `Comet Hooks ${name}`);
      const tokens = await signedIn(person, world);
      const api = new Api(world.urls.core, tokens.access_token);
      await enter(page, at, tokens, "/settings/webhooks");
      await page.getByRole("button", { name: "Add a webhook" }).first().click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Name", { exact: true }).fill("Ledger");
      await dialog.getByLabel("Address").fill("http://10.0.0.1/hook");
      await dialog.getByRole("button", { name: "Add a webhook" }).click();
      await expect(dialog.getByLabel("Address")).toHaveAccessibleDescription(/address of the internet/);
      await dialog.getByLabel("Address").fill(receiver.url);
      // Among all that happens: found by name, one by one or a whole family.
      await dialog.getByRole("searchbox", { name: "Search events" }).fill("deals won");
      const deals = dialog.getByRole("region", { name: "Deals", exact: true });
      await deals.getByRole("checkbox", { name: "Won", exact: true }).check();
      await expect(deals.getByRole("checkbox")).toHaveCount(2);
      await dialog.getByRole("searchbox", { name: "Search events" }).fill("");
      await dialog.getByRole("checkbox", { name: "All of: Companies", exact: true }).check();
      await expect(deals.getByText(/^1 of \d+$/)).toBeVisible();
      await shoot(page, `console-webhook-new-${name}`);
      await dialog.getByRole("button", { name: "Add a webhook" }).click();
      await expect(dialog.getByText("It is shown this once")).toBeVisible();
      await expect(dialog.locator("code")).toHaveText(/^whsec_/);
      await dialog.getByRole("button", { name: "I have kept it" }).click();
      await expect(page.getByText("No calls yet")).toBeVisible();
      const [hook] = await api.list<Schema<"Webhook">>("/v1/webhooks");
      expect([...(hook?.kinds ?? [])].sort()).toEqual(["company.*", "contact.*", "deal.won", "form.*"]);

      await api.call("POST", "/v1/contacts", { first_name: "Noor" });
      const failed = page.getByRole("button", { name: /contact\.created/ });
      await expect(failed).toContainText("500", { timeout: 30_000 });
      await failed.click();
      await expect(page.getByText("Something broke at the receiver.")).toBeVisible();
      await expect(page.getByRole("region", { name: "What the receiver answered" })).toHaveText("no <b>luck</b>");
      await expect(page.getByRole("region", { name: "What is sent" })).toContainText("contact.created");
      await fits(page);
      await shoot(page, `console-webhook-failed-${name}`);

      receiver.status = 200;
      await page.getByRole("button", { name: "Send a test" }).click();
      const tested = page.getByRole("button", { name: /webhook\.tested/ });
      await expect(tested).toContainText("Delivered", { timeout: 30_000 });
      await page.getByRole("checkbox", { name: /contact\.created/ }).check();
      await page.getByRole("checkbox", { name: /webhook\.tested/ }).check();
      await page.getByRole("button", { name: "Send 2 again" }).click();
      await expect(page.getByText("2 sent again")).toBeVisible();
      await expect(page.getByRole("button", { name: /contact\.created.*Delivered.*sent again/ })).toBeVisible({
        timeout: 30_000,
      });
      expect(receiver.calls.at(-1)?.headers["upzento-signature"]).toMatch(/^t=\d+,v1=/);
      await page.getByRole("button", { name: "Delivered", exact: true }).click();
      await expect(page).toHaveURL(/state=delivered/);
      await shoot(page, `console-webhook-log-${name}`);

      await calm(page);
      await menuOf(page).click();
      await page.getByRole("menuitem", { name: "New secret" }).click();
      await dialog.getByRole("button", { name: "New secret" }).click();
      await expect(dialog.locator("code")).toHaveText(/^whsec_/);
      await dialog.getByRole("button", { name: "I have kept it" }).click();
      await expect(page.getByText("The old secret signs along until")).toBeVisible();
      await calm(page);
      await page.getByRole("switch", { name: "Is called" }).click();
      await expect(page.getByText("Paused").first()).toBeVisible();
      await expect(page.getByRole("button", { name: "Send a test" })).toBeDisabled();
      await calm(page);
      await menuOf(page).click();
      await page.getByRole("menuitem", { name: "Delete" }).click();
      await dialog.getByRole("button", { name: "Delete the webhook" }).click();
      await expect(page.getByText("No webhooks yet")).toBeVisible();
      await receiver.stop();
    });

    test("a person is held, exported and erased, with proof", async ({ page, at, world }) => {
      test.setTimeout(120_000);
      const person = await founder(world, `Comet Privacy ${name}`);
      const tokens = await signedIn(person, world);
      const api = new Api(world.urls.core, tokens.access_token);
      const shared = { emails: [{ address: "noor@oasis.example" }] };
      const { id } = await api.call<Schema<"ContactMade">>("POST", "/v1/contacts", { first_name: "Noor", ...shared });
      await api.call("POST", `/v1/contacts/${id}/notes`, { body: "Prefers the evening." });
      await api.call("POST", "/v1/contacts", { first_name: "Zaid", ...shared });
      await enter(page, at, tokens, `/contacts/${id}`);
      const dialog = page.getByRole("dialog");
      const choose = async (item: string) => {
        await calm(page);
        await menuOf(page).click();
        await page.getByRole("menuitem", { name: item }).click();
      };

      await choose("Legal hold");
      await dialog.getByLabel("Why it must be kept").fill("A lawsuit <b>since May</b>");
      await dialog.getByRole("button", { name: "Set the hold" }).click();
      await expect(page.getByText("Under legal hold").first()).toBeVisible();
      await choose("Erase this person");
      await expect(dialog.getByText("A lawsuit <b>since May</b>")).toBeVisible();
      await shoot(page, `console-person-held-${name}`);
      await dialog.getByRole("button", { name: "Close" }).last().click();
      await choose("End the hold");
      await dialog.getByRole("button", { name: "End the hold" }).click();
      await expect(page.getByText("Legal hold ended").first()).toBeVisible();

      await choose("Export this person");
      await dialog.getByLabel("Why").fill("Asked by letter");
      await dialog.getByRole("button", { name: "Export" }).click();
      await expect(dialog.getByText(/can be fetched until/)).toBeVisible({ timeout: 30_000 });
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        dialog.getByRole("button", { name: "Download" }).click(),
      ]);
      const file = JSON.parse(await readFile(await download.path(), "utf8")) as { data: Record<string, unknown> };
      expect(JSON.stringify(file.data)).toContain("Prefers the evening.");
      await shoot(page, `console-person-exported-${name}`);
      await dialog.getByRole("button", { name: "Close" }).last().click();

      await choose("Erase this person");
      await expect(dialog.getByRole("button", { name: "Erase" })).toBeDisabled();
      await dialog.getByLabel("Type “Noor” to confirm").fill("noo");
      await expect(dialog.getByRole("button", { name: "Erase" })).toBeDisabled();
      await dialog.getByLabel("Type “Noor” to confirm").fill("noor");
      await shoot(page, `console-person-erase-${name}`);
      await dialog.getByRole("button", { name: "Erase" }).click();
      await expect(dialog.getByText("Nothing names the person any more.")).toBeVisible({ timeout: 30_000 });
      await expect(dialog.getByText("Another contact has one of the same addresses")).toBeVisible();
      await fits(page);
      await shoot(page, `console-person-erased-${name}`);
      await dialog.getByRole("button", { name: "Close" }).last().click();
      await expect(page).toHaveURL(/\/settings\/privacy$/);
      const erasure = page.getByRole("button", { name: /Erasure/ }).last();
      await expect(erasure).toContainText("A person who is not there any more");
      await erasure.click();
      await expect(page.getByText(/^Proof/)).toBeVisible();
      await fits(page);
      await shoot(page, `console-privacy-${name}`);
      const gone = await fetch(`${world.urls.core}/v1/contacts/${id}`, {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      });
      expect(gone.status).toBe(404);

      // Somebody else is looked for from here.
      await page.getByRole("button", { name: "New request" }).click();
      await dialog.getByRole("searchbox", { name: "Whose data" }).fill("zai");
      await dialog.getByRole("button", { name: "Export: Zaid" }).click();
      await dialog.getByRole("button", { name: "Export" }).click();
      await expect(dialog.getByText(/can be fetched until/)).toBeVisible({ timeout: 30_000 });
      await dialog.getByRole("button", { name: "Close" }).last().click();
      await expect(page.getByRole("button", { name: "Download" }).first()).toBeVisible();

      // Who is quiet for long is erased from tomorrow on, if somebody says so.
      const after = page.getByLabel("Erase after so long without anything");
      await after.selectOption({ label: "3 years" });
      await expect(page.getByText("0 contacts would be erased now.")).toBeVisible();
      await page.getByRole("button", { name: "Save" }).click();
      await shoot(page, `console-retention-${name}`);
      await dialog.getByRole("button", { name: "Erase from tomorrow on" }).click();
      await expect(dialog).toBeHidden();
      await expect(after).toHaveValue("1095");
      expect((await api.get<Schema<"Retention">>("/v1/retention")).contact_days).toBe(1_095);
    });

    test("mails tell what became of them", async ({ page, at, world }) => {
      // A receiver that is gone for good: the webhook is switched off, and its maker is told by mail.
      const receiver = await new Receiver().start();
      receiver.status = 410;
      const person = await founder(world, `Comet Mails ${name}`);
      const tokens = await signedIn(person, world);
      const api = new Api(world.urls.core, tokens.access_token);
      await enter(page, at, tokens, "/settings/mails");
      await expect(page.getByText("No mails yet")).toBeVisible();
      const hook = { name: "Gone", url: receiver.url, kinds: ["contact.*"] };
      const { webhook } = await api.call<Schema<"WebhookWithSecret">>("POST", "/v1/webhooks", hook);
      await api.call("POST", `/v1/webhooks/${webhook.id}/test`);
      await expect.poll(async () => (await api.list("/v1/mails")).length, { timeout: 30_000 }).toBe(1);
      await page.reload();
      const mail = page.getByRole("listitem").filter({ hasText: person.email });
      await expect(mail).toContainText("Sent", { timeout: 30_000 });
      await expect(mail).toContainText("Webhook switched off");
      await fits(page);
      await shoot(page, `console-mails-${name}`);
      await mail.getByRole("button").first().click();
      const one = page.getByRole("dialog", { name: "Mail", exact: true });
      await expect(one).toContainText("Tries");
      await expect(one).toContainText(/mal_\w{26}/);
      await fits(page);
      await shoot(page, `console-mail-${name}`);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Failed", exact: true }).click();
      await expect(page.getByText("Nothing fits")).toBeVisible();
      await page.getByRole("button", { name: "Clear filters" }).click();
      await expect(mail).toBeVisible();

      // The notice leads to the webhook, which says why.
      await page.goto(`${at}/webhooks/${webhook.id}`);
      await expect(page).toHaveURL(new RegExp(`/settings/webhooks/${webhook.id}`));
      await expect(page.getByText("the receiver said that the address is gone")).toBeVisible();
      await receiver.stop();
    });
  });
