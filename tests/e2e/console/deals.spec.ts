/** Deals: the board under mouse and keys, ends with reasons, the table, the forecast and the past; wide by night, a phone by day. */
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema, type World } from "../support/world";
import type { Page } from "@playwright/test";

async function selling(world: World, agency: string) {
  const person = await founder(world, agency);
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const [line] = await api.list<Schema<"Pipeline">>("/v1/pipelines");
  const stages = line?.stages ?? [];
  const contact = await api.call<Schema<"Contact">>("POST", "/v1/contacts", {
    first_name: "Wanda",
    last_name: "Leclerc",
  });
  const day = (from: number) => new Date(Date.now() + from * 86_400_000).toISOString().slice(0, 10);
  const make = (title: string, amount: number, stage: number, more: object = {}) =>
    api.call<Schema<"Deal">>("POST", "/v1/deals", {
      title,
      amount,
      currency: "USD",
      stage: stages[stage]?.id,
      ...more,
    });
  const deals = {
    oakfield: await make("Oakfield School", 960_000, 0, {
      next_step: "Send site-visit dates",
      expected_close: day(20),
    }),
    harbor: await make("Harbor Hotel", 720_000, 0, {
      next_step: "First call",
      next_step_on: day(3),
      expected_close: day(50),
    }),
    arden: await make("Arden Food Co-op", 1_470_000, 1, {
      next_step: "Draft quote",
      next_step_on: day(0),
      expected_close: day(10),
    }),
    lowland: await make("Lowland Couriers", 2_840_000, 2, { expected_close: day(30) }),
    fennick: await make("Fennick Architects", 1_120_000, 2, {
      next_step: "Approved, send terms",
      expected_close: day(40),
      contacts: [{ contact: contact.id, role: "decision_maker" }],
    }),
    city: await make("City of Arden", 4_600_000, 3, {
      next_step: "Legal reply",
      next_step_on: day(-2),
      expected_close: day(5),
    }),
    sable: await make("Sable Coffee", 820_000, 3),
  };
  await api.call("POST", `/v1/deals/${deals.sable.id}/outcome`, { status: "won" });
  return { tokens, api, stages, deals };
}

const lane = (page: Page, name: string | RegExp) => page.getByRole("list", { name });
const cardIn = (page: Page, name: string | RegExp, title: string) =>
  lane(page, name).getByRole("link", { name: title, exact: true });

test("cards move by mouse, by keys and by menu, and come back", async ({ page, at, world }) => {
  const { tokens, api, stages, deals } = await selling(world, "Orbit Deals");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/deals");
  await expect(cardIn(page, "Proposal", "Fennick Architects")).toBeVisible();
  await expect(page.getByRole("heading", { name: /^New 2/ })).toBeVisible();
  await expect(page.getByText("$117,100 open", { exact: false })).toBeVisible();
  await expect(page.getByText("Legal reply, 2 days late")).toBeVisible();
  await expect(page.getByText("Draft quote today")).toBeVisible();
  await fits(page);
  await shoot(page, "deals-board-dark-1440");

  // By mouse, to the end of another stage.
  const from = await cardIn(page, "New", "Harbor Hotel").boundingBox();
  const to = await lane(page, "Qualified").boundingBox();
  if (!from || !to) throw new Error("nothing to drag");
  await page.mouse.move(from.x + 20, from.y + 40);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 60, { steps: 4 });
  await page.mouse.move(to.x + to.width / 2, to.y + 220, { steps: 8 });
  await shoot(page, "deals-drag-dark-1440");
  await page.mouse.up();
  await expect(cardIn(page, "Qualified", "Harbor Hotel")).toBeVisible();
  await expect(page.getByText("Harbor Hotel moved to Qualified")).toBeVisible();
  const stageOf = async (id: string) => (await api.get<Schema<"Deal">>(`/v1/deals/${id}`)).stage;
  await expect.poll(() => stageOf(deals.harbor.id)).toBe(stages[1]?.id);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(cardIn(page, "New", "Harbor Hotel")).toBeVisible();
  await expect.poll(() => stageOf(deals.harbor.id)).toBe(stages[0]?.id);

  // By keys: what happens is said, Escape puts it back.
  const said = page.locator("[data-said]");
  await cardIn(page, "Proposal", "Fennick Architects").focus();
  await page.keyboard.press("Space");
  await expect(said).toHaveText("Fennick Architects picked up. Proposal, position 1 of 2.");
  await page.keyboard.press("ArrowRight");
  await expect(said).toHaveText("Fennick Architects, Negotiation, position 1 of 2");
  await page.keyboard.press("ArrowDown");
  await expect(said).toHaveText("Fennick Architects, Negotiation, position 2 of 2");
  await shoot(page, "deals-keys-dark-1440");
  await page.keyboard.press("Escape");
  await expect(cardIn(page, "Proposal", "Fennick Architects")).toBeFocused();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(said).toHaveText("Fennick Architects dropped. Negotiation, position 2 of 2.");
  await expect(cardIn(page, "Negotiation", "Fennick Architects")).toBeFocused();
  await expect.poll(() => stageOf(deals.fennick.id)).toBe(stages[3]?.id);

  // By menu, where a drag is no way: moved, then lost with a reason.
  await page.getByRole("button", { name: "Actions for Lowland Couriers" }).click();
  await page.getByRole("menuitem", { name: "Qualified" }).click();
  await expect(cardIn(page, "Qualified", "Lowland Couriers")).toBeVisible();
  await page.getByRole("button", { name: "Actions for Lowland Couriers" }).click();
  await page.getByRole("menuitem", { name: "Lost" }).click();
  const dialog = page.getByRole("dialog", { name: "Lost: Lowland Couriers" });
  await expect(dialog.getByRole("button", { name: "Lost" })).toBeDisabled();
  await dialog.getByLabel("Reason").selectOption("Price");
  await dialog.getByLabel("Note").fill("Somebody was cheaper.");
  await shoot(page, "deals-lose-dark-1440");
  await dialog.getByRole("button", { name: "Lost" }).click();
  await expect(page.getByText("Lowland Couriers lost")).toBeVisible();
  await expect(page.getByRole("link", { name: "Lowland Couriers" })).toHaveCount(0);
  const lost = await api.get<Schema<"Deal">>(`/v1/deals/${deals.lowland.id}`);
  expect([lost.status, lost.reason, lost.reason_note]).toEqual(["lost", "Price", "Somebody was cheaper."]);
});

