/**
 * What one is told: live, what belongs together in one row, read and put away; and nothing is missed or told twice when the
 * stream was away.
 */
import type { Page } from "@playwright/test";
import { enter, expect, fits, shoot, test } from "../support/console";
import { filled, visit } from "../support/filled";
import { signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

const rows = (page: Page) => page.locator("[data-group]");
/** The single ones: the newest of each row, and the others of those that are open. */
const single = (page: Page) => page.locator("[data-notice]");

test("news are read, put away, brought back and explained, by keyboard and live", async ({ page, at, world }) => {
  const { owner, client, ids } = await filled(world, "News Partners");
  const tokens = await signedIn(client, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const agency = new Api(world.urls.core, (await signedIn(owner, world)).access_token);
  const told = () => api.list<Schema<"Notification">>("/v1/notifications");
  const toldOf = (count: number) => expect.poll(async () => (await told()).length, { intervals: [50] }).toBe(count);
  await toldOf(2);
  const errand = { title: "Call the ferry", assignee: tokens.user };
  await agency.call("POST", "/v1/tasks", errand, { "upzento-tenant": ids.client });
  await toldOf(3);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/notifications");
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).nth(1)).toContainText("2 notifications");
  await expect(page.getByRole("button", { name: /^Notifications, 3 unread/ })).toBeVisible();
  await shoot(page, "notifications-dark-1440");

  // Live: somebody answers while one looks, and joins the others of the form, which stay open.
  await rows(page).nth(1).getByRole("button", { name: "1 earlier like this" }).click();
  await expect(single(page)).toHaveCount(3);
  await visit(world.urls.edge, ids.widget, "Ines Halloran");
  await expect(single(page)).toHaveCount(4, { timeout: 15_000 });
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toContainText("3 notifications");
  await expect(page.getByRole("button", { name: /^Notifications, 4 unread/ })).toBeVisible();
  await rows(page).first().getByRole("button", { name: "2 earlier like this" }).click();
  await expect(single(page)).toHaveCount(2);

  // By keyboard: all of the first row is read and leaves the unread ones.
  await page.keyboard.press("k");
  await expect(rows(page).first().locator("[data-open]")).toBeFocused();
  await page.keyboard.press("r");
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByRole("button", { name: /^Notifications, 1 unread/ })).toBeVisible();
  await page.keyboard.press("k");
  await page.keyboard.press("e");
  await expect(page.getByText("Nothing unread")).toBeVisible();
  await expect(page.getByText("Put away", { exact: true }).first()).toBeVisible();
  await page.getByRole("button", { name: "Put away", exact: true }).first().click();
  await expect(page).toHaveURL(/which=archived/);
  await expect(rows(page)).toHaveCount(1);
  await rows(page).getByRole("button", { name: "Bring back" }).click();
  await expect(page.getByText("Nothing put away")).toBeVisible();
  await page.getByRole("button", { name: "All", exact: true }).click();
  await expect(rows(page)).toHaveCount(2);

  await rows(page).first().getByRole("button", { name: "Why did I get this?" }).click();
  const why = page.getByRole("dialog", { name: "Why did I get this?" });
  await expect(why).toContainText("You are told in the app about Forms.");
  await expect(why.getByRole("link", { name: "Change what you are told" })).toBeVisible();
  await page.keyboard.press("Escape");

  // What is told about a task is done from here. Its hour has not come: the list is told of it all the same.
  const task = await api.call<Schema<"Task">>("POST", "/v1/tasks", { title: "Ring Ines" });
  await page.route(/\/v1\/notifications\?/, async (route) => {
    const answer = await route.fetch();
    const list = await answer.json();
    const link = `/tasks?task=${task.id}`;
    list.items[0] = { ...list.items[0], module: "tasks", kind: "task.reminder", title: "Ring Ines", link };
    await route.fulfill({ response: answer, json: list });
  });
  await page.reload();
  await rows(page).first().getByRole("button", { name: "Complete Ring Ines" }).click();
  await expect(rows(page).first().getByText("Done", { exact: true })).toBeVisible();
  await rows(page).first().getByRole("button", { name: "Why did I get this?" }).click();
  const [newest] = await told();
  const mails = await api.get<Schema<"Mail">[]>(`/v1/notifications/${newest?.id}/deliveries`);
  const about = page.getByRole("region", { name: "Emails about it" });
  await expect(about).toContainText(mails.length > 0 ? /Sent|Being sent|Waiting/ : "None was sent.");
  await expect(about.getByRole("listitem")).toHaveCount(mails.length);
  await shoot(page, "notifications-why-1440");
  await page.keyboard.press("Escape");
  await page.unroute(/\/v1\/notifications\?/);
  await page.reload();
  await expect(rows(page)).toHaveCount(2);

  // Put off and brought back; the form muted, and heard of again; and nights are quiet.
  const menu = (row: number) => rows(page).nth(row).getByRole("button", { name: "Snooze, mute and more" });
  await menu(0).click();
  await page.getByRole("menuitem", { name: "Tomorrow, 9:00" }).click();
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole("button", { name: "Snoozed", exact: true }).click();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page).first()).toContainText("Back ");
  await menu(0).click();
  await shoot(page, "notifications-menu-1440");
  await page.getByRole("menuitem", { name: "Bring back now" }).click();
  await expect(page.getByText("Nothing snoozed")).toBeVisible();
  await page.getByRole("button", { name: "All", exact: true }).click();
  await expect(rows(page)).toHaveCount(2);
  await page.keyboard.press("k");
  await page.keyboard.press("h");
  await page.getByRole("menuitem", { name: "This form" }).click();
  await expect(page.getByText(/You hear nothing more of it/)).toBeVisible();
  expect((await api.get<Schema<"NotificationMute">[]>("/v1/notification-mutes"))[0]?.record).toBe(ids.form);
  await page.getByRole("link", { name: "Preferences" }).click();
  await page.getByRole("button", { name: "Unmute" }).click();
  await expect(page.getByText(/^Nothing is muted/)).toBeVisible();
  const quiet = page.locator("form").filter({ has: page.getByRole("button", { name: "Weekend" }) });
  await quiet.getByRole("button", { name: "Nights" }).click();
  await quiet.getByRole("button", { name: "Sunday" }).click();
  await quiet.getByLabel("Quiet hours 1, until").fill("06:30");
  await shoot(page, "account-quiet-1440");
  await quiet.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Quiet hours saved")).toBeVisible();
  const kept = await api.get<Schema<"QuietHours">>("/v1/quiet-hours");
  expect(kept.spans).toEqual([{ days: [1, 2, 3, 4, 5, 6], from: "22:00", until: "06:30" }]);
  await page.goBack();
  await page.reload();
  await expect(rows(page)).toHaveCount(2);

  await page.getByRole("button", { name: "Module" }).click();
  await page.getByRole("dialog", { name: "Module" }).getByRole("button", { name: "Webhooks" }).click();
  await expect(page.getByText("No notification fits these filters")).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("button", { name: "Mark all read" }).click();
  await expect(page.getByText("Nothing unread")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Nothing unread")).toBeHidden();
  await expect(rows(page).first()).toBeVisible();
  await fits(page);
});

