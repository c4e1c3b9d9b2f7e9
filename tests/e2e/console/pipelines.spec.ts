/** Pipelines: made, put in order, written as a whole, and never taken from under a deal. */
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";
import { upwards } from "../support/sorted";

test("a pipeline is made, written, ordered and deleted; deals keep theirs", async ({ page, at, world }) => {
  const person = await founder(world, "Orbit Pipes");
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const lines = () => api.list<Schema<"Pipeline">>("/v1/pipelines");
  const [sales] = await lines();
  const open = await api.call<Schema<"Deal">>("POST", "/v1/deals", { title: "Boats", stage: sales?.stages[1]?.id });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/deals");
  await page.getByRole("button", { name: "Sales" }).click();
  await page.getByRole("menuitem", { name: "Edit pipelines" }).click();
  await expect(page).toHaveURL(/\/settings\/pipelines$/);

  // The only one stays.
  await page.getByRole("button", { name: "Actions for Sales" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  const confirm = page.getByRole("dialog", { name: "Delete Sales?" });
  await confirm.getByRole("button", { name: "Delete" }).click();
  await expect(confirm.getByText(/this is the only one/)).toBeVisible();
  await confirm.getByRole("button", { name: "Cancel" }).click();

  await page.getByRole("button", { name: "New pipeline" }).click();
  const dialog = page.getByRole("dialog", { name: "New pipeline" });
  await dialog.getByLabel("Name").fill("Sales");
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(dialog.getByLabel("Name")).toHaveAccessibleDescription("Another pipeline has this name.");
  await dialog.getByLabel("Name").fill("Charter");
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(page.getByRole("heading", { name: "Charter" })).toBeVisible();

  // Written as a whole: renamed, asked for, added, sorted, wrong, right.
  await page.getByLabel("Name of New").fill("Asked");
  await page.getByLabel("Probability of Asked").fill("120");
  await page.getByRole("button", { name: "Asks for nothing (Asked)" }).click();
  await page.getByRole("checkbox", { name: "Company" }).check();
  await page.getByRole("checkbox", { name: "Amount" }).check();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Asks for Amount and Company (Asked)" })).toBeVisible();
  await page.getByRole("button", { name: "Add stage" }).click();
  await expect(page.getByLabel("Name of Stage 5")).toBeFocused();
  await page.getByLabel("Name of Stage 5").fill("asked");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Something is not right yet")).toBeVisible();
  await expect(page.getByText("From 0 to 100.")).toBeVisible();
  await expect(page.getByText("Another stage has this name.")).toBeVisible();
  await page.getByLabel("Probability of Asked", { exact: true }).fill("20");
  await page.getByLabel("Name of asked", { exact: true }).fill("Held");
  await upwards(page, "Held", 5);
  await page.getByLabel("Days until quiet").fill("14");
  await page.getByLabel("Reasons, one a line").fill("Weather\nPrice");
  await shoot(page, "pipeline-dark-1440");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Not saved yet")).toBeHidden();
  const charter = async () => (await lines()).find(({ name }) => name === "Charter");
  await expect.poll(async () => (await charter())?.quiet_days).toBe(14);
  expect((await charter())?.stages.map(({ name }) => name)).toEqual([
    "Asked",
    "Qualified",
    "Proposal",
    "Held",
    "Negotiation",
  ]);
  expect((await charter())?.stages[0]?.requires).toEqual(["amount", "company"]);
  expect((await charter())?.reasons).toEqual(["Weather", "Price"]);

  // Somebody else is faster.
  await page.route("**/v1/stream*", (route) => route.abort());
  await page.getByLabel("Days until quiet").fill("21");
  await api.call("PATCH", `/v1/pipelines/${(await charter())?.id}`, { reasons: ["Storm"] });
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/Somebody else changed this pipeline/)).toBeVisible();
  await page.getByRole("button", { name: "Take theirs" }).click();
  await expect(page.getByLabel("Reasons, one a line")).toHaveValue("Storm");
  await expect(page.getByLabel("Days until quiet")).toHaveValue("14");

  // Leaving with something unsaved asks.
  await page.getByLabel("Days until quiet").fill("22");
  await page.getByRole("link", { name: "Pipelines" }).first().click();
  await page.getByRole("dialog", { name: "Leave without saving?" }).getByRole("button", { name: "Leave" }).click();
  await expect(page).toHaveURL(/\/settings\/pipelines$/);
  await upwards(page, "Charter", 2);
  await expect.poll(async () => (await lines()).map(({ name }) => name)).toEqual(["Charter", "Sales"]);
  await shoot(page, "pipelines-dark-1440");

  // A stage with open deals stays, and so does a pipeline with any.
  await page.getByRole("link", { name: "Sales" }).click();
  await page.getByRole("button", { name: "Remove Qualified" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/Open deals are in Qualified/)).toBeVisible();
  await shoot(page, "pipeline-in-use-dark-1440");
  await page.getByRole("button", { name: "Put back what was removed" }).click();
  await expect(page.getByLabel("Name of Qualified")).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText(/There are deals in it/)).toBeVisible();
  await page.getByRole("link", { name: "Show its deals" }).click();
  await expect(page.getByRole("link", { name: open.title })).toBeVisible();

  await page.goto(`${at}/settings/pipelines`);
  await page.getByRole("button", { name: "Actions for Charter" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByRole("dialog", { name: "Rename" }).getByLabel("Name").fill("Hire");
  await page.getByRole("dialog", { name: "Rename" }).getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Actions for Hire" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect.poll(async () => (await lines()).length).toBe(1);
});

test("pipelines on a phone by day, found by searching the settings", async ({ page, at, world }) => {
  const tokens = await signedIn(await founder(world, "Orbit Pocket Pipes"), world);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 390, height: 844 });
  await enter(page, at, tokens, "/settings?q=probability");
  await page.getByRole("link", { name: /Pipelines/ }).click();
  await expect(page.getByRole("link", { name: "Sales" })).toBeVisible();
  await fits(page);
  await shoot(page, "pipelines-light-390");
  await page.getByRole("link", { name: "Sales" }).click();
  await page.getByLabel("Probability of New").fill("15");
  await page.getByRole("button", { name: "Asks for nothing (New)" }).click();
  await expect(page.getByRole("checkbox", { name: "Next step" })).toBeVisible();
  await shoot(page, "pipeline-asks-light-390");
  await page.keyboard.press("Escape");
  await fits(page);
  await shoot(page, "pipeline-light-390");
});
