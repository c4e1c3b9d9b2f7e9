/** A widget goes into a website: guide, test, refusal, one click, and what stops when the website is taken away again. */
import { admitted } from "../support/test";
import { enter, expect, fits, shoot, test as base } from "../support/console";
import { signedIn } from "../support/people";
import { Sites, snippet } from "../support/sites";

const test = base.extend<object, { sites: Sites }>({
  sites: [
    async ({ world }, use) => {
      const sites = await new Sites().start();
      sites.edge = world.urls.edge;
      await use(sites);
      await sites.stop();
    },
    { scope: "worker" },
  ],
});

const looks = [
  { name: "wide-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

for (const { name, ...look } of looks)
  test.describe(name, () => {
    test.use(look);

    test("a widget is put into a website, refused there, and allowed with one click", async ({
      page,
      at,
      world,
      sites,
      context,
    }) => {
      const [client] = world.clients;
      const tokens = await signedIn({ ...client, name: client.name }, world);
      await enter(page, at, tokens, "/widgets");
      const [mine] = await world.apis[0].list<{ id: string; name: string }>("/v1/widgets");
      await page.getByRole("link", { name: mine?.name }).first().click();
      await expect(page.getByRole("heading", { level: 2, name: mine?.name })).toBeVisible();

      // The guide for where the website is made, with lines to copy.
      await page.getByLabel("Website made with").selectOption("Google Tag Manager");
      await expect(page.getByText("data layer as upz.form.submitted")).toBeVisible();
      await page.getByRole("button", { name: "Floating button" }).click();
      await expect(page.getByRole("region", { name: "Lines for the page" })).toContainText('data-upz-mode="float"');
      await page.getByLabel("Website made with").selectOption("Plain HTML");
      await page.getByRole("button", { name: "In the page" }).click();
      await expect(page.getByRole("region", { name: "Lines for the page" })).toContainText(client.widget);
      await expect(page.getByRole("region", { name: "If the website has" })).toContainText("frame-src http");

      // A page of somebody's website that is not allowed yet.
      const origin = sites.at(`${name}.localhost`);
      const address = sites.put(origin, snippet(client.widget));
      await page.getByLabel("Address of the page").fill("not a page");
      await page.getByRole("button", { name: "Test", exact: true }).click();
      await expect(page.getByLabel("Address of the page")).toHaveAccessibleDescription(/.+/);
      await page.getByLabel("Address of the page").fill(address);
      await page.getByRole("button", { name: "Test", exact: true }).click();
      const verdict = page.getByRole("region", { name: "What the test found" });
      await expect(verdict.getByText("1 thing is missing.")).toBeVisible();
      await fits(page);
      await shoot(page, `console-widget-${name}`);

      // A visitor comes by: the refusal appears here without a reload, and one click allows the website.
      const visitor = await context.newPage();
      await visitor.goto(address);
      await visitor.bringToFront();
      const refused = page.getByRole("region", { name: "Refused from" });
      await expect(refused.getByText(origin)).toBeVisible({ timeout: 30_000 });
      await shoot(page, `console-widget-refused-${name}`);
      await page.bringToFront();
      await refused.getByRole("listitem").filter({ hasText: origin }).getByRole("button", { name: "Allow" }).click();
      await expect(page.getByText(`Allowed ${origin}`)).toBeVisible();
      await admitted(world.urls.edge, client.widget, origin);
      await visitor.reload();
      await expect(visitor.frameLocator("iframe").locator("form")).toBeVisible();
      await expect(page.getByRole("region", { name: "Seen on" }).getByText(origin)).toBeVisible({ timeout: 30_000 });
      await page.getByRole("button", { name: "Test", exact: true }).click();
      await expect(verdict.getByText("missing")).toBeHidden();

      // Taken away again, with what stops; and that taken back.
      await page.goto(`${at}/settings/domains`);
      await page.getByRole("button", { name: `Remove: ${origin}` }).click();
      const dialog = page.getByRole("dialog");
      await expect(dialog.getByText("was shown there in the last 30 days")).toBeVisible();
      await shoot(page, `console-domain-removal-${name}`);
      await dialog.getByRole("button", { name: "Remove" }).click();
      await expect(page.getByText(`Removed ${origin}`)).toBeVisible();
      await expect(page.getByRole("button", { name: `Remove: ${origin}` })).toBeHidden();
      await page.getByRole("button", { name: "Undo" }).click();
      await expect(page.getByRole("button", { name: `Remove: ${origin}` })).toBeVisible();
      await page.getByRole("button", { name: `Remove: ${origin}` }).click();
      await dialog.getByRole("button", { name: "Remove" }).click();

      // What the server does not take stands under the field.
      await page.getByRole("button", { name: "Allow a website" }).first().click();
      await dialog.getByLabel("Address").fill("*.co.uk");
      await dialog.getByRole("button", { name: "Allow" }).click();
      await expect(dialog.getByLabel("Address")).toHaveAccessibleDescription(/name your own domain/);
      await shoot(page, `console-domain-refused-${name}`);
      await dialog.getByLabel("Address").fill(`${name}.example.com`);
      await dialog.getByRole("button", { name: "Allow" }).click();
      await expect(page.getByText(`https://${name}.example.com`, { exact: true })).toBeVisible();
      await fits(page);
      await shoot(page, `console-domains-${name}`);

      // Off is off, and comes back.
      await page.goto(`${at}/widgets/${client.widget}`);
      await page.getByRole("switch", { name: "Shown to visitors" }).click();
      await expect(page.getByText("Switched off")).toBeVisible();
      await page.getByRole("button", { name: "Undo" }).click();
      await expect(page.getByRole("switch", { name: "Shown to visitors" })).toBeChecked();
      await page.goto(`${at}/widgets`);
      await expect(page.getByRole("link", { name: mine?.name }).first()).toBeVisible();
      await fits(page);
      await shoot(page, `console-widgets-${name}`);
    });
  });