/** Streams that a test can break: a browser that is told to be offline lets running answers run on. */
async function breakable(page: Page): Promise<{ cut: () => Promise<void>; mend: () => Promise<void> }> {
  await page.addInitScript(() => {
    const own = window.fetch;
    const running = new Set<AbortController>();
    Object.assign(window, {
      cutStreams: () => {
        for (const each of running) each.abort();
      },
    });
    window.fetch = (input, init) => {
      if (String(input) !== "/v1/stream") return own(input, init);
      const breaker = new AbortController();
      running.add(breaker);
      const signal = init?.signal ? AbortSignal.any([init.signal, breaker.signal]) : breaker.signal;
      return own(input, { ...init, signal });
    };
  });
  return {
    cut: async () => {
      await page.route("**/v1/stream", (route) => route.abort("connectionreset"));
      await page.evaluate(() => (window as unknown as { cutStreams: () => void }).cutStreams());
    },
    mend: () => page.unroute("**/v1/stream"),
  };
}

test("the stream is away for a while: nothing is missed, nothing comes twice", async ({ page, at, world }) => {
  const { client, ids } = await filled(world, "Quiet Partners");
  await page.clock.install();
  const stream = await breakable(page);
  await enter(page, at, await signedIn(client, world), "/notifications?which=all");
  await rows(page).getByRole("button", { name: "1 earlier like this" }).click();
  await expect(single(page)).toHaveCount(2);
  await stream.cut();
  // Five of them meanwhile, and more than a minute goes by with one try after the other.
  for (let n = 1; n <= 5; n++) await visit(world.urls.edge, ids.widget, `Walker${n} Away`);
  for (let n = 0; n < 9; n++) await page.clock.fastForward(8_000);
  await expect(page.getByText(/Live updates are interrupted/)).toBeVisible();
  await expect(single(page)).toHaveCount(2);
  await stream.mend();
  await page.clock.fastForward(40_000);
  await expect(single(page)).toHaveCount(7, { timeout: 20_000 });
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByText(/Live updates are interrupted/)).toBeHidden();
  // The bell counts the same; and once more, with the same ones looked at again.
  await expect(page.getByRole("button", { name: /^Notifications, 7 unread/ })).toBeVisible();
  await stream.cut();
  await visit(world.urls.edge, ids.widget, "Last One");
  await page.clock.fastForward(2_000);
  await stream.mend();
  await page.clock.fastForward(40_000);
  await expect(single(page)).toHaveCount(8, { timeout: 20_000 });
  await expect(page.getByRole("button", { name: /^Notifications, 8 unread/ })).toBeVisible();
});

