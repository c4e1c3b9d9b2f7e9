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
