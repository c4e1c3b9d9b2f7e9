/** What belongs to a person: how the console looks to him, who he is, how he signs in, what he is told. */
import type { Browser, Page } from "@playwright/test";
import { enter, expect, fits, test } from "../support/console";
import { founder, type Person, signedIn } from "../support/people";
import type { World } from "../support/world";

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
  const saved = page.waitForResponse((answer) => answer.request().postData()?.includes("density") ?? false);
  await look.getByRole("button", { name: "Compact" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-density", "compact");
  await saved;

  const other = await elsewhere(browser, at, person, world);
  await expect(other.locator("html")).toHaveAttribute("data-theme", "light");
  await expect(other.locator("html")).toHaveAttribute("data-density", "compact");
  // No flash the next time: it is there before anything is painted.
  await other.reload({ waitUntil: "commit" });
  await expect(other.locator("html")).toHaveAttribute("data-theme", "light");
  const spoken = other.waitForResponse((answer) => answer.request().postData()?.includes("locale") ?? false);
  await other.getByRole("button", { name: "العربية" }).click();
  await expect(other.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("الحساب");
  await spoken;
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
      await expect(page.getByText("This device")).toBeVisible();
      await fits(page);
      await page.screenshot({
        path: new URL(`../shots/account-${name}.png`, import.meta.url).pathname,
        fullPage: true,
        animations: "disabled",
      });
    });
  });
