/** Who gets new deals: rules as sentences, in order, tried, with people away; and many deals changed at once. */
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, mailedLink, type Person, signedIn, someone } from "../support/people";
import { Api, type Schema, type World } from "../support/world";
import { upwards } from "../support/sorted";

/** Somebody of the agency who works with deals. */
async function colleague(world: World, api: Api, name: string): Promise<Person> {
  const person = someone(name);
  const roles = await api.list<Schema<"Role">>("/v1/roles");
  const role = roles.find(({ key }) => key === "agency_staff")?.id;
  await api.call("POST", "/v1/invitations", { email: person.email, roles: [role] });
  const token = new URL(await mailedLink(world, person.email)).hash.slice("#token=".length);
  await api.call("POST", "/v1/invitations/acceptance", { token, name, password: person.password });
  return person;
}

test("rules give new deals to people who are there, and can be tried before", async ({ page, at, world }) => {
  const owner = await founder(world, "Orbit Turns");
  const tokens = await signedIn(owner, world);
  const api = new Api(world.urls.core, tokens.access_token);
  await colleague(world, api, "Mira Vance");
  await colleague(world, api, "Noor Haddad");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/settings/pipelines");
  await expect(page.getByText("No rules yet")).toBeVisible();

  // The sentence says what the rule will do while it is written.
  await page.getByRole("button", { name: "Add rule" }).click();
  const dialog = page.getByRole("dialog", { name: "Add rule" });
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");
  await dialog.getByLabel("Name").fill("Big ones");
  await dialog.getByRole("button", { name: "Least busy" }).click();
  await dialog.getByLabel("Add a member").selectOption({ label: "Mira Vance" });
  await dialog.getByLabel("Add a member").selectOption({ label: "Noor Haddad" });
  await dialog.getByLabel("Most open deals of Noor Haddad").fill("5");
  await dialog.getByLabel("Source").fill("Website, Fair");
  await dialog.getByLabel("Worth at least").fill("1000");
  await expect(dialog.getByRole("status")).toHaveText(
    "New deals from Website or Fair of $1,000 or more go to whoever has the fewest open deals: Mira Vance and Noor Haddad (up to 5 open deals).",
  );
  await shoot(page, "assignment-rule-dark-1440");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog).toBeHidden();
  const body = { name: "Everything else", mode: "round_robin", members: [] as { member: string }[] };
  for (const member of await api.list<Schema<"Member">>("/v1/members")) body.members.push({ member: member.id });
  await api.call("POST", "/v1/assignment-rules", body);
  await expect(page.getByText(/^New deals go in turn to/)).toBeVisible();

  // Tried: the first rule that fits, and who of it can.
  await page.getByRole("switch", { name: "Mira Vance takes deals" }).click();
  await expect(page.getByText("Paused until somebody switches it on")).toBeVisible();
  await page.getByLabel("Source").fill("fair");
  await page.getByLabel("Amount in USD").fill("2000");
  await expect(page.getByText("Noor Haddad would get it, by the rule Big ones.")).toBeVisible();
  await expect(page.getByText("Mira Vance: away")).toBeVisible();
  await fits(page);
  await shoot(page, "assignment-dark-1440");
  await page.getByRole("button", { name: "Undo" }).first().click();
  await expect(page.getByText("Mira Vance would get it, by the rule Big ones.")).toBeVisible();

  // In another order the other one decides; what is removed comes back to its place.
  await upwards(page, "Everything else", 2);
  await expect(page.getByText(/would get it, by the rule Everything else\./)).toBeVisible();
  await page.getByRole("button", { name: "Actions for Everything else" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByText(/^New deals go in turn to/)).toBeHidden();
  await page.getByRole("button", { name: "Undo" }).first().click();
  const names = async () => (await api.list<Schema<"AssignmentRule">>("/v1/assignment-rules")).map(({ name }) => name);
  await expect.poll(names).toEqual(["Everything else", "Big ones"]);

  // A deal without an owner says whom it was given to, and its history by which rule.
  await page.goto(`${at}/deals?new=true`);
  const fresh = page.getByRole("dialog", { name: "New deal" });
  await fresh.getByLabel("Title").fill("Lighthouse");
  await expect(fresh.getByLabel("Owner")).toHaveValue("");
  await fresh.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByText(/^Given to .* by a rule\.$/)).toBeVisible();
  await page.getByRole("link", { name: "Lighthouse", exact: true }).click();
  await expect(
    page.getByRole("listitem").getByText(/^Given to .* in turn, by the rule Everything else · /),
  ).toBeVisible();
  await shoot(page, "assignment-history-dark-1440");

  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(`${at}/settings/pipelines`);
  await expect(page.getByText(/would get it, by the rule Everything else\./)).toBeVisible();
  await shoot(page, "assignment-light-1440");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("heading", { name: "Who gets new deals" }).scrollIntoViewIfNeeded();
  await fits(page);
  await shoot(page, "assignment-light-390");
  await page.getByRole("button", { name: "Actions for Big ones" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await expect(page.getByRole("dialog", { name: "Edit rule" }).getByLabel("Name")).toHaveValue("Big ones");
  await shoot(page, "assignment-rule-light-390");
});

test("many deals move, end and go at once; what stays is named, and all of it comes back", async ({
  page,
  at,
  world,
}) => {
  const tokens = await signedIn(await founder(world, "Orbit Many Deals"), world);
  const api = new Api(world.urls.core, tokens.access_token);
  const [line] = await api.list<Schema<"Pipeline">>("/v1/pipelines");
  const stages = line?.stages.map((stage, i) => (i === 2 ? { ...stage, requires: ["next_step"] } : stage));
  await api.call("PATCH", `/v1/pipelines/${line?.id}`, { stages });
  for (const [i, next_step] of [
    [1, "Call"],
    [2, undefined],
    [3, "Write"],
  ] as const)
    await api.call("POST", "/v1/deals", {
      title: `Boat ${i}`,
      amount: i * 1000,
      stage: line?.stages[0]?.id,
      next_step,
    });
  // More than one page, so that what is not shown can be chosen too.
  for (let i = 4; i <= 56; i++) await api.call("POST", "/v1/deals", { title: `Pier ${i}` });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/deals?view=table&q=boat");
  await page.getByRole("checkbox", { name: "Select all that are shown" }).check();
  const bar = page.getByRole("region", { name: "3 selected" });
  await bar.getByRole("button", { name: "Move to stage" }).click();
  await page.getByRole("dialog", { name: "Move to stage" }).getByRole("button", { name: "Proposal" }).click();
  await expect(page.getByText("2 deals changed")).toBeVisible();
  await expect(page.getByText("Boat 2: this stage asks for Next step.")).toBeVisible();
  await expect(page.getByRole("region", { name: "1 selected" })).toBeVisible();
  const stayed = page.getByRole("region", { name: "1 deal stayed as it was" });
  await expect(stayed).toContainText("Lacks what the stage asks for: Next step");
  await expect(stayed.getByRole("link", { name: "Boat 2" })).toBeVisible();
  await shoot(page, "deals-bulk-dark-1440");
  await stayed.getByRole("button", { name: "Close" }).click();
  const open = (stage: number) =>
    api.list<Schema<"Deal">>(`/v1/deals?q=boat&filter=status:eq:open&filter=stage:eq:${line?.stages[stage]?.id}`);
  expect((await open(2)).map(({ title }) => title).sort()).toEqual(["Boat 1", "Boat 3"]);
  await page.getByRole("button", { name: "Undo" }).first().click();
  await expect.poll(async () => (await open(0)).length).toBe(3);

  await page.getByRole("checkbox", { name: "Select Boat 1" }).check();
  await page.getByRole("region", { name: "2 selected" }).getByRole("button", { name: "Lost" }).click();
  const why = page.getByRole("dialog", { name: "Close the selected deals as lost?" });
  await why.getByLabel("Reason").selectOption("Price");
  await why.getByRole("button", { name: "Lost" }).click();
  await expect(page.getByText("2 deals lost")).toBeVisible();
  await expect.poll(async () => (await open(0)).length).toBe(1);
  await page.getByRole("button", { name: "Undo" }).first().click();
  await expect.poll(async () => (await open(0)).length).toBe(3);

  // One alone is moved where it stands, and asked for what it lacks.
  await page.getByRole("button", { name: /^Stage of Boat 2/ }).click();
  await page.getByRole("menuitem", { name: "Proposal" }).click();
  const asks = page.getByRole("dialog", { name: "Boat 2 is not complete" });
  await asks.getByLabel("Next step").fill("Call");
  await asks.getByRole("button", { name: "Move to Proposal" }).click();
  await expect.poll(async () => (await open(2)).map(({ title }) => title)).toEqual(["Boat 2"]);
  await expect(page.getByRole("button", { name: "Stage of Boat 2: Proposal" })).toBeVisible();

  await page.getByRole("link", { name: "Changes of many" }).click();
  const run = page.getByRole("listitem").filter({ hasText: "Stage: Proposal" });
  await expect(run).toContainText("1 left alone");
  await run.getByRole("button", { name: "What stayed, and why" }).click();
  await expect(run.getByRole("link", { name: "Boat 2" })).toBeVisible();
  await page.goBack();

  await page.getByLabel("Search deals").fill("pier");
  await expect(page.getByText("50 deals")).toBeVisible();
  await page.getByRole("checkbox", { name: "Select all that are shown" }).check();
  await page.getByRole("button", { name: "Select all 53 that match" }).click();
  const all = page.getByRole("region", { name: "All 53 selected" });
  await all.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete 53" }).click();
  await expect(page.getByText("53 deals deleted")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).first().click();
  await expect(page.getByText("50 deals")).toBeVisible();
});
