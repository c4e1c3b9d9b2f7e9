/** An agency's first day: from nothing to a client, with everything that can be typed wrong on the way. */
import { expect, fits, shoot, test } from "../support/console";
import { mailedLink, someone } from "../support/people";

const looks = [
  { name: "wide-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

for (const { name, ...look } of looks)
  test.describe(name, () => {
    test.use(look);

    test("signs up, proves the address, signs in, adds a client", async ({ page, at, world }) => {
      const person = someone("Ada Brandt");
      await page.goto(`${at}/contacts`);
      await expect(page).toHaveURL(/\/sign-in\?next=/);
      await expect(page.locator("html")).toHaveAttribute("data-theme", look.colorScheme);
      await expect(page.getByLabel("Work email")).toBeVisible();
      await shoot(page, `console-sign-in-${name}`);

      await page.getByRole("link", { name: "Create an agency" }).click();
      await page.getByLabel("Agency name").fill("Comet Works");
      await page.getByLabel("Your name").fill(person.name);
      await page.getByLabel("Work email").fill("not an address");
      await page.getByLabel("Password", { exact: true }).fill("short");
      await page.getByRole("button", { name: "Create agency" }).click();
      await expect(page.getByText("Write an address like")).toBeVisible();
      await expect(page.getByLabel("Password", { exact: true })).toHaveAccessibleDescription(/at least 10/i);
      // The server's word: easy to guess, under the field it is about.
      await page.getByLabel("Work email").fill(person.email);
      await page.getByLabel("Password", { exact: true }).fill(`${person.name} 1`);
      await page.getByRole("button", { name: "Create agency" }).click();
      await expect(page.getByText("easy to guess")).toBeVisible();
      await page.getByLabel("Password", { exact: true }).fill(person.password);
      await page.getByRole("button", { name: "Create agency" }).click();
      await expect(page.getByRole("heading", { name: "Look into your mail" })).toBeVisible();
      await shoot(page, `console-mail-${name}`);

      const link = new URL(await mailedLink(world, person.email));
      await page.goto(at + link.pathname + link.hash);
      await page.getByLabel("Password", { exact: true }).fill("something else entirely");
      await page.getByRole("button", { name: "Open the agency" }).click();
      await expect(page.getByText("This is not the password.")).toBeVisible();
      await page.getByLabel("Password", { exact: true }).fill(person.password);
      await page.getByRole("button", { name: "Open the agency" }).click();
      await expect(page.getByText("Sign in to begin.")).toBeVisible();

      await page.getByLabel("Work email").fill(person.email);
      await page.getByLabel("Password", { exact: true }).fill(person.password);
      await page.keyboard.press("Enter");
      await expect(page.getByText(/^Good .*, Ada$/)).toBeVisible();
      await fits(page);
      await shoot(page, `console-overview-${name}`);

      const places = page.getByRole("navigation", { name: "Main" });
      await places.getByRole("link", { name: "Clients", exact: true }).click();
      await expect(page.getByText("No clients yet")).toBeVisible();
      await page.getByRole("button", { name: "Add client" }).first().click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: "Add client" }).click();
      await expect(dialog.getByText("Fill this in.")).toBeVisible();
      await dialog.getByLabel("Client name").fill("Harbour & Söhne 🚲");
      await dialog.getByLabel("Country").selectOption("DE");
      await shoot(page, `console-new-client-${name}`);
      await dialog.getByRole("button", { name: "Add client" }).click();
      await expect(page.getByText("Harbour & Söhne 🚲 is ready")).toBeVisible();
      await shoot(page, `console-client-ready-${name}`);
      await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
      await expect(page.getByText("Harbour & Söhne 🚲", { exact: true }).filter({ visible: true })).toBeVisible();
      await fits(page);
      await shoot(page, `console-clients-${name}`);

      // A reload is no sign-out.
      await page.reload();
      await expect(page.getByRole("heading", { level: 1, name: "Clients" })).toBeVisible();
    });
  });