test("a drag that somebody else was faster with is told, and a stage names what it asks for", async ({
  page,
  at,
  world,
}) => {
  const { tokens, api, stages, deals } = await selling(world, "Orbit Races");
  const [line] = await api.list<Schema<"Pipeline">>("/v1/pipelines");
  await api.call("POST", "/v1/custom-fields", { record: "deal", key: "seats", label: "Seats", type: "number" });
  const asked = { requires: ["source"], requires_custom: ["seats"] };
  const strict = line?.stages.map((stage, n) => (n === 3 ? { ...stage, ...asked } : stage));
  await api.call("PATCH", `/v1/pipelines/${line?.id}`, { stages: strict });
  await page.setViewportSize({ width: 1440, height: 900 });
  // The stream would bring the news before the drag does.
  await page.route("**/v1/stream*", (route) => route.abort());
  await enter(page, at, tokens, "/deals");
  await cardIn(page, "New", "Oakfield School").focus();
  await api.call("POST", `/v1/deals/${deals.oakfield.id}/moves`, { stage: stages[2]?.id });
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^Somebody moved it meanwhile/).first()).toBeVisible();
  await expect(cardIn(page, "Proposal", "Oakfield School")).toBeVisible();
  await page.getByRole("button", { name: "Actions for Oakfield School" }).click();
  await page.getByRole("menuitem", { name: "Negotiation" }).click();
  const asks = page.getByRole("dialog", { name: "Oakfield School is not complete" });
  await expect(asks).toContainText("This stage asks for: Source and Seats.");
  await asks.getByRole("button", { name: "Cancel" }).click();
  await expect(cardIn(page, "Proposal", "Oakfield School")).toBeVisible();
  // What it lacks is filled in, and it goes on.
  await page.getByRole("button", { name: "Actions for Oakfield School" }).click();
  await page.getByRole("menuitem", { name: "Negotiation" }).click();
  await asks.getByLabel("Source").fill("Fair");
  await asks.getByLabel("Seats").fill("12");
  await asks.getByRole("button", { name: "Move to Negotiation" }).click();
  await expect(cardIn(page, "Negotiation", "Oakfield School")).toBeVisible();
});

