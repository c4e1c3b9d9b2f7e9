/** What there is to do: added and finished by keyboard, put off, repeated, left out, and finished with a finger. */
import type { Locator, Page } from "@playwright/test";
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema, type World } from "../support/world";

const LOOKS = [
  { name: "dark-1440", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "light-1440", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "dark-1920", colorScheme: "dark", viewport: { width: 1920, height: 1080 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  { name: "phone-dark", colorScheme: "dark", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
] as const;

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** An agency with something to do on every side of today. */
async function busy(world: World, name: string) {
  const person = await founder(world, name);
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const me = (await api.get<Schema<"Me">>("/v1/me")).user?.id;
  const greta = await api.call<Schema<"Contact">>("POST", "/v1/contacts", { first_name: "Greta", last_name: "Holm" });
  const deal = await api.call<Schema<"Deal">>("POST", "/v1/deals", { title: "Roof of the boathouse", amount: 900_00 });
  const add = (task: object) => api.call<Schema<"Task">>("POST", "/v1/tasks", { assignee: me, ...task });
  const tasks = {
    late: await add({ title: "Send the offer", kind: "proposal", priority: "urgent", due_on: day(-2), deal: deal.id }),
    ring: await add({ title: "Ring Greta about the oak", kind: "call", due_on: day(0), contact: greta.id }),
    weekly: await add({ title: "Weekly figures", due_on: day(0), rule: "FREQ=WEEKLY" }),
    week: await add({ title: "Measure the quay", kind: "meeting", due_on: day(3), due_time: "09:30" }),
    later: await add({ title: "Invoice the second half", kind: "invoice", priority: "high", due_on: day(30) }),
    some: await add({ title: "Tidy the drawings" }),
  };
  await api.call("POST", "/v1/tasks", { title: "Nobody's", due_on: day(0) });
  return { tokens, api, greta, deal, tasks };
}

const lane = (page: Page, name: string): Locator => page.getByRole("region", { name: new RegExp(`^${name}`) });
const task = (at: Page | Locator, title: string) => at.getByRole("button", { name: title, exact: true });

test("a day's work, without the mouse", async ({ page, at, world }) => {
  const { tokens, api, tasks, deal } = await busy(world, "Quay Keepers");
  const read = (id: string) => api.get<Schema<"Task">>(`/v1/tasks/${id}`);
  await enter(page, at, tokens, "/tasks");
  await expect(task(lane(page, "Overdue"), "Send the offer")).toBeVisible();
  await expect(lane(page, "Today").getByRole("listitem")).toHaveCount(2);
  await expect(lane(page, "Next 7 days").getByText("Measure the quay")).toBeVisible();
  await expect(lane(page, "Later").getByText("Invoice the second half")).toBeVisible();
  await expect(lane(page, "No date").getByText("Tidy the drawings")).toBeVisible();
  await expect(page.getByText("Nobody's")).toBeHidden();

  // Added with one key and a name.
  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog", { name: "New task" });
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog.getByText("Fill this in.")).toBeVisible();
  await dialog.getByLabel("What is to do").fill("Buy <b>nails</b>");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(task(page, "Buy <b>nails</b>")).toBeVisible();

  // Finished by keys: the space bar, then x; the focus goes on to the next.
  await task(page, "Ring Greta about the oak").focus();
  await page.keyboard.press("Space");
  await expect(task(page, "Ring Greta about the oak")).toBeHidden();
  await expect.poll(async () => (await read(tasks.ring.id)).status).toBe("done");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(task(page, "Ring Greta about the oak")).toBeVisible();
  await expect.poll(async () => (await read(tasks.ring.id)).status).toBe("open");
  await task(page, "Weekly figures").focus();
  await page.keyboard.press("x");
  await expect(page.getByText(/It comes again on/)).toBeVisible();
  await expect(lane(page, "Next 7 days").getByText("Weekly figures")).toBeVisible();

  // Put off, moved, left out.
  await page.getByRole("button", { name: "Actions of Send the offer" }).click();
  await page.getByRole("menuitem", { name: /^Tomorrow morning/ }).click();
  await expect(lane(page, "Next 7 days").getByText("Send the offer")).toBeVisible();
  await expect(lane(page, "Next 7 days").getByText(/^Snoozed until/)).toBeVisible();
  await page.getByRole("button", { name: "Actions of Tidy the drawings" }).click();
  await page.getByRole("menuitem", { name: /^Today/ }).click();
  await expect(lane(page, "Today").getByText("Tidy the drawings")).toBeVisible();
  await page.getByRole("button", { name: "Actions of Measure the quay" }).click();
  await page.getByRole("menuitem", { name: "Leave out" }).click();
  const why = page.getByRole("dialog", { name: "Leave out Measure the quay" });
  await expect(why.getByRole("button", { name: "Leave out" })).toBeDisabled();
  await page.keyboard.type("The quay is closed");
  await page.keyboard.press("Enter");
  await expect(task(page, "Measure the quay")).toBeHidden();
  await expect.poll(async () => (await read(tasks.week.id)).outcome).toBe("The quay is closed");

  // Done, and something follows: about the same.
  await page.getByRole("button", { name: "Actions of Send the offer" }).click();
  await page.getByRole("menuitem", { name: "Complete, then…" }).click();
  const next = page.getByRole("dialog", { name: "What comes next" });
  await expect(next.getByText("Roof of the boathouse")).toBeVisible();
  await next.getByLabel("What is to do").fill("Ask about the offer");
  await next.getByRole("button", { name: "Complete and add" }).click();
  await expect(task(page, "Ask about the offer")).toBeVisible();
  await expect(task(page, "Send the offer")).toBeHidden();
  const [asked] = await api.list<Schema<"Task">>("/v1/tasks?filter=title:prefix:Ask");
  expect([asked?.follows, asked?.deal]).toEqual([tasks.late.id, deal.id]);

  // In the list, with those that ended.
  await page.getByRole("button", { name: "List", exact: true }).click();
  await page.getByRole("button", { name: "Left out", exact: true }).click();
  await expect(task(page, "Measure the quay")).toBeVisible();
  await page.getByRole("button", { name: "Open Measure the quay again" }).click();
  await expect(task(page, "Measure the quay")).toBeHidden();
  await page.getByRole("searchbox", { name: "Search tasks" }).fill("greta");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "oak" })).toHaveCount(1);
  await expect(page).toHaveURL(/q=greta/);
});

