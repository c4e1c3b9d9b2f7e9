/** The people who run the platform: every screen, and what they do to accounts as these notice it. */
import type { Page } from "@playwright/test";
import { adminAt, enterAdmin as enter, freshCode, platformAdmin } from "../support/admin";
import { expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema, type World } from "../support/world";

const looks = [
  { name: "wide-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

interface Scene {
  agency: string;
  client: string;
  name: string;
  api: Api;
}

async function scene(world: World, suffix: string): Promise<Scene> {
  // A world that is kept has met the same test before.
  const agency = `Northlight ${suffix} ${Date.now().toString(36)}`;
  const person = await founder(world, agency);
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const name = `Kestrel ${suffix} ${Date.now().toString(36)}`;
  const { id } = await api.call<Schema<"Client">>("POST", "/v1/clients", { name });
  return { agency, client: id, name, api };
}

const seen = (page: Page, text: string | RegExp) => page.getByText(text).filter({ visible: true }).first();
const press = (page: Page, name: string | RegExp) =>
  page
    .getByRole("button", { name, exact: typeof name === "string" })
    .filter({ visible: true })
    .first()
    .click();

test("signs in with a second factor, is asked for again above the page, signs out", async ({ page, world }) => {
  test.setTimeout(150_000);
  const { email, password, totp_secret } = platformAdmin();
  await page.goto(`${world.urls.admin}/`);
  await expect(page).toHaveURL(/\/admin\/sign-in/);
  await shoot(page, "admin-sign-in-wide-dark");
  await page.getByLabel("Work email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("Code").fill("12");
  await press(page, "Sign in");
  await expect(page.getByText("The six digits of your authenticator app.").first()).toBeVisible();
  await page.getByLabel("Code").fill("000000");
  await press(page, "Sign in");
  await expect(page.getByRole("alert")).toBeVisible();
  const signIn = async () => {
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByLabel("Code").fill(await freshCode(totp_secret));
    await press(page, "Sign in");
  };
  await signIn();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible({ timeout: 40_000 });
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  // The core knows no such pages.
  expect((await page.request.get(`${world.urls.core}/admin`, { headers: { accept: "text/html" } })).status()).toBe(404);

  // Ended elsewhere in the middle of work: what was typed stays.
  await page.goto(`${adminAt(world)}/admin/plans`);
  await press(page, "New plan");
  await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("Comet");
  const cookies = await page.context().cookies(`${world.urls.admin}/v1/sessions`);
  const token = cookies.find(({ name }) => name === "upz_admin")?.value;
  await fetch(`${world.urls.admin}/v1/sessions/current`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${token}` },
  });
  await page
    .getByRole("dialog")
    .getByLabel("Key", { exact: true })
    .fill(`comet_${Date.now().toString(36)}`);
  await page.getByRole("dialog").getByRole("button", { name: "New plan" }).click();
  const ended = page.getByRole("dialog", { name: "Your session ended" });
  await expect(ended).toBeVisible();
  await shoot(page, "admin-ended-wide-dark");
  await ended.getByLabel("Password", { exact: true }).fill(password);
  await ended.getByLabel("Code").fill(await freshCode(totp_secret));
  await ended.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(ended).toHaveCount(0);
  await expect(page.getByRole("dialog").getByLabel("Name", { exact: true })).toHaveValue("Comet");
  await page.getByRole("dialog").getByRole("button", { name: "New plan" }).click();
  await expect(seen(page, "Comet is made")).toBeVisible();

  await page.getByRole("button", { name: /^Account menu of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/admin\/sign-in/);
  await page.goto(`${adminAt(world)}/admin/clients`);
  await expect(page).toHaveURL(/\/admin\/sign-in\?next=/);
});

for (const { name, ...look } of looks)
  test.describe(name, () => {
    test.use(look);

    test("walks every screen", async ({ page, world }) => {
      test.setTimeout(120_000);
      await scene(world, `walk ${name}`);
      await enter(page, world);
      await expect(page.locator("html")).toHaveAttribute("data-theme", look.colorScheme);
      await expect(page.getByRole("img", { name: /schemas/ })).toBeVisible();
      await fits(page);
      await shoot(page, `admin-overview-${name}`);
      const screens: [path: string, title: string, there: string | RegExp][] = [
        ["health", "System health", "embed-edge"],
        ["health", "System health", "Answers"],
        ["agencies", "Agencies", `Northlight walk ${name}`],
        ["clients", "Clients", `Kestrel walk ${name}`],
        ["schemas", "Migrations", "Ready for the next account"],
        ["jobs", "Jobs and queues", "Queues"],
        ["flags", "Feature flags", /by name/],
        ["plans", "Plans", "Enterprise"],
        ["revenue", "Revenue", /Nobody pays yet|a month$/],
        ["impersonations", "Impersonations", /./],
        ["audit", "Audit log", "Client opened"],
        ["keys", "Embed keys", /Key \d+ signs/],
        ["settings", "Settings", "Open sign-up"],
      ];
      for (const [path, title, there] of screens) {
        await page.goto(`${adminAt(world)}/admin/${path}`);
        await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
        await expect(page.getByRole("main").getByText(there).filter({ visible: true }).first()).toBeVisible();
        await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(0);
        await fits(page);
        await shoot(page, `admin-${path}-${name}`);
      }
    });

    test("suspends and resumes a client, which notices", async ({ page, world }) => {
      test.setTimeout(120_000);
      const { api, name: client, client: id } = await scene(world, `stop ${name}`);
      await enter(page, world, "/clients");
      await page.getByRole("searchbox", { name: "Name" }).fill(client);
      await expect(page).toHaveURL(/q=Kestrel/);
      await page.getByRole("link", { name: client }).filter({ visible: true }).click();
      await expect(page.getByRole("heading", { level: 1, name: client })).toBeVisible();
      await expect(seen(page, "What it has")).toBeVisible();
      await shoot(page, `admin-account-${name}`);
      await press(page, "Stop");
      const dialog = page.getByRole("dialog", { name: `Stop ${client}` });
      await dialog.getByRole("button", { name: "Stop" }).click();
      await expect(dialog.getByText("Fill this in.")).toBeVisible();
      await dialog.getByLabel("Reason").fill("Terms of use, 4.2");
      await shoot(page, `admin-stop-${name}`);
      await dialog.getByRole("button", { name: "Stop" }).click();
      await expect(seen(page, `${client} is stopped`)).toBeVisible();
      await expect(seen(page, "Suspended")).toBeVisible();
      const inside = () =>
        api.call("GET", "/v1/contacts", undefined, { "upzento-tenant": id }).then(
          () => "open",
          (error: Error) => (/tenant_suspended/.test(error.message) ? "suspended" : error.message),
        );
      await expect.poll(inside).toBe("suspended");
      await press(page, "Resume");
      await page.getByRole("dialog").getByRole("button", { name: "Resume" }).click();
      await expect(seen(page, `${client} works again`)).toBeVisible();
      await expect.poll(inside).toBe("open");
      await fits(page);
    });

    test("gives an account another plan, a module, a flag", async ({ page, world }) => {
      const { api, agency } = await scene(world, `plan ${name}`);
      const admin = await enter(page, world, "/agencies");
      const key = `trial.${name.replace("-", "_")}_${Date.now().toString(36)}`;
      await admin.call("PUT", `/v1/flags/${key}`, { enabled: false, percent: 0, description: "Tried out" });
      await page.getByRole("searchbox", { name: "Name" }).fill(agency);
      await page.getByRole("link", { name: agency, exact: true }).filter({ visible: true }).click();
      await press(page, "Actions");
      await page.getByRole("menuitem", { name: "Change plan" }).click();
      const dialog = page.getByRole("dialog", { name: `Plan of ${agency}` });
      await dialog
        .getByLabel("Plan")
        .selectOption({ label: (await options(dialog.getByLabel("Plan"), /^Premium/)) ?? "" });
      await dialog.getByRole("button", { name: "Change plan" }).click();
      await expect(seen(page, `The plan of ${agency} is changed`)).toBeVisible();
      await expect.poll(async () => (await api.get<Schema<"Entitlements">>("/v1/plans/current")).plan).toBe("Premium");
      await press(page, "Actions");
      await page.getByRole("menuitem", { name: "Change trial" }).click();
      const trial = page.getByRole("dialog", { name: `How long ${agency} tries its plan` });
      await trial.getByLabel("Days to try it").fill("30");
      await trial.getByRole("button", { name: "Save" }).click();
      await expect(seen(page, `The trial of ${agency} is changed`)).toBeVisible();
      await expect(seen(page, /^30 days left/)).toBeVisible();
      await page.getByRole("group", { name: "Forms" }).getByRole("button", { name: "Off" }).click();
      await expect
        .poll(async () => (await api.get<Schema<"Entitlements">>("/v1/plans/current")).exceptions)
        .toEqual({ forms: false });
      await page.getByRole("group", { name: key }).getByRole("button", { name: "On" }).click();
      await expect.poll(async () => (await api.get<Schema<"Entitlements">>("/v1/plans/current")).flags).toContain(key);
      await page.goto(`${adminAt(world)}/admin/flags`);
      await press(page, `Edit ${key}`);
      await expect(page.getByRole("dialog").getByRole("switch", { name: agency })).toBeVisible();
      await shoot(page, `admin-flag-${name}`);
      const flag = page.getByRole("dialog");
      await flag.getByLabel("Share of the accounts, in percent").fill("101");
      await flag.getByRole("button", { name: "Save" }).click();
      await expect(flag.getByText("A whole number from 0 to 100.")).toBeVisible();
      // Somebody else was faster: of what both changed he is told, and saves again; the rest of theirs stands.
      await admin.call("PUT", `/v1/flags/${key}`, { enabled: false, percent: 20, description: "Theirs" });
      await flag.getByLabel("Share of the accounts, in percent").fill("30");
      await flag.getByRole("button", { name: "Save" }).click();
      await expect(flag.getByText(/Share of the accounts, in percent: 20/)).toBeVisible();
      await expect(flag.getByLabel("Description")).toHaveValue("Theirs");
      await flag.getByRole("button", { name: "Save" }).click();
      await expect(flag).toBeHidden();
      const kept = await admin.call<{ key: string; percent: number; description: string }[]>("GET", "/v1/flags");
      expect(kept.find((one) => one.key === key)).toMatchObject({ percent: 30, description: "Theirs" });
      await fits(page);

      // What its plan brings: the month, and the account behind the figure.
      const price = { name: "Comet", level: 1, price_minor: 4900, currency: "CHF", trial_days: 0, active: true };
      const comet = await admin.call<{ id: string }>("POST", "/v1/plans", { ...price, key: `chf_${key.slice(-8)}` });
      const account = (
        await admin.call<{ items: { id: string }[] }>("GET", `/v1/agencies?search=${encodeURIComponent(agency)}`)
      ).items[0]?.id;
      await admin.call("PUT", `/v1/accounts/${account}/plan`, { plan_id: comet.id });
      await admin.call("PUT", `/v1/accounts/${account}/trial`, { days: 0 });
      await page.goto(`${adminAt(world)}/admin/revenue?currency=CHF`);
      await expect(seen(page, /^CHF\s[\d,]+ a month$/)).toBeVisible();
      await fits(page);
      await shoot(page, `admin-revenue-chf-${name}`);
      await press(page, /^Show accounts of/);
      const behind = page.getByRole("dialog", { name: /^Accounts of/ });
      await expect(behind.getByRole("link", { name: agency, exact: true })).toBeVisible();
      await fits(page);
    });

    test("edits a plan and a setting: what is refused stands at its field", async ({ page, world }) => {
      await enter(page, world, "/plans");
      await press(page, "New plan");
      const dialog = page.getByRole("dialog", { name: "New plan" });
      await dialog.getByLabel("Name", { exact: true }).fill("Comet");
      await dialog.getByLabel("Key", { exact: true }).fill("free");
      await dialog.getByRole("button", { name: "New plan" }).click();
      await expect(dialog.getByLabel("Key", { exact: true })).toHaveAccessibleDescription("Another plan has this key.");
      await shoot(page, `admin-plan-${name}`);
      await dialog.getByLabel("Key", { exact: true }).fill(`comet_${Date.now().toString(36)}`);
      await dialog.getByLabel("Price a month").fill("49.50");
      await dialog.getByRole("button", { name: "New plan" }).click();
      await expect(seen(page, "Comet is made")).toBeVisible();
      await expect(seen(page, "$49.50")).toBeVisible();

      await page.goto(`${adminAt(world)}/admin/settings`);
      const value = page.getByLabel("Value").first();
      await value.fill("platinum");
      await press(page, "Save");
      await expect(value).toHaveAccessibleDescription("No plan on offer has this key.");
      await shoot(page, `admin-setting-refused-${name}`);
      await value.fill("");
      await expect(value).toHaveValue("");
      await fits(page);
    });

    test("rotates the embed keys", async ({ page, world }) => {
      const admin = await enter(page, world, "/keys");
      const signing = async () =>
        (await admin.call<{ kid: number; state: string }[]>("GET", "/v1/embed-keys")).find((k) => k.state === "active");
      const before = (await signing())?.kid;
      await press(page, "Rotate");
      await shoot(page, `admin-rotate-${name}`);
      await page.getByRole("dialog").getByRole("button", { name: "Rotate" }).click();
      await expect(seen(page, /^Key \d+ signs from now on$/)).toBeVisible();
      const after = (await signing())?.kid;
      expect(after).not.toBe(before);
      await expect(seen(page, `Key ${after} signs`)).toBeVisible();
    });
  });

async function options(select: ReturnType<Page["getByLabel"]>, text: RegExp): Promise<string | undefined> {
  const found = select.locator("option").filter({ hasText: text });
  await expect(found).toHaveCount(1);
  return (await found.textContent()) ?? undefined;
}

test("enters a client in a tab of its own, and ends it from here", async ({ page, world, context }) => {
  const { name, client } = await scene(world, "visit");
  await enter(page, world, `/accounts/${client}`);
  await press(page, "Enter");
  const dialog = page.getByRole("dialog", { name: `Enter ${name}` });
  await dialog.getByLabel("Reason").fill("because");
  await dialog.getByRole("button", { name: "Enter" }).click();
  await expect(dialog.getByText("at least 10 characters")).toBeVisible();
  await dialog.getByLabel("Reason").fill("Ticket 1187, form broken");
  await shoot(page, "admin-enter-wide-dark");
  const opened = context.waitForEvent("page");
  await dialog.getByRole("button", { name: "Enter" }).click();
  const tab = await opened;
  const banner = tab.getByRole("region", { name: "Inside a client" });
  await expect(banner).toContainText(`You are inside ${name}`);
  await expect(tab).toHaveURL(`${world.urls.core}/`);
  await shoot(tab, "admin-inside-wide-dark");

  await page.goto(`${adminAt(world)}/admin/impersonations`);
  await expect(seen(page, /^Until /)).toBeVisible();
  await shoot(page, "admin-impersonations-wide-dark");
  await press(page, `End the visit to ${name}`);
  await expect(seen(page, `The visit to ${name} is ended`)).toBeVisible();
  // He learns it also when he does nothing.
  await expect(tab.getByText("You are not inside an account")).toBeVisible({ timeout: 30_000 });
  expect(tab.url()).toBe(`${world.urls.core}/enter`);
});

test("reads from right to left in Arabic", async ({ page, world }) => {
  await page.addInitScript(() => localStorage.setItem("upz.language", "ar"));
  await enter(page, world);
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(page.getByRole("heading", { level: 1, name: "نظرة عامة" })).toBeVisible();
  await expect(page.getByRole("img").first()).toBeVisible();
  await fits(page);
  await shoot(page, "admin-overview-arabic");
  await page.goto(`${adminAt(world)}/admin/health`);
  await expect(page.getByRole("heading", { level: 1, name: "حالة النظام" })).toBeVisible();
  await expect(page.getByText("embed-edge").filter({ visible: true }).first()).toBeVisible();
  await fits(page);
  await shoot(page, "admin-health-arabic");
});
