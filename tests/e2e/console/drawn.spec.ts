/**
 * Every screen that was drawn before it was built, in both themes, wide and on a phone: pictures to be laid beside the
 * drawing. What is on them is asked elsewhere; here it only has to be there.
 */
import type { Locator, Page } from "@playwright/test";
import { adminAt, enterAdmin } from "../support/admin";
import { enter, expect, fits, shoot, test as base } from "../support/console";
import { signedIn } from "../support/people";
import { type Studio, studio } from "../support/studio";
import type { Schema, World } from "../support/world";

const test = base.extend<object, { made: Studio }>({
  made: [async ({ world }, use) => use(await studio(world, "Northlight Studio")), { scope: "worker", timeout: 60_000 }],
});

const LOOKS = (["dark", "light"] as const).flatMap((colorScheme) => [
  { name: `wide-${colorScheme}`, colorScheme, viewport: { width: 1440, height: 900 } },
  { name: `phone-${colorScheme}`, colorScheme, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
]);

/** What was made in a few seconds, told as if over a day: the sky shows when things happened. */
const overTheDay = (page: Page) =>
  page.route(/\/v1\/days(\?|$)/, async (route) => {
    const answer = await route.fetch();
    const day = (await answer.json().catch(() => undefined)) as Schema<"Day"> | undefined;
    // The page was left meanwhile.
    if (!day) return;
    const from = Date.parse(day.since) + 6 * 3_600_000;
    const length = Math.max(3_600_000, Date.now() - from);
    const stars = day.stars.map((star, n) => ({
      ...star,
      at: new Date(from + length * ((n * 0.618 + 0.13) % 1)).toISOString(),
    }));
    await route.fulfill({ response: answer, json: { ...day, stars } });
  });

async function picture(page: Page, name: string, there: Locator): Promise<void> {
  await expect(there.filter({ visible: true }).first()).toBeVisible();
  await expect(page.locator(".skeleton")).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
  await fits(page);
  await shoot(page, `drawn-${name}`);
}

for (const { name, ...look } of LOOKS)
  test.describe(name, () => {
    test.use({ ...look, locale: "en-GB", reducedMotion: "reduce", serviceWorkers: "block" });
    // The day above a page is asked for last, and may still be on its way.
    test.afterEach(({ page }) => page.unrouteAll({ behavior: "ignoreErrors" }));

    test("to sign in", async ({ page, at }) => {
      await page.goto(`${at}/sign-in`);
      // The picture behind the form comes when the form is there.
      await expect(page.locator("div[aria-hidden] > svg").first()).toBeVisible();
      await picture(page, `login-${name}`, page.getByLabel("Password", { exact: true }));
    });

    test("a client", async ({ page, at, world, made }) => {
      await overTheDay(page);
      await enter(page, at, await signedIn(made.client, world));
      await picture(page, `overview-${name}`, page.locator("[data-star]"));
      await page.goto(`${at}/contacts/${made.ids.contact}`);
      await picture(page, `contact-${name}`, page.getByText("About the touring build"));
      await page.goto(`${at}/forms/${made.ids.form}`);
      const hurts = page.getByRole("button", { name: /^Where does it hurt/ });
      await page
        .getByRole("button", { name: /How does riding feel/ })
        .first()
        .click();
      await hurts.first().click();
      await picture(page, `forms-${name}`, hurts);
    });

    test("an agency, and inside one of its clients", async ({ page, at, world, made }) => {
      await overTheDay(page);
      await enter(page, at, await signedIn(made.owner, world));
      await picture(page, `agency-${name}`, page.getByText("Kestrel Cycles"));
      await page.goto(`${at}/clients`);
      await page.getByRole("button", { name: "Enter Kestrel Cycles" }).filter({ visible: true }).click();
      const popover = page.getByRole("dialog", { name: "Enter Kestrel Cycles" });
      await popover.getByLabel("Reason, kept in both audit logs").fill("Ticket 1187, form broken");
      await picture(page, `clients-${name}`, popover);
      await popover.getByRole("button", { name: "Enter", exact: true }).click();
      await expect(page.getByRole("region", { name: "Inside a client" })).toBeVisible();
      await picture(page, `impersonating-${name}`, page.locator("[data-star]"));
    });

    test("the platform", async ({ page, world }: { page: Page; world: World }) => {
      test.setTimeout(90_000);
      await enterAdmin(page, world);
      expect(page.url()).toContain(adminAt(world));
      await picture(page, `admin-${name}`, page.getByRole("img", { name: /schemas/ }));
    });
  });
