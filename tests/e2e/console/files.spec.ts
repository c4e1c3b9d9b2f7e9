/** Tables as files: each has its button, and what comes is what the table shows. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { enterAdmin } from "../support/admin";
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api } from "../support/world";

/** Presses the button of the table and reads what was downloaded. */
async function taken(page: Page, label: RegExp | string = "Export CSV"): Promise<{ name: string; text: string }> {
  const coming = page.waitForEvent("download", { timeout: 20_000 });
  await page.getByRole("button", { name: label, exact: true }).click({ timeout: 20_000 });
  const file = await coming;
  return { name: file.suggestedFilename(), text: await readFile((await file.path()) as string, "utf8") };
}

/** The same of a table that comes in several kinds. */
async function fromMenu(page: Page): Promise<string> {
  const coming = page.waitForEvent("download", { timeout: 20_000 });
  await page.getByRole("button", { name: "Export", exact: true }).first().click({ timeout: 20_000 });
  await page.getByRole("menuitem", { name: "CSV" }).click();
  return readFile((await (await coming).path()) as string, "utf8");
}

test("clients, the team, mails, requests, calls, deals and forms come as files", async ({ page, at, world }) => {
  test.setTimeout(120_000);
  const person = await founder(world, `Ledger ${Date.now().toString(36)}`);
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  await api.call("POST", "/v1/clients", { name: "=Kestrel" });
  await api.call("POST", "/v1/forms", { name: "=Ask us" });
  await api.call("POST", "/v1/deals", { title: "A new roof", amount: 120_000, currency: "EUR" });
  const made = await api.call<{ webhook: { id: string } }>("POST", "/v1/webhooks", {
    name: "ERP",
    url: "https://erp.example/hook",
    kinds: ["contact.created"],
  });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/clients");
  const clients = await taken(page);
  expect(clients.name).toMatch(/^clients-\d{4}-\d\d-\d\d\.csv$/);
  expect(clients.text).toContain(",'=Kestrel,");
  await page.goto(`${at}/settings/team`);
  expect((await taken(page)).text).toContain(person.email);
  expect((await taken(page, "Export teams")).text).toMatch(/^id,name,members,/);
  await shoot(page, "files-team-dark");
  await page.goto(`${at}/settings/mails`);
  expect((await taken(page)).text).toMatch(/^id,template,recipient,/);
  await page.goto(`${at}/settings/privacy`);
  expect((await taken(page)).text).toMatch(/^id,contact,kind,state,/);
  await shoot(page, "files-privacy-dark");
  await page.goto(`${at}/settings/webhooks/${made.webhook.id}`);
  expect((await taken(page)).text).toMatch(/^id,webhook,event,/);
  await fits(page);
  await shoot(page, "files-webhook-dark");
  await page.goto(`${at}/settings/webhooks?q=ERP`);
  expect((await taken(page)).text).toContain(",ERP,https://erp.example/hook,contact.created,true,");
  await page.goto(`${at}/settings/api-keys`);
  expect((await taken(page)).text).toMatch(/^id,name,hint,scopes,/);
  await page.goto(`${at}/settings/roles`);
  expect((await taken(page)).text).toContain(",agency_owner,");
  await page.goto(`${at}/settings/access`);
  expect((await taken(page)).text).toMatch(/^id,tenant,home,/);
  await page.goto(`${at}/settings/domains`);
  expect((await taken(page)).text).toMatch(/^id,origin,kind,/);
  await page.goto(`${at}/deals?view=table`);
  // A long list comes in both kinds, in the reader's language, and its rows are counted.
  expect(await fromMenu(page)).toContain(",A new roof,");
  await expect(page.getByText("1 row exported")).toBeVisible();
  await page.goto(`${at}/forms?q=Ask`);
  const forms = await fromMenu(page);
  expect(forms).toMatch(/^ID,Name,State,/);
  expect(forms).toContain(",'=Ask us,draft,");
  await page.goto(`${at}/contacts/imports`);
  expect(await fromMenu(page)).toMatch(/^ID,File,/);
  await page.goto(`${at}/contacts`);
  await page.getByRole("button", { name: "Tags", exact: true }).click();
  const tags = page.getByRole("dialog", { name: "Tags" });
  await expect(tags.getByRole("button", { name: "Export", exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.goto(`${at}/deals?view=table`);
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await shoot(page, "files-deals-menu-dark");
  const book = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Excel workbook" }).click();
  expect((await book).suggestedFilename()).toMatch(/^deals-\d{4}-\d\d-\d\d\.xlsx$/);
  expect((await readFile((await (await book).path()) as string)).subarray(0, 2).toString()).toBe("PK");
});

test("every table of the platform comes as a file", async ({ page, world }) => {
  test.setTimeout(120_000);
  await founder(world, `Atlas ${Date.now().toString(36)}`);
  await page.setViewportSize({ width: 1440, height: 900 });
  const heads = { audit: "id,occurred_at,kind,", jobs: "id,tenant_id,", schemas: "tenant_id,name," };
  const accounts = { agencies: "id,kind,name,", clients: "id,kind,name,", domains: "id,host,tenant_id," };
  const more = {
    ...accounts,
    impersonations: "id,tenant,tenant_name,",
    plans: "id,key,name,",
    flags: "key,description,",
  };
  await enterAdmin(page, world, "/audit");
  for (const [place, head] of Object.entries({ ...heads, ...more })) {
    if (place !== "audit") await page.goto(new URL(`/admin/${place}`, page.url()).href);
    const file = await taken(page);
    expect(file.name).toMatch(new RegExp(`^${place}-`));
    expect(file.text.startsWith(head), `${place}: ${file.text.slice(0, 80)}`).toBe(true);
  }
  await shoot(page, "files-admin-dark");
});
