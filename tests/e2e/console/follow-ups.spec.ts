/** What happens when nobody answers: rules in the settings, what is coming beside a person, the radar, the figures. */
import type { Page } from "@playwright/test";
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema, type World } from "../support/world";

const LOOKS = [
  { name: "dark-1440", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "light-1440", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  { name: "phone-dark", colorScheme: "dark", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
] as const;

const DAY = 86_400_000;
const day = (days: number) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

/** An agency that wrote to Greta, and has not heard of Noor for long. */
async function waiting(world: World, name: string) {
  const person = await founder(world, name);
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const me = (await api.get<Schema<"Me">>("/v1/me")).user?.id;
  const contact = (first_name: string, last_name: string) =>
    api.call<Schema<"Contact">>("POST", "/v1/contacts", { first_name, last_name, owner: me });
  const greta = await contact("Greta", "Holm");
  const noor = await contact("Noor", "Okafor");
  const log = (id: string, activity: object) =>
    api.call("POST", `/v1/contacts/${id}/activities`, { title: "Logged", ...activity });
  await log(greta.id, { kind: "email", direction: "outbound", topic: "proposal" });
  const long = new Date(Date.now() - 45 * DAY).toISOString();
  await log(noor.id, { kind: "call", direction: "inbound", occurred_at: long });
  const coming = (id: string) => api.list<Schema<"FollowUp">>(`/v1/follow-ups?filter=contact:eq:${id}`);
  return { tokens, api, greta, noor, me, coming };
}

const card = (page: Page) =>
  page.locator("section", { has: page.getByRole("heading", { name: "Follow-ups" }) }).filter({ visible: true });

test("what is coming is seen, held back, stopped, and goes with an answer", async ({ page, at, world }) => {
  const { tokens, greta, coming } = await waiting(world, "Slow Post");
  await enter(page, at, tokens, `/contacts/${greta.id}`);
  const proposal = "Ask Greta Holm about the proposal";
  await expect(card(page).getByText(proposal)).toBeVisible();
  await expect(card(page).getByText(/Rule “After a proposal”/)).toBeVisible();
  await card(page)
    .getByRole("button", { name: `Hold back ${proposal}` })
    .click();
  await expect(card(page).getByText("Held back")).toBeVisible();
  await card(page)
    .getByRole("button", { name: `Let ${proposal} wait again` })
    .click();
  await expect(card(page).getByText("Held back")).toBeHidden();
  await card(page)
    .getByRole("button", { name: `Stop ${proposal}` })
    .click();
  await expect(card(page).getByRole("button", { name: `Stop ${proposal}` })).toBeHidden();
  // The latest news is on top.
  await page.getByRole("button", { name: "Undo" }).first().click();
  await expect(card(page).getByRole("button", { name: `Stop ${proposal}` })).toBeVisible();

  // Into a sequence, by keys.
  await card(page).getByRole("button", { name: "Put into a sequence" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: /First contact/ }).click();
  await expect(card(page).getByText(/Step 4 of “First contact”/)).toBeVisible();

  // She answers by mail: everything goes, and says why.
  await page.getByRole("tab", { name: "Log email" }).click();
  await page.getByLabel("From whom, and about what").selectOption({ label: "From the contact" });
  await page.getByLabel("What was it about?").filter({ visible: true }).fill("Yes, please");
  await page.getByRole("button", { name: "Log", exact: true }).filter({ visible: true }).click();
  await expect(card(page).getByText("Nothing is planned.")).toBeVisible();
  await expect(
    card(page)
      .getByText(/Not needed: an answer came/)
      .first(),
  ).toBeVisible();
  const all = await coming(greta.id);
  expect(all.map(({ status, reason }) => `${status} ${reason}`)).toEqual(Array(6).fill("cancelled reply"));
});

test("rules, sequences, hours and days off are set up", async ({ page, at, world }) => {
  const { tokens, api, greta, coming } = await waiting(world, "Night Post");
  await enter(page, at, tokens, "/settings/follow-ups");
  const rule = page.getByRole("listitem").filter({ hasText: "No answer to an e-mail" });
  await expect(rule.getByText(/After an email from us → 7 days later/)).toBeVisible();
  await expect(rule.getByText("Unless there is an answer or a meeting first.")).toBeVisible();
  await rule.getByRole("switch").click();
  await expect(rule.getByRole("switch")).not.toBeChecked();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(rule.getByRole("switch")).toBeChecked();

  await page.getByRole("button", { name: "New rule" }).click();
  const dialog = page.getByRole("dialog", { name: "New rule" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Fill this in.").first()).toBeVisible();
  await dialog.getByLabel("Name").fill("Unanswered call");
  await dialog.getByLabel("Kind", { exact: true }).selectOption({ label: "Call" });
  await dialog.getByLabel("Days", { exact: true }).fill("1");
  await dialog.getByLabel("Task", { exact: true }).fill("Ring {first_name} {x}");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText(/Known placeholders/)).toBeVisible();
  await dialog.getByLabel("Task", { exact: true }).fill("Ring {first_name} again");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("After a call from us → 1 working day later → “Ring {first_name} again”")).toBeVisible();

  await page.getByRole("button", { name: "New sequence" }).click();
  const steps = page.getByRole("dialog", { name: "New sequence" });
  await steps.getByLabel("Name").fill("Short");
  await steps.getByLabel("Task", { exact: true }).fill("Ring {name}");
  await steps.getByRole("button", { name: "Add a step" }).click();
  await steps.getByRole("region", { name: "Step 2" }).getByLabel("Task").fill("Write to {name}");
  await steps.getByRole("button", { name: "Save" }).click();
  await expect(steps).toBeHidden();
  const way = page.getByRole("list", { name: "Steps of “Short”" }).getByRole("listitem");
  await expect(way).toHaveText([/Day 1\s*Ring \{name\}/, /Day 4\s*Write to \{name\}/]);

  // Who goes through it is held back and goes on.
  const short = (await api.list<Schema<"Sequence">>("/v1/sequences")).find((one) => one.name === "Short");
  await api.call("POST", "/v1/enrolments", { sequence: short?.id, contacts: [greta.id] });
  const row = page.getByRole("listitem").filter({ hasText: "Short" });
  await row.getByRole("button", { name: /goes? through it/ }).click();
  const runs = page.getByRole("dialog", { name: "Who goes through “Short”" });
  const held = async () =>
    (await api.list<Schema<"SequenceEnrolment">>(`/v1/enrolments?filter=sequence:eq:${short?.id}`))[0];
  await runs.getByRole("button", { name: /^Hold Greta.* back$/ }).click();
  await expect(runs.getByRole("button", { name: /^Let Greta.* go on$/ })).toBeVisible();
  expect((await held())?.status).toBe("paused");
  await shoot(page, "follow-ups-runs");
  await runs.getByRole("button", { name: /^Let Greta.* go on$/ }).click();
  await expect(runs.getByRole("button", { name: /^Hold Greta.* back$/ })).toBeVisible();
  expect((await held())?.status).toBe("active");
  await runs.getByRole("button", { name: /^Take Greta.* out$/ }).click();
  await expect(runs.getByText("Nobody", { exact: true })).toBeVisible();
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Add hours on Saturday" }).click();
  await page.getByLabel("Saturday until").fill("08:00");
  await expect(page.getByText(/Hours end after they begin/)).toBeVisible();
  await page.getByLabel("Saturday until").fill("12:00");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Working hours saved")).toBeVisible();
  await page.getByLabel("Day", { exact: true }).fill(day(1));
  await page.getByLabel("What it is called").fill("Regatta");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByText("Regatta")).toBeVisible();
  await page.getByLabel("First day").fill(day(2));
  await page.getByRole("button", { name: "Add absence" }).click();
  await expect(page.getByText("What comes waits until the return")).toBeVisible();

  // What was set up is what happens.
  await api.call("POST", `/v1/contacts/${greta.id}/activities`, {
    title: "Rang",
    kind: "call",
    direction: "outbound",
    outcome: "no answer",
  });
  const call = (await coming(greta.id)).find(({ rule_name }) => rule_name === "Unanswered call");
  expect(call?.title).toBe("Ring Greta again");
  expect(call?.due_on).not.toBe(day(1));

  // Whoever works elsewhere says where.
  await page.getByRole("button", { name: "Own hours" }).click();
  await page.getByLabel("Time zone").selectOption("Asia/Dhaka");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("button", { name: "Use the hours of everybody" })).toBeVisible();
  expect((await api.list<Schema<"MemberHours">>("/v1/member-hours")).map(({ zone }) => zone)).toEqual(["Asia/Dhaka"]);
});