test("several are put off, given away and ended together, and what is overdue moves on", async ({
  page,
  at,
  world,
}) => {
  const { tokens, api, tasks } = await busy(world, "Quay Movers");
  const read = (id: string) => api.get<Schema<"Task">>(`/v1/tasks/${id}`);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/tasks");
  await lane(page, "Overdue").getByRole("button", { name: "All to the next working day" }).click();
  await expect(page.getByText("1 overdue task moved to the next working day")).toBeVisible();
  await expect(lane(page, "Overdue").getByText("Nothing is late")).toBeVisible();
  expect((await read(tasks.late.id)).due_on ?? "").not.toBe(day(-2));
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(task(lane(page, "Overdue"), "Send the offer")).toBeVisible();

  await page.getByRole("button", { name: "Select", exact: true }).click();
  await page.getByRole("checkbox", { name: "Select Invoice the second half" }).click();
  await page.getByRole("checkbox", { name: "Select Tidy the drawings" }).click();
  const bar = page.getByRole("region", { name: "2 selected" });
  await shoot(page, "tasks-bulk-board-dark-1440");
  await page.emulateMedia({ colorScheme: "light" });
  await shoot(page, "tasks-bulk-board-light-1440");
  await bar.getByRole("button", { name: "Reschedule" }).click();
  await page.getByRole("dialog", { name: "Reschedule" }).getByRole("button", { name: "7 days later" }).click();
  // One has no day to be moved from.
  await expect(page.getByText("1 task moved")).toBeVisible();
  await expect(page.getByText("1 stayed as it was.")).toBeVisible();
  expect((await read(tasks.later.id)).due_on ?? "" >= day(37)).toBeTruthy();
  await page.getByRole("button", { name: "Undo" }).first().click();
  await expect.poll(async () => (await read(tasks.later.id)).due_on).toBe(day(30));

  await page.getByRole("button", { name: "List" }).click();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("checkbox", { name: "Select Measure the quay" }).click();
  await fits(page);
  await shoot(page, "tasks-bulk-list-phone");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole("region", { name: "1 selected" }).getByRole("button", { name: "Leave out" }).click();
  const why = page.getByRole("dialog", { name: "Leave 1 task out" });
  await why.getByLabel("Why").fill("Rained off");
  await why.getByRole("button", { name: "Leave out" }).click();
  await expect(page.getByText("1 task left out")).toBeVisible();
  expect((await read(tasks.week.id)).outcome).toBe("Rained off");
  // The list as it is now, under a name.
  await page.getByRole("button", { name: "Stop selecting" }).click();
  await page.getByRole("button", { name: "Save as new view" }).click();
  const naming = page.getByRole("dialog", { name: "Save as new view" });
  await naming.getByLabel("Name of the view").fill("My list");
  await naming.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("button", { name: "My list", exact: true })).toHaveAttribute("aria-pressed", "true");
  await shoot(page, "tasks-view-light-1440");
});

