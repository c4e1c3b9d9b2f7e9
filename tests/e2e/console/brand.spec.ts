/** An agency wears its own colour, and takes it off again. */
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";

const looks = [
  { name: "wide-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

for (const { name, ...look } of looks)
  test.describe(name, () => {
    test.use(look);

    test("a colour is tried, worn, kept over a reload and reset with a way back", async ({ page, at, world }) => {
      const person = await founder(world, `Painters ${name}`);
      await enter(page, at, await signedIn(person, world), "/settings/brand");
      const hue = () => page.evaluate(() => document.documentElement.style.getPropertyValue("--accent-h"));
      const colour = page.getByLabel(/^Accent colour/);
      await colour.fill("#2f5d5");
      await colour.blur();
      await expect(page.getByText("Write a colour like #2f5d50.")).toBeVisible();
      await colour.fill("#ffe14d");
      await expect(page.getByText(/^Buttons are hard to see on white/)).toBeVisible();
      await colour.fill("#b3261e");
      await expect(page.getByText(/^Buttons are easy to see on white/)).toBeVisible();
      expect(await hue()).toBe("");
      await page.getByLabel("Product name").fill("Painters & Co");
      await fits(page);
      await shoot(page, `console-brand-${name}`);
      await page.getByRole("button", { name: "Save" }).click();
      await expect.poll(hue).toBe("29");
      await page.reload();
      await expect.poll(hue).toBe("29");
      await shoot(page, `console-brand-worn-${name}`);
      await page.getByRole("button", { name: "Reset" }).click();
      await expect.poll(hue).toBe("");
      await page.getByRole("button", { name: "Undo" }).click();
      await expect.poll(hue).toBe("29");
    });
  });
