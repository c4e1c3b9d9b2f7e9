/** On a phone: the dock holds four places, and "More" everything else. */
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";

for (const colorScheme of ["dark", "light"] as const)
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

    test("an agency on a phone finds its settings, and everything else", async ({ page, at, world }) => {
      const owner = await founder(world, `Pocket ${colorScheme}`);
      await enter(page, at, await signedIn(owner, world));
      const dock = page.getByRole("navigation", { name: "Main" }).filter({ visible: true });
      await expect(dock.getByRole("link")).toHaveText(["Overview", "Clients", "Contacts", "Deals"]);
      const more = dock.getByRole("button", { name: "More: All places" });
      await more.tap();
      const sheet = page.getByRole("dialog", { name: "All places" });
      const places = sheet.getByRole("navigation", { name: "All places" });
      await expect(places.getByRole("link")).toHaveText([
        ...[
          "Overview",
          "Clients",
          "Contacts",
          "Companies",
          "Deals",
          "Tasks",
          "Occasions",
          "Forms",
          "Widgets",
          "Reports",
        ],
        ...["Notifications", "Settings", "Account"],
      ]);
      await expect(places.getByRole("link", { name: "Overview" })).toHaveAttribute("aria-current", "page");
      await fits(page);
      await shoot(page, `more-phone-${colorScheme}`);

      // Closed as it was opened: nothing is lost, and the focus is where it was.
      await page.keyboard.press("Escape");
      await expect(sheet).toHaveCount(0);
      await expect(more).toBeFocused();

      await more.tap();
      await places.getByRole("link", { name: "Settings" }).tap();
      await expect(page).toHaveURL(`${at}/settings`);
      await expect(sheet).toHaveCount(0);
      await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
      // The open page is behind it: that is where the planet stands.
      await expect(more).toHaveAttribute("aria-current", "true");
      await expect(dock.getByRole("link").and(page.locator("[aria-current]"))).toHaveCount(0);
      await shoot(page, `more-settings-phone-${colorScheme}`);

      await more.tap();
      await places.getByRole("button", { name: "Sign out" }).tap();
      await expect(page).toHaveURL(/\/sign-in/);
    });
  });