test("a task is opened, changed while somebody else does, and deleted", async ({ page, at, world }) => {
  const { tokens, api, tasks, greta } = await busy(world, "Quay Menders");
  await enter(page, at, tokens, `/tasks?task=${tasks.ring.id}`);
  const panel = page.getByRole("dialog", { name: "Ring Greta about the oak" });
  await expect(panel.getByRole("link", { name: "Greta Holm" })).toBeVisible();
  await panel.getByLabel(/^At\b/).fill("09:15");
  await panel.getByLabel("Repeats").selectOption({ label: "Every week" });
  await panel.getByRole("button", { name: "Add a reminder" }).click();
  await panel.getByRole("button", { name: "Add a reminder" }).click();
  await panel.getByLabel("How long before").nth(1).fill("3");
  await api.call("PATCH", `/v1/tasks/${tasks.ring.id}`, { priority: "high" });
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(panel.getByText(/Somebody else changed this/)).toBeVisible();
  await expect(panel.getByLabel("Priority")).toHaveValue("high");
  await panel.getByLabel("Due on").fill(day(4));
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(panel).toBeHidden();
  const saved = await api.get<Schema<"Task">>(`/v1/tasks/${tasks.ring.id}`);
  expect([saved.due_on, saved.due_time, saved.rule]).toEqual([day(4), "09:15", "FREQ=WEEKLY"]);
  expect([saved.reminders, saved.priority, saved.contact]).toEqual([[60, 3 * 1440], "high", greta.id]);

  // It stands beside the person it is about, and can be added there.
  await page.goto(`${at}/contacts/${greta.id}`);
  await expect(task(page, "Ring Greta about the oak").filter({ visible: true })).toBeVisible();
  await page.getByRole("button", { name: "New task" }).filter({ visible: true }).click();
  const dialog = page.getByRole("dialog", { name: "New task" });
  await expect(dialog.getByText("Greta Holm")).toBeVisible();
  await shoot(page, "tasks-new-dark-1440");
  await page.keyboard.type("Send her the drawings");
  await page.keyboard.press("Enter");
  await expect(task(page, "Send her the drawings").filter({ visible: true })).toBeVisible();
  await page.getByRole("button", { name: "Actions of Send her the drawings" }).filter({ visible: true }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(task(page, "Send her the drawings")).toBeHidden();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(task(page, "Send her the drawings").filter({ visible: true })).toBeVisible();
});

test("a task repeats by a sentence, ends with a note, sleeps until any hour, and comes back when it was deleted", async ({
  page,
  at,
  world,
}) => {
  const { tokens, api, tasks } = await busy(world, "Quay Singers");
  const read = (id: string) => api.get<Schema<"Task">>(`/v1/tasks/${id}`);
  await enter(page, at, tokens, `/tasks?task=${tasks.weekly.id}`);
  const panel = page.getByRole("dialog", { name: "Weekly figures" });
  await panel.getByRole("button", { name: "Monday", exact: true }).click();
  await panel.getByRole("button", { name: "Friday", exact: true }).click();
  await panel.getByLabel("Every so many").fill("2");
  await panel.getByLabel("Ends").selectOption({ label: "After so many times" });
  await panel.getByLabel("Times", { exact: true }).fill("6");
  await expect(panel.getByText("Every 2 weeks on Monday and Friday, 6 times")).toBeVisible();
  // Without a time a reminder is a day and an hour.
  await panel.getByRole("button", { name: "Add a reminder" }).click();
  await panel.getByLabel("How many days before").fill("2");
  await panel.getByLabel("Time of the reminder").fill("17:45");
  await fits(page);
  await shoot(page, "tasks-repeats-1440");
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(panel).toBeHidden();
  const saved = await read(tasks.weekly.id);
  expect([saved.rule, saved.reminders]).toEqual([
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=6",
    [3 * 1440 - 17 * 60 - 45],
  ]);

  await page.getByRole("button", { name: "Actions of Ring Greta about the oak" }).click();
  await page.getByRole("menuitem", { name: "Complete with a note" }).click();
  const note = page.getByRole("dialog", { name: "Complete Ring Greta about the oak" });
  await note.getByLabel("What came of it").fill("She wants it in <oak>");
  await note.getByRole("button", { name: "Complete", exact: true }).click();
  await expect(task(page, "Ring Greta about the oak")).toBeHidden();
  await expect.poll(async () => (await read(tasks.ring.id)).outcome).toBe("She wants it in <oak>");

  await page.getByRole("button", { name: "Actions of Send the offer" }).click();
  await page.getByRole("menuitem", { name: "Another day or time…" }).click();
  const snooze = page.getByRole("dialog", { name: "Snooze Send the offer" });
  await snooze.getByLabel("Back on").fill(day(5));
  await snooze.getByLabel("At", { exact: true }).fill("14:30");
  await shoot(page, "tasks-snooze-1440");
  await snooze.getByRole("button", { name: "Snooze", exact: true }).click();
  await expect(lane(page, "Next 7 days").getByText("Send the offer")).toBeVisible();
  expect((await read(tasks.late.id)).snoozed_until).toMatch(/:30:00/);

  await page.getByRole("button", { name: "Actions of Tidy the drawings" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(task(page, "Tidy the drawings")).toBeHidden();
  await page.getByRole("button", { name: "List", exact: true }).click();
  await page.getByLabel("Order", { exact: true }).selectOption({ label: "Most urgent first" });
  await expect(page.locator("[data-task]").first()).toHaveText("Send the offer");
  await page.getByRole("button", { name: "Deleted", exact: true }).click();
  await expect(page.getByText("Tidy the drawings", { exact: true })).toBeVisible();
  await fits(page);
  await shoot(page, "tasks-deleted-1440");
  await page.getByRole("button", { name: "Restore Tidy the drawings" }).click();
  await expect(page.getByText("Nothing was deleted")).toBeVisible();
  expect((await read(tasks.some.id)).status).toBe("open");
});

test("each number of the figures leads to just its rows", async ({ page, at, world }) => {
  const { tokens, api, tasks } = await busy(world, "Quay Counters");
  const me = (await api.get<Schema<"Me">>("/v1/me")).user?.id;
  const end = (id: string, how: string, body: object) => api.call("POST", `/v1/tasks/${id}/${how}`, body);
  await end(tasks.ring.id, "completion", {});
  for (const [n, due_on] of [day(-5), day(-4), day(-400)].entries()) {
    const late = await api.call<Schema<"Task">>("POST", "/v1/tasks", { title: `Late ${n}`, assignee: me, due_on });
    await end(late.id, "completion", {});
  }
  const out = await api.call<Schema<"Task">>("POST", "/v1/tasks", { title: "Out", due_on: day(-1) });
  await end(out.id, "skip", { reason: "No" });
  await enter(page, at, tokens, "/tasks?view=figures");
  const table = page.getByRole("table");
  const links = table.getByRole("link", { name: /: \d+$/ });
  // In time, late and overdue of one; left out of nobody.
  await expect(links).toHaveCount(4);
  for (let n = 0; n < 4; n++) {
    const said = (await links.nth(n).getAttribute("aria-label")) ?? "";
    await links.nth(n).click();
    await expect(page.locator("[data-task]"), said).toHaveCount(Number(/\d+$/.exec(said)?.[0]));
    await expect(page.getByRole("button", { name: /^Clear: .+ · .+ · due / })).toBeVisible();
    await page.goBack();
    await expect(table).toBeVisible();
  }
  await page.getByRole("link", { name: /^Late/ }).first().click();
  await expect(page.locator("[data-task]")).toHaveCount(2);
  await fits(page);
  await shoot(page, "tasks-rows-of-figure-1440");
  // Without the figure there are those from before, too.
  await page.getByRole("button", { name: /^Clear: Late · due / }).click();
  await expect(page.locator("[data-task]")).toHaveCount(4);
});

test("what a board is narrowed by holds in the list, and what one shares is one's own", async ({ page, at, world }) => {
  const { tokens, api } = await busy(world, "Quay Callers");
  const me = (await api.get<Schema<"Me">>("/v1/me")).user?.id;
  await api.call("POST", "/v1/tasks", { title: "We ring together", kind: "call", due_on: day(3), collaborators: [me] });
  for (let n = 0; n < 50; n++)
    await api.call("POST", "/v1/tasks", { title: `Call ${n}`, kind: "call", due_on: day(3), assignee: me });
  await enter(page, at, tokens, "/tasks?kind=call");
  await expect(lane(page, "Next 7 days").getByText("We ring together")).toBeVisible();
  await lane(page, "Next 7 days").getByRole("link", { name: "1 more in the list" }).click();
  await expect(page).toHaveURL(/kind=call/);
  await expect(page.getByRole("button", { name: "List", exact: true })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByText("Ring Greta about the oak")).toBeVisible();
  await expect(page.getByText("Measure the quay")).toBeHidden();
});

for (const { name, ...use } of LOOKS)
  test(`the board and a task, ${name}`, async ({ browser, at, world }) => {
    const { tokens, deal } = await busy(world, "Quay Watchers");
    const page = await (await browser.newContext({ ...use, reducedMotion: "reduce" })).newPage();
    await enter(page, at, tokens, "/tasks");
    await expect(task(page, "Send the offer")).toBeVisible();
    await fits(page);
    await shoot(page, `tasks-board-${name}`);
    await page.getByRole("button", { name: "Actions of Send the offer" }).click();
    await expect(page.getByRole("menu")).toBeVisible();
    await shoot(page, `tasks-menu-${name}`);
    await page.keyboard.press("Escape");
    await task(page, "Measure the quay").click();
    await expect(page.getByRole("dialog").getByLabel("Due on")).toBeVisible();
    await shoot(page, `tasks-panel-${name}`);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "List", exact: true }).click();
    await expect(task(page, "Send the offer")).toBeVisible();
    await fits(page);
    await shoot(page, `tasks-list-${name}`);
    await page.goto(`${at}/deals/${deal.id}`);
    await expect(task(page, "Send the offer")).toBeVisible();
    await fits(page);
    await shoot(page, `tasks-deal-${name}`);
    await page.context().close();
  });

test("a finger finishes a task, and the page reads from right to left", async ({ browser, at, world }) => {
  const { tokens, api, tasks } = await busy(world, "Quay Walkers");
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const page = await (await browser.newContext({ ...phone, reducedMotion: "reduce" })).newPage();
  await api.call("PATCH", "/v1/me", { locale: "ar" });
  await enter(page, at, tokens, "/tasks");
  await expect(page.getByRole("heading", { level: 1, name: "المهام" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  const row = page.getByRole("listitem").filter({ hasText: "Ring Greta" });
  await expect(row).toBeVisible();
  await fits(page);
  await shoot(page, "tasks-board-phone-ar");
  const box = await row.boundingBox();
  if (!box) throw new Error("no row");
  const [x, y] = [box.x + 60, box.y + box.height / 2];
  const client = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", dx = 0) =>
    client.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x: x + dx, y }] });
  // Not far enough: nothing happens.
  await touch("touchStart");
  for (const dx of [20, 40, 60]) await touch("touchMove", dx);
  await touch("touchEnd");
  await expect(row).toBeVisible();
  await touch("touchStart");
  for (const dx of [20, 60, 100, 140]) await touch("touchMove", dx);
  await touch("touchEnd");
  await expect(row).toBeHidden();
  await expect.poll(async () => (await api.get<Schema<"Task">>(`/v1/tasks/${tasks.ring.id}`)).status).toBe("done");
  await page.context().close();
});

test("an empty board says what it is for, a failed one what is wrong", async ({ page, at, world }) => {
  const person = await founder(world, "Quay Sleepers");
  await enter(page, at, await signedIn(person, world), "/tasks");
  await expect(page.getByText("Nothing to do")).toBeVisible();
  await shoot(page, "tasks-empty");
  await page.getByRole("searchbox", { name: "Search tasks" }).fill("anything");
  await expect(page.getByText("No task fits", { exact: true })).toBeVisible();
  await page.route("**/v1/tasks/board*", (route) => route.fulfill({ status: 500, body: "{}" }));
  await page.goto(`${at}/tasks?q=other`);
  await expect(page.getByRole("button", { name: "Try again" })).toBeVisible({ timeout: 30_000 });
});