test("what is coming for everybody is held back, left out and stopped", async ({ page, at, world }) => {
  const { tokens, api, greta, noor, coming } = await waiting(world, "Long Post");
  const [sequence] = await api.list<Schema<"Sequence">>("/v1/sequences");
  await api.call("POST", "/v1/enrolments", { sequence: sequence?.id, contacts: [noor.id] });
  await enter(page, at, tokens, "/tasks/radar");
  await page.getByRole("link", { name: "Coming follow-ups" }).click();
  const proposal = "Ask Greta Holm about the proposal";
  const row = (text: string) => page.getByRole("listitem").filter({ hasText: text });
  await expect(row(proposal)).toBeVisible();
  await row(proposal)
    .getByRole("button", { name: `Hold back ${proposal}` })
    .click();
  await expect(row(proposal).getByText("Held back")).toBeVisible();
  await page.getByRole("button", { name: "On their way" }).click();
  await expect(row(proposal)).toBeHidden();
  await page.getByRole("button", { name: "Held back", exact: true }).click();
  await row(proposal)
    .getByRole("button", { name: `Leave out ${proposal}` })
    .click();
  await expect(row(proposal)).toBeHidden();
  const ended = (await coming(greta.id)).find(({ title }) => title === proposal);
  expect([ended?.status, ended?.reason]).toEqual(["cancelled", "stopped"]);
  // One step is left out, then the whole way.
  await page.getByRole("button", { name: "All", exact: true }).click();
  const steps = row("Noor Okafor");
  const before = await steps.count();
  expect(before).toBeGreaterThan(1);
  await steps
    .first()
    .getByRole("button", { name: /^Leave out/ })
    .click();
  await expect(steps).toHaveCount(before - 1);
  await steps
    .first()
    .getByRole("button", { name: /^Take Noor.* out$/ })
    .click();
  await expect(steps).toHaveCount(0);
});

