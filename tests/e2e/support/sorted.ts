/** Lists that are put in another order by keys. */
import { expect, type Page } from "@playwright/test";

/** Takes a line by its grip one place up, from the place where it stands. */
export async function upwards(page: Page, name: string, from: number): Promise<void> {
  const place = (n: number) => page.getByText(`Place ${n}`, { exact: true });
  await page.getByRole("button", { name: `Move ${name}`, exact: true }).focus();
  await page.keyboard.press("Space");
  await expect(place(from)).toBeAttached();
  // It is said that the line was picked up before the next key is listened to.
  await expect(async () => {
    await page.keyboard.press("ArrowUp");
    await expect(place(from - 1)).toBeAttached({ timeout: 1000 });
  }).toPass();
  await page.keyboard.press("Space");
}
