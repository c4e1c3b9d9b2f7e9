/** Money of several currencies: rates by hand and from a file, sums in the account's own currency, what a company bought and is worth. */
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

test("rates turn sums into one currency, and a company's page tells what it bought", async ({ page, at, world }) => {
  const person = await founder(world, "Orbit Money");
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const company = await api.call<Schema<"Company">>("POST", "/v1/companies", { name: "Harbour & Co" });
  const make = (title: string, amount: number, currency: string, more: object = {}) =>
    api.call<Schema<"Deal">>("POST", "/v1/deals", { title, amount, currency, ...more });
  await make("Boats", 100_000, "USD");
  await make("Sails", 100_001, "EUR");
  await make("Ropes", 50_000, "CHF");
  const today = new Date();
  const day = (ahead: number) => new Date(today.getTime() + ahead * 86_400_000).toISOString().slice(0, 10);
  const items = [
    { name: "Berth", unit_price: 25_000, billing: "monthly", starts_on: day(-5), ends_on: day(20) },
    { name: "Sign", unit_price: 80_000 },
  ];
  const sold = await make("Harbour package", 0, "EUR", {
    company: company.id,
    items,
    starts_on: day(-5),
    ends_on: day(30),
  });
  await api.call("POST", `/v1/deals/${sold.id}/outcome`, { status: "won" });

  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/settings/pipelines");
  await page.getByRole("button", { name: "Add rate" }).click();
  const dialog = page.getByRole("dialog", { name: "Add rate" });
  await dialog.getByLabel("Currency").fill("usd");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Fill this in.").or(dialog.getByText(/A number such as/))).toBeVisible();
  await dialog.getByLabel("Currency").fill("EUR");
  await dialog.getByLabel("1 EUR in USD").fill("1,25");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("1 EUR = 1.25 USD")).toBeVisible();
  await page.getByRole("button", { name: /More about EUR/ }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await expect(page.getByText("No rates yet")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).first().click();
  await expect(page.getByText("1 EUR = 1.25 USD")).toBeVisible();
  const text = "currency,valid_from,rate\nGBP,2026-01-01,1.3\nGBP,2026-01-01,1.4\nJPY,2026-01-01,many\n";
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "rates.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await expect(page.getByText("1 added, 0 changed, 0 as they were.")).toBeVisible();
  await expect(page.getByText("Line 3: this currency and day stood before")).toBeVisible();
  await expect(page.getByText("Line 4: no number with a point")).toBeVisible();
  await page.getByText("Exchange rates").scrollIntoViewIfNeeded();
  await shoot(page, "rates-dark-1440");
  await page.emulateMedia({ colorScheme: "light" });
  await shoot(page, "rates-light-1440");

  // 1000.01 euros are 1250.01 dollars; francs are named.
  await page.goto(`${at}/deals`);
  await expect(page.getByText(/≈ \$2,250 \+ … open/)).toBeVisible();
  await expect(page.getByText(/without CHF.500: no rate/)).toBeVisible();
  await shoot(page, "board-mixed-light-1440");

  await page.goto(`${at}/companies/${company.id}`);
  const bought = page.getByRole("region", { name: "Services and projects" });
  await expect(bought.getByRole("link", { name: "Berth" })).toBeVisible();
  await expect(bought.getByText(/€250(\.00)? a month/)).toBeVisible();
  await expect(bought.getByRole("link", { name: "Harbour package" })).toBeVisible();
  // One month and the sign: 1050 euros.
  await expect(page.getByText("$1,312.50").first()).toBeVisible();
  await shoot(page, "company-services-light-1440");
  await page.emulateMedia({ colorScheme: "dark" });
  await shoot(page, "company-services-dark-1440");
  await page.setViewportSize({ width: 390, height: 844 });
  await bought.scrollIntoViewIfNeeded();
  await fits(page);
  await shoot(page, "company-services-phone-dark-390");
  await page.goto(`${at}/settings/pipelines`);
  await page.getByText("Exchange rates").scrollIntoViewIfNeeded();
  await fits(page);
  await shoot(page, "rates-phone-dark-390");

  // The lines are edited with their terms, and what ends stands in the calendar.
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${at}/deals/${sold.id}`);
  await page.getByRole("button", { name: "Edit lines" }).click();
  await page.getByLabel("Paid Berth").selectOption("quarterly");
  await page.getByLabel("Last day Berth").fill(day(-9));
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The last day is before the first.")).toBeVisible();
  await page.getByLabel("Last day Berth").fill(day(3));
  await shoot(page, "items-terms-dark-1440");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/Quarterly · from/)).toBeVisible();
  await page.goto(`${at}/occasions`);
  await expect(page.getByText("Ends: Berth")).toBeVisible();
  await shoot(page, "occasions-renewals-dark-1440");
});
