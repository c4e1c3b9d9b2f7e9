/**
 * The life of an agency in one story: it opens, gains a client, asks its people in, builds a form, puts it into a website,
 * reads what a visitor answers, looks in on the client, hands a person's data out, and is stopped by the platform.
 */
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "@playwright/test";
import { enterAdmin } from "../support/admin";
import { expect, fits, looks, menuOf, shoot, test as base } from "../support/console";
import { mailedLink, type Person, signedIn, someone } from "../support/people";
import { Sites, snippet } from "../support/sites";
import { admitted } from "../support/test";
import { type Definition, definition, Visitor } from "../support/visitor";
import { Api, type Schema, type World } from "../support/world";

const test = base.extend<object, { sites: Sites }>({
  sites: [
    async ({ world }, use) => {
      const sites = await new Sites().start();
      sites.edge = world.urls.edge;
      await use(sites);
      await sites.stop();
    },
    { scope: "worker" },
  ],
});

const card = (page: Page, name: string) => page.getByRole("button", { name: new RegExp(`^${name}, `) });
const banner = (page: Page) => page.getByRole("region", { name: "Inside a client" });

async function signIn(page: Page, { email, password }: Person): Promise<void> {
  await page.getByLabel("Work email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
}

/** An agency from nothing: signed up, its address proven by mail, signed in. */
async function opens(world: World, at: string, page: Page, agency: string): Promise<Person> {
  const owner = someone("Ada Brandt");
  await page.goto(`${at}/sign-up`);
  await page.getByLabel("Agency name").fill(agency);
  await page.getByLabel("Your name").fill(owner.name);
  await page.getByLabel("Work email").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Create agency" }).click();
  await expect(page.getByRole("heading", { name: "Look into your mail" })).toBeVisible();
  const link = new URL(await mailedLink(world, owner.email));
  await page.goto(at + link.pathname + link.hash);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Open the agency" }).click();
  await expect(page.getByText("Sign in to begin.")).toBeVisible();
  await signIn(page, owner);
  await expect(page.getByText(/^Good .*, Ada$/)).toBeVisible();
  return owner;
}

/** Into the client from its page, with a reason. */
async function goIn(page: Page, client: string, mode: "Look only" | "Act for them"): Promise<void> {
  await page
    .getByRole("button", { name: `Enter ${client}` })
    .filter({ visible: true })
    .first()
    .click();
  const popover = page.getByRole("dialog", { name: `Enter ${client}` });
  await popover.getByText(mode).click();
  await popover.getByLabel("Reason, kept in both audit logs").fill("First set-up, asked by phone");
  await popover.getByRole("button", { name: "Enter", exact: true }).click();
  await expect(banner(page)).toContainText(mode === "Look only" ? "Look only." : "Acting for them.");
}

/** Somebody follows the mail that asked him in, chooses a password and signs in. */
async function joins(world: World, at: string, page: Page, guest: Person): Promise<void> {
  const link = new URL(await mailedLink(world, guest.email));
  await page.goto(at + link.pathname + link.hash);
  await page.getByLabel("Your name").fill(guest.name);
  await page.getByLabel("Password", { exact: true }).fill(guest.password);
  await page.getByRole("button", { name: /Join|Accept/ }).click();
  await signIn(page, guest);
  await expect(page.getByText(new RegExp(`^Good .*, ${guest.name.split(" ")[0]}$`))).toBeVisible();
}

/** A question more, by keyboard and by drag where there is a mouse, by thumb where there is none. */
async function builds(page: Page, phone: boolean): Promise<void> {
  if (phone) {
    const sheet = page.getByRole("region", { name: "Tools" });
    await sheet.getByRole("button", { name: "Add field" }).click();
    await page.getByRole("dialog", { name: "Add field" }).getByRole("button", { name: "Rating" }).click();
  } else {
    const palette = page.getByRole("complementary", { name: "Kinds of fields" });
    await palette.getByRole("button", { name: "Number" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+z");
    const target = await card(page, "Name").boundingBox();
    const grip = await palette.getByRole("button", { name: "Rating" }).boundingBox();
    if (!target || !grip) throw new Error("nothing to drag");
    await page.mouse.move(grip.x + 20, grip.y + 10);
    await page.mouse.down();
    await page.mouse.move(grip.x + 30, grip.y + 20, { steps: 3 });
    await page.mouse.move(target.x + 120, target.y - 4, { steps: 8 });
    await expect(page.getByText("Drop Rating here")).toBeVisible();
    await page.mouse.up();
  }
  await expect(card(page, "How was it\\?")).toBeVisible();
}

/** A visitor with the patience of a person answers on the client's website. */
async function answers(browser: Browser, address: string, form: Definition, email: string): Promise<void> {
  const context = await browser.newContext();
  const street = await context.newPage();
  const visitor = new Visitor(street, form, { first: "Nova", last: "Lindqvist", email, phone: "+44 20 7946 0123" });
  await street.goto(address);
  await visitor.arrived();
  await visitor.answer();
  await visitor.read();
  await visitor.send.click();
  await visitor.thanked();
  await context.close();
}

for (const { name, ...look } of looks)
  test.describe(name, () => {
    test.use(look);

    test("from the first day to the last", async ({ page, at, world, sites, browser }) => {
      test.setTimeout(120_000);
      const phone = look.hasTouch;
      const client = `Harbour ${name}`;

      const owner = await opens(world, at, page, `Polaris ${name}`);
      await page.getByRole("link", { name: "Clients", exact: true }).filter({ visible: true }).first().click();
      await page.getByRole("button", { name: "Add client" }).first().click();
      await page.getByRole("dialog").getByLabel("Client name").fill(client);
      await page.getByRole("dialog").getByRole("button", { name: "Add client" }).click();
      await expect(page.getByText(`${client} is ready`)).toBeVisible();
      await shoot(page, `life-client-${name}`);
      const agency = new Api(world.urls.core, (await signedIn(owner, world)).access_token);
      const [made] = await agency.list<Schema<"Client">>("/v1/clients");
      await page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).last().click();

      // Its first person is asked in, on the client's behalf.
      await goIn(page, client, "Act for them");
      const guest = someone("Priya Raman");
      await page.goto(`${at}/settings/team`);
      await page.getByRole("button", { name: "Invite" }).first().click();
      await page.getByRole("dialog").getByLabel("Email").fill(guest.email);
      await page.getByRole("dialog").getByText("Admin", { exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Invite" }).click();
      await expect(page.getByText(guest.email).filter({ visible: true }).first()).toBeVisible();
      await banner(page).getByRole("button", { name: "Leave" }).click();
      await expect(banner(page)).toHaveCount(0);

      const theirs = await (await browser.newContext({ ...look, serviceWorkers: "block" })).newPage();
      await joins(world, at, theirs, guest);

      // A form of their own, built and published.
      await theirs.goto(`${at}/forms?new=true`);
      const dialog = theirs.getByRole("dialog");
      await dialog.getByLabel("Name of the form").fill("Ask us");
      await dialog.getByText("Name, address and a message.").click();
      await dialog.getByRole("button", { name: "Create form" }).click();
      await expect(theirs).toHaveURL(/\/forms\/frm_/);
      const form = /frm_\w+/.exec(theirs.url())?.[0] ?? "";
      await expect(card(theirs, "Name")).toBeVisible();
      await builds(theirs, phone);
      await fits(theirs);
      await shoot(theirs, `life-builder-${name}`);
      await theirs.getByRole("button", { name: "Publish" }).click();
      await expect(theirs.getByText("Version 1 published")).toBeVisible();

      // Into their website: first allowed, then answered.
      const origin = sites.at(`life-${name}.localhost`);
      const priya = new Api(world.urls.core, (await signedIn(guest, world)).access_token);
      const widget = (await priya.list<Schema<"Widget">>("/v1/widgets")).find((one) => one.resource_id === form);
      await theirs.goto(`${at}/settings/domains`);
      await theirs.getByRole("button", { name: "Allow a website" }).first().click();
      await theirs.getByRole("dialog").getByLabel("Address").fill(origin);
      await theirs.getByRole("dialog").getByRole("button", { name: "Allow" }).click();
      await expect(theirs.getByText(origin).filter({ visible: true }).first()).toBeVisible();
      await admitted(world.urls.edge, widget?.id ?? "", origin);
      await theirs.goto(`${at}/forms/${form}/submissions`);
      await expect(theirs.getByText("No answers yet")).toBeVisible();
      const address = sites.put(origin, snippet(widget?.id ?? ""));
      await answers(browser, address, await definition(priya, form), `nova.${name}@visitor.example`);
      await expect(theirs.getByText("Nova Lindqvist").filter({ visible: true }).first()).toBeVisible({
        timeout: 20_000,
      });
      await fits(theirs);
      await shoot(theirs, `life-answer-${name}`);

      // The agency looks in, and changes nothing.
      await page.goto(`${at}/clients`);
      await goIn(page, client, "Look only");
      await page.goto(`${at}/contacts`);
      await expect(banner(page)).toContainText(`You are inside ${client}`);
      await expect(page.getByText("Nova Lindqvist").filter({ visible: true }).first()).toBeVisible();
      await fits(page);
      await shoot(page, `life-inside-${name}`);
      await banner(page).getByRole("button", { name: "Leave" }).click();
      await expect(banner(page)).toHaveCount(0);

      // A visitor asks what is kept about him.
      const [nova] = await priya.list<Schema<"Contact">>("/v1/contacts?q=nova");
      await theirs.goto(`${at}/contacts/${nova?.id}`);
      await menuOf(theirs).click();
      await theirs.getByRole("menuitem", { name: "Export this person" }).click();
      await dialog.getByLabel("Why").fill("Asked by mail");
      await dialog.getByRole("button", { name: "Export" }).click();
      await expect(dialog.getByText(/can be fetched until/)).toBeVisible({ timeout: 30_000 });
      const [file] = await Promise.all([
        theirs.waitForEvent("download"),
        dialog.getByRole("button", { name: "Download" }).click(),
      ]);
      expect(await readFile(await file.path(), "utf8")).toContain(`nova.${name}@visitor.example`);
      await dialog.getByRole("button", { name: "Close" }).last().click();

      // The platform stops the client: its people stand before a closed door, its form is gone from the website.
      const desk = await (await browser.newContext({ ...look, serviceWorkers: "block" })).newPage();
      await enterAdmin(desk, world, `/accounts/${made?.id}`);
      await desk.getByRole("button", { name: "Stop", exact: true }).filter({ visible: true }).first().click();
      const stop = desk.getByRole("dialog", { name: `Stop ${client}` });
      await stop.getByLabel("Reason").fill("Terms of use, 4.2");
      await stop.getByRole("button", { name: "Stop" }).click();
      await expect(stop).toBeHidden();
      await expect(desk.getByText("Suspended").filter({ visible: true }).first()).toBeVisible();
      await shoot(desk, `life-stopped-${name}`);
      await desk.context().close();
      await expect.poll(() => priya.get("/v1/contacts").then(() => "open", closed)).toBe("closed");
      await theirs.reload();
      await expect(theirs.getByRole("alert")).toContainText("This account is suspended.");
      await expect(theirs.getByText("Nova Lindqvist")).toHaveCount(0);
      await shoot(theirs, `life-last-day-${name}`);
      await theirs.context().close();
    });
  });

const closed = (error: Error): string => (/tenant_suspended/.test(error.message) ? "closed" : error.message);
