/** An agency wears its own colour, and takes it off again. */
import { enter, expect, fits, shoot, test } from "../support/console";
import { shiftsSay, watchShifts } from "../quality/look";
import { NameServer } from "../support/dns";
import { member } from "../support/filled";
import { founder, signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

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
      // The tab, too, says what the agency calls it.
      await expect(page).toHaveTitle(`Brand · Painters ${name} · Painters & Co`);
      await page.reload();
      await expect.poll(hue).toBe("29");
      await expect(page).toHaveTitle(/ · Painters & Co$/);
      await shoot(page, `console-brand-worn-${name}`);
      await page.getByRole("button", { name: "Reset" }).click();
      await expect.poll(hue).toBe("");
      await expect(page).toHaveTitle(/ · Upzento$/);
      await page.getByRole("button", { name: "Undo" }).click();
      await expect.poll(hue).toBe("29");
    });

    test("an agency takes the sky from its clients, and a client puts it back for itself", async ({
      page,
      at,
      world,
    }) => {
      const owner = await founder(world, `Plain ${name}`);
      const tokens = await signedIn(owner, world);
      const agency = new Api(world.urls.core, tokens.access_token);
      const { id } = await agency.call<Schema<"Client">>("POST", "/v1/clients", {
        name: "Slate Roofing",
        country: "GB",
      });
      const staff = await member(world, agency, id, "Dana Okafor");
      await enter(page, at, tokens, "/settings/brand");
      await page.getByRole("combobox", { name: "Overview" }).selectOption({ label: "Plain, without a sky" });
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByText("Saved")).toBeVisible();
      const theirs = await page
        .context()
        .browser()
        ?.newContext({ ...look });
      if (!theirs) throw new Error("there is no browser");
      const other = await theirs.newPage();
      await enter(other, at, await signedIn(staff, world));
      const sky = other.getByRole("region", { name: "Today at a glance" });
      const greeting = other.getByText(/^Good .*, Dana$/);
      await expect(greeting).toBeVisible();
      await expect(sky).toBeHidden();
      await expect.poll(() => other.evaluate(() => localStorage.getItem("upz.skyless"))).toBe(id);
      // What this browser knows by now moves nothing when the page is opened again.
      await watchShifts(other);
      await other.reload();
      await expect(other.getByText("Everything is on course", { exact: false })).toBeVisible();
      expect(await shiftsSay(other)).toEqual([]);
      await fits(other);
      await shoot(other, `console-overview-plain-${name}`);
      const own = new Api(world.urls.core, tokens.access_token);
      await own.call("PUT", "/v1/brand", { name: "Slate", sky: true }, { "upzento-tenant": id });
      await other.reload();
      await expect(sky).toBeVisible();
      await theirs.close();
    });
  });

test("at an address of the agency's own, the sign-in is the agency's", async ({ page, at, world }) => {
  const dns = await new NameServer().start(world);
  try {
    const owner = await founder(world, "Comet Works");
    const tokens = await signedIn(owner, world);
    const agency = new Api(world.urls.core, tokens.access_token);
    await agency.call("PUT", "/v1/brand", { name: "Comet & Co", colors: { accent: "#b3261e" } });
    await enter(page, at, tokens, "/settings/own-domains");
    await page.getByRole("button", { name: "Add a domain" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("crm.agency.test");
    await dialog.getByRole("button", { name: "Add a domain" }).click();
    await expect(page.getByText("Waiting for its records")).toBeVisible();
    const [domain] = await agency.call<Schema<"OwnDomain">[]>("GET", "/v1/domains");
    for (const { kind, name, value } of domain?.records ?? []) dns.set(kind as "TXT" | "CNAME", name, value);
    await page.getByRole("button", { name: "Look again" }).click();
    await expect(page.getByText("Active", { exact: true })).toBeVisible();
    await fits(page);
    await shoot(page, "console-own-domain");
    const own = new URL(world.urls.core);
    own.hostname = "crm.agency.test";
    await page.goto(new URL("/sign-in", own).href);
    await expect(page).toHaveTitle(/ · Comet & Co$/);
    await expect(page.getByText("Comet & Co")).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.style.getPropertyValue("--accent-h"))).toBe("29");
    await expect(page.getByRole("link", { name: "Create" })).toBeHidden();
    expect(await page.content()).not.toContain("pzento");
    await shoot(page, "sign-in-own-domain");
  } finally {
    dns.stop();
  }
});
