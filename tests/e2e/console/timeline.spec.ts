/** A history that names what it is about, narrowed to a member and to days; names that stay through a reload; nothing lost in a change. */
import { enter, expect, fits, shoot, test } from "../support/console";
import { filled, member } from "../support/filled";
import { signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

test("entries are named, narrowed and searched by name, and a change leaves what was not touched", async ({
  page,
  at,
  world,
}) => {
  const { client, ids } = await filled(world, "Timeline Partners");
  const tokens = await signedIn(client, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const path = `/v1/contacts/${ids.contact}`;
  const task = await api.call<Schema<"Task">>("POST", "/v1/tasks", { title: "Measure the mast", contact: ids.contact });
  await api.call("POST", `/v1/tasks/${task.id}/skip`, { reason: "Too much wind" });
  const activity = {
    kind: "meeting",
    title: "At the fair",
    direction: "inbound",
    topic: "quote",
    duration_seconds: 95,
  };
  const visit = await api.call<Schema<"Activity">>("POST", `${path}/activities`, activity);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, `/contacts/${ids.contact}`);
  const timeline = page.getByRole("region", { name: "Timeline" });
  const skipped = timeline.getByRole("listitem").filter({ hasText: "Task left out" });
  await expect(skipped).toContainText("Too much wind");
  await expect(skipped.getByRole("link", { name: "Measure the mast" })).toHaveAttribute("href", new RegExp(task.id));
  await shoot(page, "timeline-named-dark-1440");
  await page.getByRole("searchbox", { name: "Search the timeline" }).fill("MEASURE wind");
  await expect(timeline.getByRole("listitem")).toHaveCount(1);
  await page.getByRole("searchbox", { name: "Search the timeline" }).fill("");

  // Narrowed to a member, and to days on which nothing was.
  await page.getByRole("button", { name: "By whom" }).click();
  await page.getByRole("dialog", { name: "By whom" }).getByRole("button", { name: client.name }).click();
  await expect(skipped).toBeVisible();
  await page.getByRole("button", { name: "Days", exact: true }).click();
  await page.getByLabel("Last day").fill("2001-01-01");
  await expect(page.getByText("Nothing of this in the timeline")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Clear: Days" }).click();
  await expect(skipped).toBeVisible();

  // Another title is all that changes.
  const row = timeline.getByRole("listitem").filter({ hasText: "At the fair" }).last();
  await row.hover();
  await row.getByRole("button", { name: "Change At the fair" }).click();
  await page.getByLabel("What was it about?").last().fill("At the harbour");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(timeline.getByText("Meeting At the harbour")).toBeVisible();
  const now = await api.get<Schema<"Activity">>(`/v1/activities/${visit.id}`);
  expect([now.title, now.direction, now.topic, now.duration_seconds]).toEqual([
    "At the harbour",
    "inbound",
    "quote",
    95,
  ]);
  expect(now.occurred_at).toBe(visit.occurred_at);

  await skipped.getByRole("link", { name: "Measure the mast" }).click();
  await expect(page).toHaveURL(new RegExp(`/tasks\\?.*task=${task.id}`));

  // Everything that was logged leaves as a file.
  await page.goto(`${at}/reports/rows?list=activities`);
  await page.getByRole("button", { name: "Export" }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV" }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^activities-.*\.csv$/);
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
  await page.goto(`${at}/contacts/${ids.contact}`);
  await expect(skipped).toBeVisible();
  await fits(page);
  await skipped.scrollIntoViewIfNeeded();
  await shoot(page, "timeline-named-dark-390");
});

test("a long history exists as far as it is looked at, is found again where it was left, and is printed whole", async ({
  page,
  at,
  world,
}) => {
  const { client, ids } = await filled(world, "Long Story Partners");
  const tokens = await signedIn(client, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const ago = new Date(Date.now() - 40 * 86_400_000).toISOString();
  const call = { kind: "call", title: "Long ago", occurred_at: ago };
  await api.call("POST", `/v1/contacts/${ids.contact}/activities`, call);
  const tasks: string[] = [];
  for (let n = 0; n < 26; n++) {
    const body = { title: `Round ${n}`, contact: ids.contact, due_on: "2040-01-02" };
    tasks.push((await api.call<Schema<"Task">>("POST", "/v1/tasks", body)).id);
  }
  for (let n = 0; n < 4; n++) await api.call("POST", "/v1/tasks/bulk-changes", { tasks, postponed: { days: 1 } });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, `/contacts/${ids.contact}`);
  const timeline = page.getByRole("region", { name: "Timeline" });
  const rows = timeline.getByRole("listitem");
  const earlier = page.getByRole("button", { name: "Earlier" });
  await expect(earlier).toBeVisible();
  await expect(async () => {
    if (await earlier.isVisible()) await earlier.click();
    await expect(earlier).toBeHidden({ timeout: 500 });
  }).toPass();

  const column = timeline.locator("xpath=ancestor::*[contains(@class, 'overflow-y-auto')][1]");
  const old = rows.filter({ hasText: "Long ago" });
  await expect(async () => {
    await column.evaluate((node) => node.scrollTo(0, node.scrollHeight));
    await expect(old).toBeInViewport({ timeout: 500 });
  }).toPass();
  await expect(old).toHaveAttribute("aria-posinset", "1");
  await expect(old).toHaveAttribute("aria-setsize", "1");
  await expect(timeline.getByRole("heading").last()).toBeInViewport();
  expect(await rows.count()).toBeLessThan(80);

  await column.evaluate((node) => node.scrollTo(0, 3_000));
  await expect(old).toHaveCount(0);
  const place = await rows.evaluateAll((all) =>
    all.find((row) => row.getBoundingClientRect().top > 300)?.getAttribute("aria-posinset"),
  );
  const row = timeline.locator(`li[aria-posinset="${place}"]`).first();
  const top = async () => (await row.boundingBox())?.y ?? 0;
  const was = await top();
  await page.locator("header").getByRole("link", { name: "Contacts", exact: true }).click();
  await expect(page).toHaveURL(/\/contacts$/);
  await page.goBack();
  await expect(row).toBeInViewport();
  await expect.poll(async () => Math.abs((await top()) - was)).toBeLessThan(8);

  await page.emulateMedia({ media: "print" });
  await expect.poll(() => rows.count()).toBeGreaterThan(130);
});

test("a draft keeps whom it names through a reload, also when two have one name", async ({ page, at, world }) => {
  const { owner, client, ids } = await filled(world, "Namesake Partners");
  const agency = new Api(world.urls.core, (await signedIn(owner, world)).access_token);
  const other = await member(world, agency, ids.client, client.name);
  const tokens = await signedIn(client, world);
  const api = new Api(world.urls.core, tokens.access_token);
  const team = await api.list<Schema<"Member">>("/v1/members");
  const meant = team.find(({ email }) => email === other.email)?.id;
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, `/contacts/${ids.contact}`);
  const note = page.getByRole("textbox", { name: /^Note about / });
  const secret = page.getByRole("checkbox", { name: "Only for me" });
  await note.pressSequentially(`Ask @${client.name.slice(0, 3)}`);
  await expect(page.getByRole("option")).toHaveCount(2);
  await shoot(page, "mention-namesakes-1440");
  await page.getByRole("option", { name: other.email }).click();
  await note.pressSequentially("about kites");
  await secret.check();
  await page.reload();
  await expect(note).toHaveValue(`Ask @${client.name} (${other.email}) about kites`);
  await expect(secret).toBeChecked();
  await secret.uncheck();
  await note.press("Control+Enter");
  await expect(page.getByRole("blockquote").filter({ hasText: "about kites" })).toContainText(other.email);
  const notes = await api.list<Schema<"Note">>(`/v1/contacts/${ids.contact}/notes`);
  const kept = notes.find(({ body }) => body.endsWith("about kites"));
  expect([kept?.body, kept?.mentions]).toEqual([`Ask @${meant} about kites`, [meant]]);
});
