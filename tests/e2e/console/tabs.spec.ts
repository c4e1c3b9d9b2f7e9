/** One person, several windows of one browser. */
import { enter, expect, test } from "../support/console";
import { founder, signedIn } from "../support/people";

test("two tabs trade one refresh token without ending the session", async ({ page, at, world, context }) => {
  const person = await founder(world, "Comet Trams");
  await enter(page, at, await signedIn(person, world));
  await expect(page.getByText(/^Good /)).toBeVisible();
  const tabs = await Promise.all([context.newPage(), context.newPage(), context.newPage()]);
  await Promise.all(tabs.map((tab) => tab.goto(`${at}/contacts`)));
  for (const tab of tabs) await expect(tab.getByText("No contacts yet")).toBeVisible();
  await page.reload();
  await expect(page.getByText(/^Good /)).toBeVisible();
});