test("whoever is named finds it under mentions, and every kind of news can be looked for", async ({
  page,
  at,
  world,
}) => {
  const { client, ids } = await filled(world, "Named Partners");
  // What the server tells of is told by other people; the list is shown what it would hold.
  await page.route(/\/v1\/notifications\?/, async (route) => {
    const answer = await route.fetch();
    const told = await answer.json();
    const asked = new URL(route.request().url()).searchParams.getAll("filter");
    const [any] = (await (await route.fetch({ url: `${at}/v1/notifications?limit=1` })).json()).items;
    const mention = {
      ...any,
      id: "ntf_00000000000000000000000001",
      module: "activities",
      kind: "note.mention",
      title: "A note about a contact names you",
      params: { record: { say: "part.contact" } },
      link: `/contacts/${ids.contact}`,
      read_at: "2026-01-31T12:00:00Z",
      archived_at: null,
    };
    const kind = asked.find((one) => one.startsWith("kind:eq:"));
    if (kind === "kind:eq:note.mention") told.items = [mention];
    await route.fulfill({ response: answer, json: told });
  });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, await signedIn(client, world), "/notifications");
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole("button", { name: "Module" }).click();
  const modules = page.getByRole("dialog", { name: "Module" });
  for (const module of ["Notes and calls", "Deals", "Files", "Occasions and greetings"])
    await expect(modules.getByRole("button", { name: module, exact: true })).toBeVisible();
  await modules.getByRole("button", { name: "Occasions and greetings" }).click();
  await page.getByRole("button", { name: "Kind" }).click();
  const kinds = page.getByRole("dialog", { name: "Kind" });
  await expect(kinds.getByRole("button", { name: "Renewal that is near" })).toBeVisible();
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: /^Notifications, 2 unread/ }).click();
  const bell = page.getByRole("dialog", { name: "Notifications" });
  // Two answers to one form are one row, which opens.
  await expect(bell.getByRole("listitem")).toContainText("2 notifications");
  await bell.getByRole("button", { name: "1 earlier like this" }).click();
  await expect(bell.getByRole("listitem")).toHaveCount(2);
  await bell.getByRole("button", { name: "Mentions" }).click();
  const named = bell.getByRole("button", { name: /A note about a contact names you/ });
  await expect(named).toBeVisible();
  await expect(bell.getByRole("listitem")).toHaveCount(1);
  await shoot(page, "bell-mentions-1440");
  await named.click();
  await expect(page).toHaveURL(new RegExp(`/contacts/${ids.contact}$`));
});

test("on a phone", async ({ browser, at, world }) => {
  const { client } = await filled(world, "News Phones");
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    colorScheme: "light",
  });
  const page = await context.newPage();
  await enter(page, at, await signedIn(client, world), "/notifications");
  await expect(rows(page)).toHaveCount(1);
  await fits(page);
  await shoot(page, "notifications-light-390");
  await page.getByRole("button", { name: /^Notifications, 2 unread/ }).click();
  await expect(page.getByRole("link", { name: "See all" })).toBeVisible();
  await shoot(page, "bell-light-390");
  await context.close();
});
