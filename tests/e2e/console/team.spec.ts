/** People of an account: asked, come, given another role, and what each role reaches. */
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, mailedLink, signedIn, someone } from "../support/people";
import { Api, type Schema } from "../support/world";

const looks = [
  { name: "wide-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

for (const { name, ...look } of looks)
  test.describe(name, () => {
    test.use(look);

    test("somebody is invited, comes, gets another role and loses a page", async ({ page, at, world, browser }) => {
      const owner = await founder(world, `Crew ${name}`);
      const tokens = await signedIn(owner, world);
      const guest = someone("Noor Hadid");
      await enter(page, at, tokens, "/settings/team");
      await page.getByRole("button", { name: "Invite" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Email").fill(guest.email);
      await dialog.getByRole("button", { name: "Invite" }).click();
      await expect(dialog.getByText("Choose at least one role.")).toBeVisible();
      await dialog.getByText("Admin", { exact: true }).click();
      await shoot(page, `console-invite-${name}`);
      await dialog.getByRole("button", { name: "Invite" }).click();
      await expect(page.getByText(guest.email).filter({ visible: true }).first()).toBeVisible();
      await fits(page);
      await shoot(page, `console-team-${name}`);

      // Sent again, the first link is worth nothing any more.
      const first = await mailedLink(world, guest.email);
      await page.getByRole("button", { name: "Send again" }).click();
      await expect(page.getByText(`Sent again to ${guest.email}`)).toBeVisible();
      const second = async () =>
        (await world.mails())
          .filter(({ to }) => to.includes(guest.email))
          .map(({ text }) => /https?:\/\/\S+#token=[\w-]+/.exec(text)?.[0])
          .find((found) => found && found !== first);
      await expect.poll(second, { timeout: 20_000 }).toBeTruthy();
      const link = new URL((await second()) ?? "");
      const other = await browser.newContext();
      const theirs = await other.newPage();
      await theirs.goto(at + link.pathname + link.hash);
      await theirs.getByLabel("Your name").fill(guest.name);
      await theirs.getByLabel("Password", { exact: true }).fill(guest.password);
      await theirs.getByRole("button", { name: /Join|Accept/ }).click();
      await theirs.getByLabel("Work email").fill(guest.email);
      await theirs.getByLabel("Password", { exact: true }).fill(guest.password);
      await theirs.keyboard.press("Enter");
      const places = theirs.getByRole("navigation", { name: "Main" }).filter({ visible: true });
      await expect(places.getByRole("link", { name: "Clients", exact: true })).toBeVisible();

      // A role of the agency's own: a copy of Staff without clients.
      const api = new Api(world.urls.core, tokens.access_token);
      const reads = { "contacts.read": "all", "identity.members.read": "all" };
      await api.call<Schema<"Role">>("POST", "/v1/roles", { key: "desk", name: "Front desk", grants: reads });
      await page.reload();
      await page.getByRole("button", { name: "More for Noor Hadid" }).click();
      await page.getByRole("menuitem", { name: "Edit" }).click();
      await dialog.getByText("Admin", { exact: true }).click();
      await dialog.getByText("Front desk", { exact: true }).click();
      // Somebody else puts him into a team meanwhile: one press, and both changes are kept.
      const night = await api.call<Schema<"Team">>("POST", "/v1/teams", { name: "Night", members: [] });
      const member = async () =>
        (await api.list<Schema<"Member">>("/v1/members")).find(({ email }) => email === guest.email);
      await api.call("PATCH", `/v1/members/${(await member())?.id}`, { teams: [night.id] });
      await dialog.getByRole("button", { name: "Save" }).click();
      await expect(dialog).toHaveCount(0);
      expect(await member()).toMatchObject({ teams: [night.id], roles: [expect.stringMatching(/^rol_/)] });
      await theirs.reload();
      await expect(places.getByRole("link", { name: "Contacts", exact: true })).toBeVisible();
      await expect(places.getByRole("link", { name: "Clients", exact: true })).toHaveCount(0);
      await other.close();

      await page.goto(`${at}/settings/roles`);
      await expect(page.getByText("Front desk")).toBeVisible();
      await shoot(page, `console-roles-${name}`);
      await page.getByText("Front desk").click();
      await page.getByRole("group", { name: "Export contacts." }).getByText("Own", { exact: true }).click();
      await expect(page.getByText("1 permission changed")).toBeVisible();
      await fits(page);
      await shoot(page, `console-role-${name}`);
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByText("1 permission changed")).toHaveCount(0);

      await page.goto(`${at}/settings/why?what=contacts.export`);
      await page.getByLabel("Who", { exact: true }).selectOption({ label: "Noor Hadid" });
      await expect(page.getByText(/^Noor Hadid may: /)).toBeVisible();
      await expect(page.getByText("It reaches the own records.")).toBeVisible();
      await shoot(page, `console-why-${name}`);

      // Whoever goes hands over what is his, of every kind.
      const noor = (await member())?.id;
      const company = await api.call<Schema<"Company">>("POST", "/v1/companies", { name: "Left Behind", owner: noor });
      const deal = await api.call<Schema<"Deal">>("POST", "/v1/deals", { title: "Left open", owner: noor });
      const task = await api.call<Schema<"Task">>("POST", "/v1/tasks", { title: "Left to do", assignee: noor });
      await page.goto(`${at}/settings/team`);
      await page.getByRole("button", { name: "More for Noor Hadid" }).click();
      await page.getByRole("menuitem", { name: "Remove" }).click();
      await dialog.getByLabel(/^Theirs: 1 company · 1 open deal · 1 open task/).selectOption({ label: "Nobody" });
      await dialog.getByRole("button", { name: "Remove" }).click();
      await expect(page.getByText("Noor Hadid was removed")).toBeVisible();
      const [left, open, todo] = await Promise.all([
        api.get<Schema<"Company">>(`/v1/companies/${company.id}`),
        api.get<Schema<"Deal">>(`/v1/deals/${deal.id}`),
        api.get<Schema<"Task">>(`/v1/tasks/${task.id}`),
      ]);
      expect([left.owner, open.owner, todo.assignee].filter(Boolean)).toEqual([]);
    });
  });

test("the log says who did what, proves itself, and is narrowed down", async ({ page, at, world }) => {
  const owner = await founder(world, "Loggers");
  const tokens = await signedIn(owner, world);
  // The chain is written a moment after what it tells.
  const api = new Api(world.urls.core, tokens.access_token);
  await expect
    .poll(async () => (await api.get<Schema<"Page_AuditEntry">>("/v1/audit")).items.length)
    .toBeGreaterThan(0);
  await enter(page, at, tokens, "/settings/audit");
  await expect(page.getByText("Ada Brandt").first()).toBeVisible();
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page.getByText(/^Nothing was changed/)).toBeVisible();
  await fits(page);
  await shoot(page, "console-audit");
  const file = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export CSV" }).click();
  expect((await file).suggestedFilename()).toMatch(/^audit-.*\.csv$/);
  await page.goto(`${at}/settings/audit?what=webhooks`);
  await expect(page.getByRole("button", { name: "Clear filters" })).toBeVisible();
  await page.goto(`${at}/settings/access`);
  await expect(page.getByText("Nobody worked in somebody’s place")).toBeVisible();
});
