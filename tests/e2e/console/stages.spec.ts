/** What the account calls the steps of its contacts, who follows them, their pages, and how one becomes a deal. */
import { enter, expect, fits, menuOf, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { upwards } from "../support/sorted";
import { Api, type Schema } from "../support/world";

test("stages are made, meant, ordered and taken away; their contacts follow", async ({ page, at, world }) => {
  const person = await founder(world, "Stage Coach");
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const stages = async () => (await api.get<Schema<"ContactStages">>("/v1/contact-stages")).items;
  const ada = await api.call<Schema<"Contact">>("POST", "/v1/contacts", {
    first_name: "Ada",
    company_name: "Kestrel",
    stage: "proposal",
  });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/settings/contact-stages");
  await expect(page.getByText("Not answered")).toBeVisible();

  await page.getByRole("button", { name: "New stage" }).click();
  const dialog = page.getByRole("dialog", { name: "New stage" });
  await dialog.getByLabel("Name").fill("won");
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(dialog.getByLabel("Name")).toHaveAccessibleDescription("Another stage has this name.");
  await dialog.getByLabel("Name").fill("Trial");
  await dialog.getByRole("button", { name: "Colour 3", exact: true }).click();
  await dialog.getByLabel("Who comes here by themselves").selectOption({ index: 2 });
  await expect(dialog.getByText("Until now they come to “Qualified”.")).toBeVisible();
  await shoot(page, "stage-new-dark-1440");
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(dialog).toBeHidden();
  await upwards(page, "Trial", 9);
  await expect.poll(async () => (await stages()).findIndex(({ label }) => label === "Trial")).toBe(7);
  const trial = (await stages()).find(({ label }) => label === "Trial");
  expect([trial?.key, trial?.entry, trial?.colour]).toEqual(["trial", "converted", "#13895f"]);

  // A stage with somebody in it says so, and asks where he goes.
  await page.getByRole("button", { name: "Actions for Proposal" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  const confirm = page.getByRole("dialog", { name: "Delete Proposal?" });
  await expect(confirm.getByText(/^1 contact is in it/)).toBeVisible();
  await confirm.getByLabel("Its contacts go to").selectOption("Negotiation");
  await shoot(page, "stage-remove-dark-1440");
  await confirm.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("Its contacts went to Negotiation")).toBeVisible();
  await fits(page);
  await shoot(page, "stages-dark-1440");
  await page.emulateMedia({ colorScheme: "light" });
  await shoot(page, "stages-light-1440");
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
  await shoot(page, "stages-light-390");
  const read = () => api.get<Schema<"Contact">>(`/v1/contacts/${ada.id}`);
  await expect.poll(async () => (await read()).stage).toBe("negotiation");

  // The contact itself: where it came from, its pages, who follows.
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${at}/contacts/${ada.id}`);
  await expect(page.getByText("Moved to Negotiation")).toBeVisible();
  await page.keyboard.press("e");
  const edit = page.getByRole("dialog", { name: "Edit contact" });
  await edit.getByRole("button", { name: "Add a profile" }).click();
  await edit.getByLabel("Social profiles 1", { exact: true }).fill("not a page");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(edit.getByText(/Write the https address of a page/)).toBeVisible();
  await edit.getByLabel("Social profiles 1", { exact: true }).fill("@ada");
  await edit.getByLabel("What it is for: Social profiles 1").selectOption("X");
  await edit.getByLabel("Social profiles 1", { exact: true }).scrollIntoViewIfNeeded();
  await shoot(page, "profiles-edit-light-1440");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("link", { name: "Page of X" })).toHaveAttribute("href", "https://x.com/ada");

  await page.getByRole("button", { name: "Follow", exact: true }).click();
  const follow = page.getByRole("dialog", { name: "Follow" });
  await follow.getByRole("button", { name: "Follow", exact: true }).click();
  await expect(follow.getByRole("list", { name: "Who follows" }).getByRole("listitem")).toHaveCount(1);
  await shoot(page, "follow-light-1440");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: /^You follow/ })).toBeVisible();

  // It becomes a deal; everything that is known stands there already.
  await api.call("PATCH", `/v1/contacts/${ada.id}`, { stage: "new" });
  // What every deal must have is asked for, and refused where it is missing.
  const size = { record: "deal", label: "Frame size", type: "number", required: true };
  const { key } = await api.call<Schema<"CustomField">>("POST", "/v1/custom-fields", size);
  await page.reload();
  await menuOf(page).click();
  await page.getByRole("menuitem", { name: "Make a deal" }).click();
  const convert = page.getByRole("dialog", { name: "Make a deal" });
  await expect(convert.getByLabel("Title")).toHaveValue("Kestrel, Ada");
  await convert.getByLabel(/^Amount/).fill("1200");
  await page.emulateMedia({ colorScheme: "dark" });
  await shoot(page, "convert-dark-1440");
  await convert.getByRole("button", { name: "Make the deal" }).click();
  const asked = convert.getByLabel("Frame size");
  await expect(asked).toHaveAttribute("aria-invalid", "true");
  await asked.fill("58");
  await asked.blur();
  await shoot(page, "convert-required-dark-1440");
  await convert.getByRole("button", { name: "Make the deal" }).click();
  await expect(page).toHaveURL(/\/deals\/dea_/);
  const [made] = (await api.get<{ items: Schema<"Deal">[] }>(`/v1/deals?contact=${ada.id}`)).items;
  expect(made?.custom).toEqual({ [key]: 58 });
  await expect(page.getByRole("heading", { name: "Kestrel, Ada" }).first()).toBeVisible();
  expect((await read()).stage).toBe("trial");

  // And another one is put on it, on a phone.
  const ben = await api.call<Schema<"Contact">>("POST", "/v1/contacts", { first_name: "Ben" });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${at}/contacts/${ben.id}`);
  await menuOf(page).click();
  await page.getByRole("menuitem", { name: "Make a deal" }).click();
  const join = page.getByRole("dialog", { name: "Make a deal" });
  await join.getByRole("button", { name: "Existing deal" }).click();
  await join.getByRole("radio").first().check();
  await shoot(page, "convert-join-dark-390");
  await join.getByRole("button", { name: "Add to the deal" }).click();
  await expect(page.getByText("Added to Kestrel, Ada")).toBeVisible();

  // Whom one follows is a filter of the list.
  const me = await api.get<Schema<"Me">>("/v1/me");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${at}/contacts?f=${encodeURIComponent(JSON.stringify([`follower:eq:${me.user?.id}`]))}`);
  await expect(page.getByRole("link", { name: "Ada" }).first()).toBeVisible();
  await expect(page.getByText("Ben", { exact: true })).toHaveCount(0);
});