test("a deal is made, read, changed, won and opened again", async ({ page, at, world }) => {
  const { tokens } = await selling(world, "Orbit Pages");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/deals");
  await page.getByRole("button", { name: "New deal" }).click();
  const dialog = page.getByRole("dialog", { name: "New deal" });
  await dialog.getByLabel("Title").fill("Marta Nyström");
  await dialog.getByLabel("Amount").fill("many");
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(dialog.getByLabel("Amount")).toHaveAccessibleDescription(/1250.50/);
  await dialog.getByLabel("Amount").fill("5,400.50");
  await dialog.getByLabel("Stage").selectOption("Qualified");
  await dialog.getByLabel("Contact").fill("wanda");
  await dialog.getByRole("button", { name: /Wanda Leclerc/ }).click();
  await dialog.getByLabel("Next step").fill("Fitting");
  await shoot(page, "deals-new-dark-1440");
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(cardIn(page, "Qualified", "Marta Nyström")).toBeVisible();
  await expect(page.getByText("$5,400.50")).toBeVisible();

  await cardIn(page, "Qualified", "Marta Nyström").click();
  await expect(page.getByRole("heading", { name: "Marta Nyström", level: 1 })).toBeAttached();
  const way = page.getByRole("list", { name: "Way through Sales" });
  await way.getByRole("button", { name: /Proposal/ }).click();
  await expect(page.getByText("Moved to Proposal", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Actions for Marta Nyström" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  const edit = page.getByRole("dialog", { name: "Edit" });
  await expect(edit.getByLabel("Amount")).toHaveValue("5400.50");
  await edit.getByLabel("Amount").fill("6000");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Now $6,000")).toBeVisible();
  await fits(page);
  await shoot(page, "deal-page-dark-1440");
  await page.getByRole("button", { name: "Won", exact: true }).click();
  await expect(page.getByText("Marta Nyström won")).toBeVisible();
  await page.getByRole("button", { name: "Open again" }).click();
  await expect(page.getByText("Opened again in Proposal")).toBeVisible();
});

test("the table sorts, the forecast adds up, and the board of another day can be seen", async ({ page, at, world }) => {
  const { tokens } = await selling(world, "Orbit Figures");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/deals?view=table");
  await page.getByRole("button", { name: "Sort by Amount" }).click();
  await expect(page.getByRole("columnheader", { name: "Amount" })).toHaveAttribute("aria-sort", "ascending");
  await expect(page.getByRole("row").nth(1)).toContainText("Harbor Hotel");
  await page.getByLabel("Search deals").fill("wanda");
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(page.getByRole("row").nth(1)).toContainText("Fennick Architects");
  await page.getByLabel("Search deals").fill("");
  await page.getByRole("button", { name: "Won", exact: true }).click();
  await expect(page.getByRole("row").nth(1)).toContainText("Sable Coffee");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await expect(page.getByRole("row")).toHaveCount(7);
  await fits(page);
  await shoot(page, "deals-table-dark-1440");
  // A view keeps how deals are drawn, and days that move with today.
  await page.getByRole("button", { name: "Save as new view" }).click();
  const naming = page.getByRole("dialog", { name: "Save as new view" });
  await naming.getByLabel("Name of the view").fill("By amount");
  await naming.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("button", { name: "By amount", exact: true })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "All", exact: true }).click();
  await expect(lane(page, "Negotiation")).toBeVisible();
  await page.getByRole("button", { name: "By amount", exact: true }).click();
  await expect(page.getByRole("columnheader", { name: "Amount" })).toHaveAttribute("aria-sort", "ascending");
  await page.getByRole("button", { name: "Change the view By amount" }).click();
  await page.getByRole("menuitem", { name: "Open first" }).click();
  await expect(page.getByText("By amount opens first")).toBeVisible();
  await shoot(page, "deals-view-dark-1440");
  await page.goto(`${at}/deals`);
  await expect(page.getByRole("columnheader", { name: "Amount" })).toHaveAttribute("aria-sort", "ascending");

  await page.getByRole("button", { name: "Forecast" }).click();
  const all = page.getByRole("row", { name: /^Together/ });
  await expect(all).toContainText("$117,100");
  await expect(page.getByRole("row", { name: /^Negotiation/ })).toContainText("1 of 1 won");
  await shoot(page, "deals-forecast-dark-1440");
  // As it was believed on a day: each number leads to its deals.
  const picker = page.getByLabel("As believed on");
  await picker.fill((await picker.getAttribute("max")) ?? "");
  const still = page.getByRole("button", { name: /^Together \(USD\): Still open/ });
  await expect(still).toContainText("6 · $117,100");
  await fits(page);
  await shoot(page, "deals-believed-dark-1440");
  await still.focus();
  await page.keyboard.press("Enter");
  const behind = page.getByRole("dialog", { name: "Together (USD): Still open" });
  await expect(behind.getByRole("link")).toHaveCount(6);
  await expect(behind.getByRole("listitem").first()).toContainText("City of Arden");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Back to today" }).click();
  await expect(all).toContainText("$117,100");

  await page.getByRole("button", { name: "Board" }).click();
  await page.getByRole("button", { name: "Replay" }).click();
  await expect(page.getByText("As it was")).toBeVisible();
  await expect(lane(page, "Negotiation").getByText("City of Arden")).toBeVisible();
  await shoot(page, "deals-replay-dark-1440");
  await page.getByRole("slider", { name: "Day" }).focus();
  await page.keyboard.press("Home");
  await expect(page.getByText("There was nothing on the board yet.")).toBeVisible();
  await page.getByRole("button", { name: "Back to today" }).click();
  await expect(cardIn(page, "Negotiation", "City of Arden")).toBeVisible();
});

