/** Two contacts who are one person: found, compared, merged, apart again; and two who only look so. */
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

const LOOKS = [
  { name: "wide-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "wide-light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
] as const;

async function people(api: Api): Promise<Schema<"Contact">[]> {
  const all = [
    {
      first_name: "Ada",
      last_name: "Byron",
      job_title: "Analyst",
      emails: [{ address: "ada@engines.example" }],
      tags: ["vip"],
    },
    {
      first_name: "Ada",
      last_name: "Lovelace",
      company_name: "Engines Ltd",
      job_title: "Countess",
      emails: [{ address: "ada@engines.example" }, { address: "countess@engines.example" }],
      phones: [{ number: "+49 30 901820" }],
    },
    { first_name: "John", last_name: "Smith", company_name: "Ferries" },
    { first_name: "Jon", last_name: "Smith", company_name: "Ferries" },
  ];
  const made: Schema<"Contact">[] = [];
  for (const each of all) made.push(await api.call("POST", "/v1/contacts", each));
  return made;
}

test("duplicates are compared, merged, undone and dismissed", async ({ page, at, world }) => {
  const person = await founder(world, "Twin Partners");
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const [byron, lovelace] = await people(api);
  // They are compared after they were made.
  const found = async () => (await api.list<Schema<"ContactDuplicate">>("/v1/contact-duplicates")).length;
  await expect.poll(found).toBe(2);
  await api.call("POST", `/v1/contacts/${lovelace?.id}/notes`, { body: "Prefers the evening" });

  await enter(page, at, tokens, "/contacts");
  await page.getByRole("link", { name: "Duplicates" }).click();
  await expect(page.getByText("Same email")).toBeVisible();
  await expect(page.getByText("Similar name")).toBeVisible();
  await shoot(page, "duplicates-wide");
  // What is found meanwhile waits, surer as it may be, until it is asked for; what goes is gone at once.
  const pairs = page.getByRole("region", { name: "To look at" }).getByRole("listitem");
  const mia = { first_name: "Mia", last_name: "Moss", emails: [{ address: "mia@moss.example" }] };
  await api.call("POST", "/v1/contacts", mia);
  const again = await api.call<Schema<"Contact">>("POST", "/v1/contacts", mia);
  const fresh = page.getByRole("button", { name: "1 new: show it" });
  await expect(fresh).toBeVisible();
  await expect(pairs.first()).toContainText("Smith");
  await fresh.click();
  await expect(pairs.first()).toContainText("Mia Moss");
  await expect(fresh).toHaveCount(0);
  await api.call("DELETE", `/v1/contacts/${again.id}`);
  await expect(pairs.filter({ hasText: "Mia Moss" })).toHaveCount(0);
  await page.getByRole("button", { name: /John Smith and Jon Smith|Jon Smith and John Smith/ }).click();
  await expect(page.getByText("Similar name")).toHaveCount(0);

  await page.getByRole("link", { name: /^Compare Ada/ }).click();
  await expect(page.getByRole("radio", { name: /^Ada Byron Added/ })).toBeChecked();
  // Arrow keys go through the contacts.
  const job = page.getByRole("group", { name: /^Which .*job.* is kept$/i });
  await job.getByRole("radio").first().focus();
  await page.keyboard.press("ArrowDown");
  await expect(job.getByRole("radio", { name: /Countess/ })).toBeChecked();
  await shoot(page, "duplicates-compare-wide");
  await page.getByRole("button", { name: "Merge 2 contacts" }).click();
  await expect(page.getByText("Merged into Ada Byron")).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/contacts/${byron?.id}$`));
  await expect(page.getByText("Prefers the evening")).toBeVisible();
  const merged = await api.get<Schema<"Contact">>(`/v1/contacts/${byron?.id}`);
  expect([merged.job_title, merged.company_name, merged.emails.length]).toEqual(["Countess", "Engines Ltd", 2]);

  // A link to the one that went leads to the one that is kept.
  await page.goto(`${at}/contacts/${lovelace?.id}`);
  await expect(page).toHaveURL(new RegExp(`/contacts/${byron?.id}$`));

  await page.goto(`${at}/contacts/duplicates`);
  await page.getByRole("button", { name: "Merges" }).click();
  await expect(page.getByText("Ada Lovelace → Ada Byron")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Apart again")).toBeVisible();
  await expect(page.getByText("Undone")).toBeVisible();
  const apart = await api.get<Schema<"Contact">>(`/v1/contacts/${lovelace?.id}`);
  // The score is counted after the fact, from what the contact is by then.
  const { score, band } = apart;
  expect(apart).toEqual(lovelace && { ...apart, ...lovelace, duplicates: undefined, score, band });
});

test("companies are compared, merged and undone", async ({ page, at, world }) => {
  const person = await founder(world, "Twin Companies");
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const kite = await api.call<Schema<"Company">>("POST", "/v1/companies", { name: "Kite GmbH", industry: "Ships" });
  const twin = await api.call<Schema<"Company">>("POST", "/v1/companies", { name: "KITE", industry: "Boats" });
  await api.call("POST", "/v1/deals", { title: "Roof of the boathouse", company: twin.id });

  await enter(page, at, tokens, "/companies");
  await page.getByRole("link", { name: "Duplicates" }).click();
  await expect(page.getByText("Same name")).toBeVisible();
  await page.getByRole("link", { name: /^Compare/ }).click();
  await expect(page.getByRole("radio", { name: /^Kite GmbH Added/ })).toBeChecked();
  await page.getByRole("group", { name: "Which Industry is kept" }).getByRole("radio", { name: /Boats/ }).check();
  await fits(page);
  await page.getByRole("button", { name: "Merge 2 companies" }).click();
  await expect(page).toHaveURL(new RegExp(`/companies/${kite.id}$`));
  await expect(page.getByText("Roof of the boathouse").first()).toBeVisible();
  await expect(page.getByText("Boats").first()).toBeVisible();
  // A link to the one that went leads to the one that is kept.
  await page.goto(`${at}/companies/${twin.id}`);
  await expect(page).toHaveURL(new RegExp(`/companies/${kite.id}$`));

  await page.goto(`${at}/companies/duplicates?view=history`);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Apart again")).toBeVisible();
  const apart = await api.get<Schema<"Company">>(`/v1/companies/${twin.id}`);
  expect([apart.name, apart.industry]).toEqual(["KITE", "Boats"]);

  // Three that hang together become one in one go; two that are surely one without a look.
  await api.call("POST", "/v1/companies", { name: "Kite AG" });
  for (const name of ["Owl", "Owl Ltd"]) await api.call("POST", "/v1/companies", { name, tax_id: "DE 9" });
  await page.goto(`${at}/companies/duplicates`);
  const group = page.getByRole("listitem").filter({ hasText: "3 companies that may be one" });
  await group.getByRole("button", { name: "What speaks for it" }).click();
  await expect(group.getByText("Same name").first()).toBeVisible();
  await group.getByRole("radio", { name: /Kite AG$/ }).check();
  await group.getByRole("checkbox", { name: "KITE takes part" }).uncheck();
  await fits(page);
  await shoot(page, "duplicates-companies-group");
  await group.getByRole("button", { name: "Merge 2 companies" }).click();
  await expect(page.getByText("Merged into Kite AG")).toBeVisible();
  await page.getByRole("button", { name: "Merge the sure ones" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Merge", exact: true }).click();
  const left = async () => (await api.list<Schema<"Company">>("/v1/companies")).map(({ name }) => name).sort();
  await expect.poll(left).toHaveLength(3);
  expect((await left()).slice(0, 2)).toEqual(["KITE", "Kite AG"]);
  await page.getByRole("button", { name: "Merges" }).click();
  const past = page.getByRole("region", { name: "Merges" });
  await expect(past.getByRole("button", { name: "Undo" })).toHaveCount(2);
});

for (const look of LOOKS) {
  test.describe(look.name, () => {
    const { name, ...use } = look;
    test.use(use);
    test("duplicates fit", async ({ page, at, world }) => {
      const person = await founder(world, `Twin looks ${name}`);
      const tokens = await signedIn(person, world);
      const api = new Api(world.urls.core, tokens.access_token);
      const [byron, lovelace] = await people(api);
      // They are compared after they were made.
      const pairs = () => api.get<Schema<"Page_ContactDuplicate">>("/v1/contact-duplicates");
      await expect.poll(async () => (await pairs()).items.length).toBe(2);
      await enter(page, at, tokens, "/contacts/duplicates");
      await expect(page.getByText("Same email")).toBeVisible();
      await expect(page.getByText("Similar name")).toBeVisible();
      await fits(page);
      await shoot(page, `duplicates-${name}`);
      const ids = encodeURIComponent(JSON.stringify([byron?.id, lovelace?.id]));
      await page.goto(`${at}/contacts/merge?ids=${ids}`);
      await expect(page.getByText("All other fields are the same or empty.")).toBeVisible();
      await fits(page);
      await shoot(page, `duplicates-compare-${name}`);
    });
  });
}
