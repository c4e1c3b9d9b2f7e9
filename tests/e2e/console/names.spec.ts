/** Names as long as they may be, of markup, Arabic and pictures: they are text wherever they stand, and no page grows wider. */
import { enter, expect, fits, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

const MARKUP = `<img src=x onerror="self.ran=1"><script>self.ran=1</script>`;
/** Begins with markup; then comes what is read from the right, a picture of several characters, and a word without an end. */
const named = (length: number) => [...`${MARKUP} مؤسسة الحسيني 👩‍👩‍👧‍👦 ${"W".repeat(300)}`].slice(0, length).join("");

test("the longest and strangest names stay text and within the page", async ({ page, at, world }) => {
  test.setTimeout(90_000);
  const tokens = await signedIn(await founder(world, "Orbit Names"), world);
  const api = new Api(world.urls.core, tokens.access_token);
  const person = { first_name: named(100), last_name: named(100) };
  const contact = await api.call<Schema<"Contact">>("POST", "/v1/contacts", person);
  const company = await api.call<Schema<"Company">>("POST", "/v1/companies", { name: named(200) });
  const deal = await api.call<Schema<"Deal">>("POST", "/v1/deals", {
    title: named(200),
    company: company.id,
    contacts: [{ contact: contact.id, role: "decision_maker" }],
  });
  const form = await api.call<Schema<"Form">>("POST", "/v1/forms", { name: named(200) });
  const client = await api.call<Schema<"Client">>("POST", "/v1/clients", { name: named(120) });
  await enter(page, at, tokens, "/contacts");
  for (const path of [
    "/contacts",
    `/contacts/${contact.id}`,
    "/companies",
    `/companies/${company.id}`,
    "/deals?view=table&line=all",
    `/deals/${deal.id}`,
    "/forms",
    `/forms/${form.id}`,
    "/clients",
    `/clients/${client.id}`,
  ]) {
    await test.step(path.replace(/_\w+/, ""), async () => {
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(at + path);
      await expect(page.getByText(MARKUP.slice(0, 20)).filter({ visible: true }).first()).toBeVisible();
      await fits(page);
      await page.setViewportSize({ width: 390, height: 844 });
      await fits(page);
      expect(await page.evaluate(() => "ran" in self)).toBe(false);
      await expect(page.locator("img[src=x]")).toHaveCount(0);
    });
  }
});
