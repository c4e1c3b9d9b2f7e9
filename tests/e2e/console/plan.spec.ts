/** What a plan leaves out: it is not offered, and whoever comes to it all the same is told the right reason. */
import { AdminApi, enterAdmin } from "../support/admin";
import { enter, expect, fits, shoot, test } from "../support/console";
import { member } from "../support/filled";
import { founder, signedIn } from "../support/people";
import { Api, type Schema, type World } from "../support/world";

const looks = [
  { name: "wide-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

let known: AdminApi | undefined;
/** Codes work once each, so one session serves the whole file. */
const platform = async (world: World): Promise<AdminApi> => {
  known ??= await AdminApi.signIn(world);
  return known;
};

for (const { name, ...look } of looks)
  test.describe(name, () => {
    test.use(look);

    test("a module that the plan leaves out is absent, and a link to it says whom to ask", async ({
      page,
      at,
      world,
      browser,
    }) => {
      test.setTimeout(120_000);
      const owner = await founder(world, `Small Plans ${name}`);
      const api = new Api(world.urls.core, (await signedIn(owner, world)).access_token);
      const { id } = await api.call<Schema<"Client">>("POST", "/v1/clients", { name: "Kestrel Cycles" });
      const staff = await member(world, api, id);
      const theirs = await signedIn(staff, world);
      const own = new Api(world.urls.core, theirs.access_token);
      const admin = await platform(world);
      for (const module of ["deals", "messaging", "reports"])
        await admin.call("PUT", `/v1/accounts/${id}/modules/${module}`, { enabled: false });
      const off = async () => (await own.get<Schema<"Me">>("/v1/me")).modules_off;
      await expect.poll(off, { timeout: 15_000 }).toEqual(["deals", "messaging", "reports"]);

      await enter(page, at, theirs);
      const places = page.getByRole("navigation", { name: "Main" }).filter({ visible: true });
      await expect(places.getByRole("link", { name: "Contacts", exact: true })).toBeVisible();
      for (const absent of ["Deals", "Reports"])
        await expect(places.getByRole("link", { name: absent, exact: true })).toHaveCount(0);

      // The page itself, for whoever kept its address.
      await page.goto(`${at}/deals`);
      const main = page.getByRole("main");
      await expect(main.getByText("Deals: not part of the plan")).toBeVisible();
      await expect(
        main.getByText("The plan of Kestrel Cycles does not include this. Its agency can add it."),
      ).toBeVisible();
      await expect(main.getByText(/role/i)).toHaveCount(0);
      await expect(main.getByRole("link", { name: "Why not?" })).toHaveCount(0);
      await fits(page);
      await shoot(page, `plan-left-out-${name}`);
      await main.getByRole("link", { name: "See the plan" }).click();
      await expect(page).toHaveURL(/\/settings\/plan$/);
      await page.goto(`${at}/settings/webhooks`);
      await expect(main.getByText("Webhooks: not part of the plan")).toBeVisible();

      // Switched off in the middle of work: the refusal is the server's, and it says the same.
      await page.goto(`${at}/contacts`);
      await expect(page.getByText("No contacts yet")).toBeVisible();
      await page.route(/\/v1\/tasks/, (route) =>
        route.fulfill({
          status: 403,
          headers: { "content-type": "application/problem+json" },
          body: JSON.stringify({
            ...{ type: "about:blank", title: "module_off", status: 403, code: "module_off" },
            detail: "This account's plan does not include tasks.",
          }),
        }),
      );
      await page.goto(`${at}/tasks`);
      await expect(main.getByText("Tasks: not part of the plan").first()).toBeVisible();
      await expect(main.getByText(/^Your role/)).toHaveCount(0);

      // Its agency has them all; there a role is to blame when something is missing.
      const context = await browser.newContext({ ...look });
      const other = await context.newPage();
      await enter(other, at, await signedIn(owner, world), "/deals");
      await expect(other.getByRole("heading", { level: 1, name: "Deals" })).toBeVisible();
      await expect(other.getByText("not part of the plan")).toHaveCount(0);
      await context.close();
    });

    test("a plan offers every module, and keeps what was not touched", async ({ page, world }) => {
      test.setTimeout(120_000);
      const admin = await enterAdmin(page, world, "/plans");
      const key = `modules_${name.replace("-", "_")}_${Date.now().toString(36)}`;
      await page.getByRole("button", { name: "New plan" }).filter({ visible: true }).first().click();
      const dialog = page.getByRole("dialog", { name: "New plan" });
      await dialog.getByLabel("Name", { exact: true }).fill("Without forms");
      await dialog.getByLabel("Key", { exact: true }).fill(key);
      await dialog.getByRole("switch", { name: "Every module, also those to come" }).click();
      const box = (module: string) => dialog.getByRole("checkbox", { name: module, exact: true });
      // Nothing is dropped by the switch alone.
      await expect(dialog.getByRole("checkbox")).toHaveCount(14);
      for (const module of ["Deals", "Tasks", "Forms", "Reports", "Segments"]) await expect(box(module)).toBeChecked();
      await box("Forms").uncheck();
      await fits(page);
      await shoot(page, `admin-plan-modules-${name}`);
      await dialog.getByRole("button", { name: "New plan" }).click();
      await expect(page.getByText("Without forms is made").filter({ visible: true }).first()).toBeVisible();
      const plans = await admin.call<{ key: string; modules: string[] }[]>("GET", "/v1/plans");
      const made = plans.find((plan) => plan.key === key)?.modules ?? [];
      expect(made).toHaveLength(13);
      expect(made).not.toContain("forms");
      expect(made).toEqual(expect.arrayContaining(["deals", "tasks", "occasions", "attachments", "scores"]));
    });
  });
