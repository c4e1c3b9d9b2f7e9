/** What people see first: a client's day as a sky, an agency's clients at a glance. Every number is compared with its rows. */
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { enter, expect, fits, shoot, test } from "../support/console";
import { mailedLink, signedIn, someone, type Tokens } from "../support/people";
import { shiftsSay, watchShifts } from "../quality/look";
import { definition, person, Visitor } from "../support/visitor";
import { Api, type Schema, type World } from "../support/world";

const looks = [
  { name: "wide-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

type Day = Schema<"Day">;

const drawn = (page: Page) => page.locator("[data-star]").count();
const events = ({ counts }: Day) => counts.reduce((sum, { count }) => sum + count, 0);

function agencyOf(): { email: string; password: string } {
  const file = JSON.parse(readFileSync(process.env.UPZENTO_E2E_WORLD as string, "utf8")) as {
    demo: { agency: { email: string; password: string } };
  };
  return file.demo.agency;
}

const asAgency = (world: World): Promise<Tokens> => signedIn({ ...someone(), ...agencyOf() }, world);

for (const { name, ...look } of looks)
  test.describe(name, () => {
    test.use({ ...look, locale: "en-GB" });

    test("a client's day is its sky, and an answer becomes a star while one looks", async ({
      page,
      at,
      world,
      browser,
    }) => {
      const [client] = world.clients;
      const tokens = await signedIn({ ...someone(), email: client.email, password: client.password }, world);
      const api = new Api(world.urls.core, tokens.access_token);
      // Somebody with a busy day.
      const { id } = await api.call<Schema<"Contact">>("POST", "/v1/contacts", { display_name: "Noor Hadid" });
      await api.call("POST", `/v1/contacts/${id}/notes`, { body: "Wants to ride by June." });
      await api.call("PATCH", `/v1/contacts/${id}`, { stage: "qualified", tags: ["spring"] });

      await api.call("POST", `/v1/contacts/${id}/activities`, {
        kind: "meeting",
        title: "Fitting",
        occurred_at: new Date(Date.now() + 60_000).toISOString(),
      });

      await watchShifts(page);
      await enter(page, at, tokens);
      await expect(page.getByText(/^Good .*, Priya$/)).toBeVisible();
      const sky = page.getByRole("region", { name: "Today at a glance" });
      const before = await api.get<Day>("/v1/days");
      await expect.poll(() => drawn(page)).toBe(before.stars.length);
      await expect(sky.getByRole("img")).toHaveAccessibleName(new RegExp(`^${events(before)} events? so far`));
      if (look.viewport.width > 600) {
        for (const { kind, count } of before.counts.filter((c) => c.count > 0))
          await expect(sky.locator(`.sky-legend .sky-${kind} b`)).toHaveText(`${count}`);
        await expect(page.getByText(new RegExp(`^${events(before)} events? so far today$`))).toBeVisible();
        await expect(sky.locator(".sky-tag:not(.sky-tag-row)")).toContainText(before.busiest?.name ?? "");
      }
      await expect(sky.locator("[data-body]")).toHaveCount(before.plans.length);

      // The figures are their rows.
      const figures = page.getByRole("region", { name: "Figures" });
      const contacts = await api.list<Schema<"Contact">>("/v1/contacts?limit=200");
      const answers = await api.list<Schema<"SubmissionSummary">>(
        "/v1/submissions?limit=200&filter=state:in:received,quarantined",
      );
      await expect(figures.locator(":scope > *").filter({ hasText: /^New contacts/ })).toContainText(
        `${contacts.length}`,
      );
      await expect(figures.locator(":scope > *").filter({ hasText: /^Answers/ })).toContainText(`${answers.length}`);
      await fits(page);
      await shoot(page, `overview-client-${name}`);
      expect(await shiftsSay(page)).toEqual([]);

      // On the website a visitor answers, through the edge.
      const shop = await browser.newContext();
      try {
        const street = await shop.newPage();
        const visitor = new Visitor(street, await definition(api, client.form), person());
        await street.goto(world.urls.shop);
        await street.locator("#book").scrollIntoViewIfNeeded();
        await visitor.arrived();
        await visitor.fill();
        await visitor.read();
        await visitor.send.click();
        await expect.poll(() => drawn(page), { timeout: 20_000 }).toBeGreaterThan(before.stars.length);
        const after = await api.get<Day>("/v1/days");
        expect(events(after)).toBeGreaterThan(events(before));
        await expect.poll(() => drawn(page)).toBe(after.stars.length);
        await expect(sky.locator(".sky-fresh").first()).toBeAttached();
        await expect(figures.locator(":scope > *").filter({ hasText: /^Answers/ })).toContainText(
          `${answers.length + 1}`,
        );
      } finally {
        await shop.close();
      }

      // The same day as a list, by the key.
      await page
        .locator("h1")
        .click({ force: true })
        .catch(() => undefined);
      await page.keyboard.press("l");
      const list = page.getByRole("region", { name: "Events of today" });
      const now = await api.get<Day>("/v1/days");
      await expect(list.getByRole("listitem")).toHaveCount(now.stars.length + now.plans.length);
      await shoot(page, `overview-client-list-${name}`);
      await list
        .getByRole("link", { name: /New contact/ })
        .first()
        .click();
      await expect(page).toHaveURL(/\/contacts\/con_/);
    });

    test("a refused website is allowed from the overview, and that is taken back", async ({
      page,
      at,
      world,
      browser,
    }) => {
      const [client] = world.clients;
      const tokens = await signedIn({ ...someone(), email: client.email, password: client.password }, world);
      const api = new Api(world.urls.core, tokens.access_token);
      const street = await browser.newContext();
      const visit = await street.newPage();
      const refused = visit.waitForResponse((r) => r.url().includes("/w/w_"));
      await visit.goto(world.urls.blog);
      expect((await refused).status()).toBe(403);
      await street.close();
      // The edge reports what it saw a little later.
      const met = async () =>
        (await api.get<Schema<"WidgetFigures">>("/v1/widgets/figures")).refused.map((r) => r.origin);
      await expect.poll(met, { timeout: 30_000 }).toContain(world.urls.blog);

      await enter(page, at, tokens);
      const row = page.getByRole("listitem").filter({ hasText: `${new URL(world.urls.blog).host} was refused` });
      await expect(row).toBeVisible();
      await expect(page.getByText(/website is refused|websites are refused/)).toBeVisible();
      await shoot(page, `overview-needs-${name}`);
      await row.getByRole("button", { name: /^Allow/ }).click();
      await expect(row).toBeHidden();
      const allowed = async () => (await api.list<Schema<"AllowedOrigin">>("/v1/origins")).map((o) => o.origin);
      expect(await allowed()).toContain(world.urls.blog);
      await page.getByRole("button", { name: "Undo" }).click();
      await expect(row).toBeVisible();
      expect(await allowed()).not.toContain(world.urls.blog);
    });

    test("an agency sees who needs attention, and why", async ({ page, at, world }) => {
      const tokens = await asAgency(world);
      const api = new Api(world.urls.core, tokens.access_token);
      const stopped = `Saltmarsh Bakery ${name}`;
      const { id } = await api.call<Schema<"Client">>("POST", "/v1/clients", { name: stopped });
      await api.call("POST", `/v1/clients/${id}/suspension`, { reason: "Unpaid since May" });
      // Kestrel's widget was refused on a website that is not allowed: the test before saw to that, or this does.
      const counted = async () => (await api.get<Schema<"ClientsOverview">>("/v1/clients/overview")).week.events;
      await expect.poll(counted, { timeout: 20_000 }).toBeGreaterThan(0);

      await watchShifts(page);
      await enter(page, at, tokens);
      await expect(page.getByText(/^Good .*, Ines$/)).toBeVisible();
      const overview = await api.get<Schema<"ClientsOverview">>("/v1/clients/overview");
      const clients = await api.list<Schema<"Client">>("/v1/clients?limit=200");
      const figures = page.getByRole("region", { name: "Figures" });
      await expect(figures.locator(":scope > *").filter({ hasText: /^Clients/ })).toContainText(`${clients.length}`);
      await expect(figures.locator(":scope > *").filter({ hasText: /^Need attention/ })).toContainText(
        `${overview.attention_count}`,
      );
      const sum = (of: (client: Schema<"Client">) => number) => clients.reduce((all, client) => all + of(client), 0);
      await expect(figures.locator(":scope > *").filter({ hasText: /^New contacts/ })).toContainText(
        `${sum((c) => c.week.week.contacts)}`,
      );
      await expect(figures.locator(":scope > *").filter({ hasText: /^Answers/ })).toContainText(
        `${sum((c) => c.week.week.answers)}`,
      );
      await expect(
        page.getByRole("link", { name: new RegExp(`${stopped}.*Stopped: Unpaid since May`, "s") }),
      ).toBeVisible();
      await expect(page.getByRole("link", { name: /Harbour Physio.*may live nowhere/s })).toBeVisible();
      await expect(page.getByRole("link", { name: /Kestrel Cycles.*Widgets were refused/s })).toBeVisible();
      await expect(page.getByRole("img", { name: /events?, busiest on/ }).first()).toBeVisible();
      await fits(page);
      await shoot(page, `overview-agency-${name}`);
      expect(await shiftsSay(page)).toEqual([]);

      await page.goto(`${at}/clients`);
      await expect(page.getByText("Kestrel Cycles").locator("visible=true").first()).toBeVisible();
      await expect(
        page
          .getByRole("img", { name: /events?, busiest on/ })
          .locator("visible=true")
          .first(),
      ).toBeVisible();
      await fits(page);
      await shoot(page, `overview-clients-${name}`);
    });
  });

test("a quiet day has a quiet sky, also for who reads from right to left", async ({ page, at, world }) => {
  const agency = await asAgency(world);
  const api = new Api(world.urls.core, agency.access_token);
  const made = await api.call<Schema<"Client">>("POST", "/v1/clients", { name: "Quiet Yoga" });
  const inside = { "upzento-tenant": made.id };
  const roles = await api.call<{ items: Schema<"Role">[] }>("GET", "/v1/roles", undefined, inside);
  const admin = roles.items.find((role) => role.key === "client_admin");
  const mira = someone("Mira Vance");
  await api.call("POST", "/v1/invitations", { email: mira.email, roles: [admin?.id] }, inside);
  const token = new URL(await mailedLink(world, mira.email)).hash.slice("#token=".length);
  await new Api(world.urls.core, "").call("POST", "/v1/invitations/acceptance", {
    token,
    name: mira.name,
    password: mira.password,
  });
  await enter(page, at, await signedIn(mira, world));
  await expect(page.getByText(/^Good .*, Mira$/)).toBeVisible();
  await expect(page.getByText("Nothing yet today").first()).toBeVisible();
  expect(await drawn(page)).toBe(0);
  await shoot(page, "overview-quiet");
  const hers = new Api(world.urls.core, (await signedIn(mira, world)).access_token);
  await hers.call("PATCH", "/v1/me", { locale: "ar" });
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(page.getByText(/يا Mira$/)).toBeVisible();
  await fits(page);
  await shoot(page, "overview-quiet-rtl");
});

test("on paper the overview is the printed atlas", async ({ page, at, world }) => {
  await enter(page, at, await asAgency(world));
  await expect(page.getByText(/^Good .*, Ines$/)).toBeVisible();
  await expect(page.getByRole("region", { name: "Figures" }).getByText("Clients")).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await expect(page.getByRole("navigation", { name: "Main" }).locator("visible=true")).toHaveCount(0);
  await shoot(page, "overview-print");
});
