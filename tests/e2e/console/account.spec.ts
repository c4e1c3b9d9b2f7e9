/** What belongs to a person: how the console looks to him, who he is, how he signs in, what he is told. */
import type { Browser, Page } from "@playwright/test";
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, mailedLink, type Person, signedIn, someone } from "../support/people";
import { device } from "../support/device";
import { Api, type Schema, type World } from "../support/world";

const looks = [
  { name: "wide-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

/** Another device: nothing is known there. */
async function elsewhere(browser: Browser, at: string, person: Person, world: World): Promise<Page> {
  const page = await (await browser.newContext({ colorScheme: "dark" })).newPage();
  await enter(page, at, await signedIn(person, world), "/account");
  return page;
}

test("the look follows the person to every device", async ({ page, at, world, browser }) => {
  const person = await founder(world, "Comet Looms");
  await enter(page, at, await signedIn(person, world), "/account");
  const look = page.getByRole("region").or(page.locator("section")).filter({ hasText: "Appearance" }).first();
  await look.getByRole("button", { name: "Day", exact: true }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await look.getByRole("button", { name: "Compact" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-density", "compact");
  const api = new Api(world.urls.core, (await signedIn(person, world)).access_token);
  const kept = async () => (await api.get<Schema<"Me">>("/v1/me")).user;
  await expect.poll(async () => (await kept())?.density).toBe("compact");

  const other = await elsewhere(browser, at, person, world);
  await expect(other.locator("html")).toHaveAttribute("data-theme", "light");
  await expect(other.locator("html")).toHaveAttribute("data-density", "compact");
  // No flash the next time: it is there before anything is painted.
  await other.reload({ waitUntil: "commit" });
  await expect(other.locator("html")).toHaveAttribute("data-theme", "light");
  await other.getByRole("button", { name: "العربية" }).click();
  await expect(other.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("الحساب");
  await expect.poll(async () => (await kept())?.locale).toBe("ar");
  await other.context().close();
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
});

test("a refused choice goes back", async ({ page, at, world }) => {
  const person = await founder(world, "Comet Kilns");
  await enter(page, at, await signedIn(person, world), "/account");
  await expect(page.getByRole("button", { name: "Compact" })).toBeVisible();
  await page.route("**/v1/me", (route) =>
    route.request().method() === "PATCH"
      ? route.fulfill({
          status: 500,
          contentType: "application/problem+json",
          body: '{"code":"internal","detail":"Busy."}',
        })
      : route.fallback(),
  );
  await page.getByRole("button", { name: "Compact" }).click();
  await expect(page.getByText("Could not be saved").first()).toBeVisible();
  await expect(page.locator("html")).not.toHaveAttribute("data-density", "compact");
});

for (const { name, ...look } of looks)
  test.describe(name, () => {
    test.use(look);

    test("the account page stands", async ({ page, at, world }) => {
      const person = await founder(world, "Comet Bakery");
      await enter(page, at, await signedIn(person, world), "/account");
      await expect(page.getByText("This device", { exact: true })).toBeVisible();
      await fits(page);
      await page.screenshot({
        path: new URL(`../shots/account-${name}.png`, import.meta.url).pathname,
        fullPage: true,
        animations: "disabled",
      });
    });
  });

for (const { name, ...look } of looks)
  test.describe(`passkeys, ${name}`, () => {
    test.use(look);

    test("one is added, signs in without a password, is renamed and removed", async ({ page, at, world }) => {
      const person = await founder(world, "Comet Locks");
      const finger = await device(page);
      await enter(page, at, await signedIn(person, world), "/account");
      await expect(page.getByText("A passkey signs you in with your finger")).toBeVisible();
      await page.getByRole("button", { name: "Add a passkey" }).click();
      const dialog = page.getByRole("dialog", { name: "Add a passkey" });
      await dialog.getByLabel("Confirm with your password").fill("not the password");
      await dialog.getByRole("button", { name: "Add a passkey" }).click();
      await expect(dialog.getByText("This is not the password.")).toBeVisible();
      await shootAccount(page, `passkey-add-${name}`);
      await finger.present(true);
      await dialog.getByLabel("Confirm with your password").fill(person.password);
      await dialog.getByRole("button", { name: "Add a passkey" }).click();
      await expect(page.getByText("Passkey added")).toBeVisible();
      await expect(page.getByText("never used")).toBeVisible();
      expect(await finger.kept()).toBe(1);

      // One device has one for an account.
      await page.getByRole("button", { name: "Add a passkey" }).click();
      await dialog.getByLabel("Confirm with your password").fill(person.password);
      await dialog.getByRole("button", { name: "Add a passkey" }).click();
      await expect(dialog.getByText("has a passkey for your account already")).toBeVisible();
      await page.keyboard.press("Escape");

      await page.getByRole("button", { name: /^Rename: / }).click();
      await page.getByRole("dialog", { name: "Rename" }).getByLabel("Name").fill("Workshop laptop");
      await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
      await expect(page.getByText("Workshop laptop")).toBeVisible();

      await finger.present(false);
      await page.evaluate(async () => {
        localStorage.removeItem("upz.signed-in");
        sessionStorage.removeItem("upz.tenant");
      });
      await page.goto(`${at}/sign-in`);
      await expect(page.getByRole("button", { name: "Continue with a passkey" })).toBeVisible();
      await shootAccount(page, `sign-in-${name}`);
      await finger.present(true);
      await page.getByRole("button", { name: "Continue with a passkey" }).click();
      await expect(page.getByText(/^Good .*, Ada$/)).toBeVisible();

      await page.goto(`${at}/account`);
      await expect(page.getByText("Workshop laptop")).toBeVisible();
      await expect(page.getByText("never used")).toBeHidden();
      await fits(page);
      await page.getByRole("button", { name: "Remove: Workshop laptop" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
      await expect(page.getByText("Passkey removed")).toBeVisible();

      // The device still offers it; the server knows it no more, and says so.
      await page.evaluate(() => localStorage.removeItem("upz.signed-in"));
      await finger.present(false);
      await page.goto(`${at}/sign-in`);
      await finger.present(true);
      await page.getByRole("button", { name: "Continue with a passkey" }).click();
      await expect(page.getByText("This passkey was not accepted.")).toBeVisible();
    });
  });

test("what reaches a device is chosen apart from what stands behind the bell", async ({ page, at, world }) => {
  const person = await founder(world, "Comet Bells");
  await enter(page, at, await signedIn(person, world), "/account");
  const push = page.getByRole("switch", { name: "New submission: On devices" });
  await expect(push).toBeChecked();
  await push.click();
  await expect(push).not.toBeChecked();
  await page.getByRole("switch", { name: "Reminder of a task: Here" }).click();
  await page.reload();
  await expect(push).not.toBeChecked();
  await expect(page.getByRole("switch", { name: "Reminder of a task: Here" })).not.toBeChecked();
  await expect(page.getByRole("switch", { name: "Reminder of a task: On devices" })).toBeChecked();
  await expect(page.getByRole("switch", { name: /^Webhook switched off: Here/ })).toBeDisabled();
  // Nobody is asked for a permission before he asks for it himself.
  expect(await page.evaluate(() => Notification.permission)).not.toBe("granted");
  await expect(page.getByText("Devices that are told")).toBeVisible();
});

test("the address changes by a link and the password, and comes back for whoever it was taken from", async ({
  page,
  at,
  world,
}) => {
  const [person, moved] = [await founder(world, "Comet Ferries"), someone().email];
  await enter(page, at, await signedIn(person, world), "/account");
  await page.getByRole("button", { name: "Change address" }).click();
  const dialog = page.getByRole("dialog", { name: "Change address" });
  await dialog.getByLabel("New address").fill(moved);
  await dialog.getByLabel("Confirm with your password").fill("not the password");
  await dialog.getByRole("button", { name: "Send the link" }).click();
  await expect(dialog.getByText("This is not the password.")).toBeVisible();
  await dialog.getByLabel("Confirm with your password").fill(person.password);
  await dialog.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText(`${moved} waits for its link to be followed`)).toBeVisible();
  await fits(page);
  const confirm = await mailedLink(world, moved);
  // The link of the sign-up went to the old address before.
  await expect.poll(() => mailedLink(world, person.email)).toContain("/restore-email#");
  const back = await mailedLink(world, person.email);

  await page.goto(at + new URL(confirm).pathname + new URL(confirm).hash);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Confirm address" }).click();
  await page.getByRole("link", { name: "To your account" }).click();
  await expect(page.getByText(moved)).toBeVisible();
  await signedIn({ ...person, email: moved }, world);

  await page.goto(at + new URL(back).pathname + new URL(back).hash);
  await page.getByLabel("New password").fill("warm harbours under slow comets");
  await page.getByRole("button", { name: "Take it back" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await signedIn({ ...person, password: "warm harbours under slow comets" }, world);
});

test("single keys can be switched off", async ({ page, at, world }) => {
  const person = await founder(world, "Comet Quills");
  await enter(page, at, await signedIn(person, world), "/account");
  await page.getByRole("switch", { name: "Single-key shortcuts" }).click();
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.getByRole("switch", { name: "Single-key shortcuts" }).click();
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
});

const shootAccount = (page: Page, name: string) => shoot(page, `account-${name}`);