test("whoever is quiet is found, narrowed, rung up and planned for", async ({ page, at, world }) => {
  const { tokens, api, noor, me, coming } = await waiting(world, "Quiet Post");
  await enter(page, at, tokens, "/tasks/radar");
  const row = page.getByRole("listitem").filter({ hasText: "Noor Okafor" });
  await expect(row).toBeVisible();
  await page.getByLabel("Another number of days").fill("46");
  await expect(page.getByText("Nobody is forgotten")).toBeVisible();
  await page.getByLabel("Another number of days").fill("44");
  await expect(row).toBeVisible();
  await page.getByRole("button", { name: "Stage", exact: true }).click();
  await page.getByRole("button", { name: "Won" }).click();
  await expect(page.getByText("Nobody is forgotten")).toBeVisible();
  await page.getByRole("button", { name: "Clear: Stage" }).click();
  await expect(row).toBeVisible();

  const act = async (name: string | RegExp) => {
    await row.getByRole("button", { name: "What to do about Noor Okafor" }).click();
    await page.getByRole("menuitem", { name }).click();
  };
  await act("Make a task");
  const task = page.getByRole("dialog", { name: "New task" });
  await task.getByLabel("What is to do").fill("Ring Noor");
  await task.getByRole("button", { name: "Add", exact: true }).click();
  await expect(task).toBeHidden();
  const tasks = await api.list<Schema<"Task">>(`/v1/tasks?filter=contact:eq:${noor.id}`);
  expect(tasks.map(({ title }) => title)).toEqual(["Ring Noor"]);
  await act(/First contact/);
  await expect.poll(async () => (await coming(noor.id)).length).toBeGreaterThan(1);
  await act("Log a call");
  const call = page.getByRole("dialog", { name: "Log a call" });
  await call.getByLabel("What it was about").fill("The roof");
  await call.getByLabel("How it went").selectOption({ label: "We rang, nobody answered" });
  await call.getByRole("button", { name: "Log", exact: true }).click();
  await expect(page.getByText("Call with Noor Okafor logged")).toBeVisible();
  await expect(row).toBeHidden();
  const logged = await api.list<Schema<"Activity">>(`/v1/contacts/${noor.id}/activities`);
  expect(logged.find(({ title }) => title === "The roof")).toMatchObject({
    kind: "call",
    direction: "outbound",
    outcome: "no answer",
    author: me,
  });
});