test("the orbit shows the same deals, chosen by keys, moved by menu and by a drag into the sun", async ({
  page,
  at,
  world,
}) => {
  const { tokens, api, stages, deals } = await selling(world, "Orbit Skies");
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/deals");
  await page.getByRole("button", { name: "Orbit", exact: true }).click();
  await expect(page).toHaveURL(/view=orbit/);
  const bodies = page.getByRole("group", { name: /^Open deals as bodies/ });
  await expect(bodies.getByRole("button")).toHaveCount(6);
  const list = page.getByRole("complementary", { name: "The same deals, by stage" });
  await expect(list.getByRole("link", { name: "City of Arden" })).toBeVisible();
  await fits(page);

  // By keys from body to body, then by the menu beside.
  const oakfield = bodies.getByRole("button", { name: "Oakfield School, New, $9,600" });
  await oakfield.click();
  await expect(oakfield).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("ArrowRight");
  await expect(bodies.locator("[aria-pressed=true]")).toBeFocused();
  await expect(oakfield).toHaveAttribute("aria-pressed", "false");
  await oakfield.click();
  await shoot(page, "deals-orbit-dark-1440");
  const chosen = page.getByRole("region", { name: "Chosen deal" });
  await chosen.getByRole("button", { name: "Actions for Oakfield School" }).click();
  await page.getByRole("menuitem", { name: "Proposal" }).click();
  const stageOf = async (id: string) => (await api.get<Schema<"Deal">>(`/v1/deals/${id}`)).stage;
  await expect.poll(() => stageOf(deals.oakfield.id)).toBe(stages[2]?.id);
  await expect(bodies.getByRole("button", { name: "Oakfield School, Proposal, $9,600" })).toBeVisible();

  // By mouse into the sun.
  const from = await bodies.getByRole("button", { name: /^City of Arden/ }).boundingBox();
  const sky = await bodies.boundingBox();
  if (!from || !sky) throw new Error("nothing to drag");
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + 40, from.y + 20, { steps: 3 });
  await page.mouse.move(sky.x + sky.width / 2, sky.y + sky.height - 32, { steps: 8 });
  await shoot(page, "deals-orbit-drag-dark-1440");
  await page.mouse.up();
  await expect(page.getByText("City of Arden won")).toBeVisible();
  await expect.poll(async () => (await api.get<Schema<"Deal">>(`/v1/deals/${deals.city.id}`)).status).toBe("won");
  await expect(bodies.getByRole("button")).toHaveCount(5);
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(list.getByRole("link", { name: "Lowland Couriers" })).toBeVisible();
  await fits(page);
  await shoot(page, "deals-orbit-light-390");
});

test("on a phone one stage at a time, by day", async ({ page, at, world }) => {
  const { tokens, api, stages, deals } = await selling(world, "Orbit Pocket");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 390, height: 844 });
  await enter(page, at, tokens, "/deals");
  await page.getByRole("tab", { name: /Proposal/ }).click();
  await expect(cardIn(page, "Proposal", "Fennick Architects")).toBeVisible();
  await expect(page.getByRole("link", { name: "Oakfield School" })).toHaveCount(0);
  await fits(page);
  await shoot(page, "deals-board-light-390");
  await page.getByRole("button", { name: "Actions for Fennick Architects" }).click();
  await page.getByRole("menuitem", { name: "Negotiation" }).click();
  await expect
    .poll(async () => (await api.get<Schema<"Deal">>(`/v1/deals/${deals.fennick.id}`)).stage)
    .toBe(stages[3]?.id);
  await page.getByRole("tab", { name: /Negotiation/ }).click();
  await cardIn(page, "Negotiation", "Fennick Architects").click();
  await expect(page.getByText("Decides")).toBeVisible();
  await fits(page);
  await shoot(page, "deal-page-light-390");
});