test("many are put into a sequence at once", async ({ page, at, world }) => {
  const { tokens, api, noor } = await waiting(world, "Bulk Post");
  const [sequence] = await api.list<Schema<"Sequence">>("/v1/sequences");
  await api.call("POST", "/v1/enrolments", { sequence: sequence?.id, contacts: [noor.id] });
  await enter(page, at, tokens, "/contacts");
  await page.getByRole("checkbox", { name: /Noor Okafor/ }).check();
  await page.getByRole("checkbox", { name: /Greta Holm/ }).check();
  await page.getByRole("button", { name: "Put into a sequence" }).click();
  await page.getByRole("button", { name: "First contact" }).click();
  await expect(page.getByText("1 contact put into “First contact”. 1 was in it already.")).toBeVisible();
  const running = () => api.list<Schema<"SequenceEnrolment">>("/v1/enrolments?filter=status:eq:active");
  expect((await running()).length).toBe(2);
  await page.getByRole("button", { name: "Undo" }).first().click();
  await expect.poll(async () => (await running()).map(({ contact }) => contact)).toEqual([noor.id]);
});

for (const look of LOOKS) {
  const { name, ...how } = look;
  test.describe(name, () => {
    test.use(how);
    test(`follow-ups as they look: ${name}`, async ({ page, at, world }) => {
      const { tokens, api, greta, noor, me } = await waiting(world, `Look Post ${name}`);
      const [sequence] = await api.list<Schema<"Sequence">>("/v1/sequences");
      await api.call("POST", "/v1/enrolments", { sequence: sequence?.id, contacts: [greta.id] });
      const late = await api.call<Schema<"Task">>("POST", "/v1/tasks", {
        title: "Late",
        assignee: me,
        due_on: day(-3),
      });
      await api.call("POST", `/v1/tasks/${late.id}/completion`, {});
      await api.call("POST", "/v1/tasks", { title: "Overdue", assignee: me, due_on: day(-2) });
      await enter(page, at, tokens, "/settings/follow-ups");
      await expect(page.getByText("After a proposal", { exact: true })).toBeVisible();
      await fits(page);
      await shoot(page, `follow-ups-settings-${name}`);
      await page.goto(`${at}/contacts/${greta.id}`);
      await expect(card(page).getByText(/Step 1 of/)).toBeVisible();
      await card(page).scrollIntoViewIfNeeded();
      await fits(page);
      await shoot(page, `follow-ups-contact-${name}`);
      await page.goto(`${at}/tasks/radar`);
      await expect(page.getByRole("link", { name: new RegExp(noor.display_name) })).toBeVisible();
      await expect(page.getByText("45 days of silence")).toBeVisible();
      await expect(page.getByRole("link", { name: new RegExp(greta.display_name) })).toBeHidden();
      await fits(page);
      await shoot(page, `follow-ups-radar-${name}`);
      await page.goto(`${at}/tasks?view=figures`);
      await expect(page.getByText("50%").first()).toBeVisible();
      await fits(page);
      await shoot(page, `follow-ups-figures-${name}`);
    });
  });
}
