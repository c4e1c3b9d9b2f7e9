/** A client from its opening to its end: changed, stopped, handed over, deleted and kept after all. */
import { enter, expect, fits, menuOf, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

const looks = [
  { name: "wide-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

for (const { name, ...look } of looks)
  test.describe(name, () => {
    test.use(look);

    test("a client is changed, stopped, resumed, deleted and kept", async ({ page, at, world }) => {
      const person = await founder(world, `Lowland ${name}`);
      const tokens = await signedIn(person, world);
      const api = new Api(world.urls.core, tokens.access_token);
      const { id } = await api.call<Schema<"Client">>("POST", "/v1/clients", { name: "Harbour & Söhne" });
      await enter(page, at, tokens, "/clients");
      await page.getByRole("link", { name: "Harbour & Söhne" }).filter({ visible: true }).click();
      await expect(page).toHaveURL(new RegExp(`/clients/${id}$`));
      await expect(page.getByRole("heading", { level: 2, name: "Harbour & Söhne" })).toBeVisible();
      await expect(page.getByText("Nobody of the client works here yet")).toBeVisible();
      await fits(page);
      await shoot(page, `console-client-${name}`);

      const more = menuOf(page);
      await more.click();
      await page.getByRole("menuitem", { name: "Edit" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Client name").fill("Harbour & Daughters");
      // Somebody else is faster, with another field: both stay.
      const read = await api.get<Schema<"Client">>(`/v1/clients/${id}`);
      await api.call("PATCH", `/v1/clients/${id}`, { zone: "Asia/Dhaka" }, { "if-match": `"v${read.version}"` });
      await dialog.getByRole("button", { name: "Save" }).click();
      await expect(page.getByRole("heading", { level: 2, name: "Harbour & Daughters", exact: true })).toBeVisible();
      await expect(page.getByRole("definition").filter({ hasText: "Asia/Dhaka" })).toBeVisible();

      await more.click();
      await page.getByRole("menuitem", { name: "Trial" }).click();
      await dialog.getByLabel("Days to try the plan").fill("400");
      await dialog.getByRole("button", { name: "Save" }).click();
      await expect(dialog.getByText("0 to 365 days.")).toBeVisible();
      await dialog.getByLabel("Days to try the plan").fill("20");
      await shoot(page, `console-client-trial-${name}`);
      await dialog.getByRole("button", { name: "Save" }).click();
      await expect(page.getByRole("definition").filter({ hasText: /^20 days left/ })).toBeVisible();

      await more.click();
      await page.getByRole("menuitem", { name: "Suspend" }).click();
      await dialog.getByRole("button", { name: "Suspend" }).click();
      await expect(dialog.getByText("Fill this in.")).toBeVisible();
      await dialog.getByLabel("Reason").fill("Unpaid since March");
      await dialog.getByRole("button", { name: "Suspend" }).click();
      await expect(page.getByRole("region", { name: "Suspended" })).toContainText("Unpaid since March");
      await page.getByRole("button", { name: "Resume" }).click();
      await expect(page.getByRole("region", { name: "Suspended" })).toHaveCount(0);

      await more.click();
      await page.getByRole("menuitem", { name: "Delete" }).click();
      await dialog.getByLabel("Reason").fill("Closed their shop");
      await dialog.getByLabel(/^Type “Harbour/).fill("Harbour");
      await dialog.getByRole("button", { name: "Delete" }).click();
      await expect(dialog.getByText("exactly as it is")).toBeVisible();
      await dialog.getByLabel(/^Type “Harbour/).fill("Harbour & Daughters");
      await shoot(page, `console-client-delete-${name}`);
      await dialog.getByRole("button", { name: "Delete" }).click();
      await expect(page.getByText(/^Everything is destroyed on/)).toBeVisible();
      await shoot(page, `console-client-ending-${name}`);
      await page.getByRole("button", { name: "Call the deletion off" }).click();
      await expect(page.getByText(/^Everything is destroyed on/)).toHaveCount(0);
      await expect(page.getByText("Harbour & Daughters stays")).toBeVisible();
    });
  });

test("the list is searched, sorted and narrowed, and is as it was after a look at one of them", async ({
  page,
  at,
  world,
}) => {
  const tokens = await signedIn(await founder(world, "Highland"), world);
  const api = new Api(world.urls.core, tokens.access_token);
  for (const client of ["Kestrel Cycles", "Ärztehaus Nord", "Zebra Prints"])
    await api.call<Schema<"Client">>("POST", "/v1/clients", { name: client });
  const [zebra] = await api.list<Schema<"Client">>("/v1/clients?filter=name:contains:Zebra");
  await api.call("POST", `/v1/clients/${zebra?.id}/suspension`, { reason: "Unpaid since March" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/clients");
  const rows = page.getByRole("rowheader").getByRole("link");
  await expect(rows).toHaveText(["Ärztehaus Nord", "Kestrel Cycles", "Zebra Prints"]);
  // Each is drawn once, whatever the width.
  await expect(page.getByRole("link", { name: "Kestrel Cycles" })).toHaveCount(1);
  await page.getByRole("button", { name: "Health", exact: true }).click();
  await expect(rows.first()).toHaveText("Zebra Prints");
  await expect(page.getByRole("columnheader", { name: "Health" })).toHaveAttribute("aria-sort", "ascending");
  await page.getByRole("searchbox", { name: "Search clients" }).fill("arzte");
  await expect(rows).toHaveText(["Ärztehaus Nord"]);
  await page.getByRole("button", { name: /^Stopped/ }).click();
  await expect(page.getByText("No client fits")).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(rows).toHaveCount(3);
  await page.getByRole("button", { name: /^Stopped/ }).click();
  await expect(rows).toHaveText(["Zebra Prints"]);
  await expect(page).toHaveURL(/which=stopped/);
  await rows.first().click();
  await expect(page.getByRole("heading", { level: 2, name: "Zebra Prints" })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/sort=health/);
  await expect(rows).toHaveText(["Zebra Prints"]);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole("table")).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Zebra Prints" })).toHaveCount(1);
  await fits(page);
  await shoot(page, "console-clients-narrowed-390");
});

test("a client is offered to another agency, which takes it over", async ({ page, at, world, browser }) => {
  const [giver, taker] = [await founder(world, "Givers"), await founder(world, "Takers")];
  const [from, to] = [await signedIn(giver, world), await signedIn(taker, world)];
  const api = new Api(world.urls.core, from.access_token);
  const { id } = await api.call<Schema<"Client">>("POST", "/v1/clients", { name: "Wanderer" });
  await enter(page, at, from, `/clients/${id}`);
  await menuOf(page).click();
  await page.getByRole("menuitem", { name: "Offer to another agency" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Id of the other agency").fill("them");
  await dialog.getByRole("button", { name: "Offer to another agency" }).click();
  await expect(dialog.getByText("An id looks like")).toBeVisible();
  await dialog.getByLabel("Id of the other agency").fill(to.tenant);
  await dialog.getByLabel("A few words for them").fill("As spoken on the phone");
  await dialog.getByRole("button", { name: "Offer to another agency" }).click();
  await expect(page.getByRole("region", { name: "Offered to another agency" })).toBeVisible();

  const other = await browser.newContext();
  const theirs = await other.newPage();
  await enter(theirs, at, to, "/clients");
  const offer = theirs.getByRole("region", { name: "Givers offers you Wanderer" });
  await expect(offer).toContainText("As spoken on the phone");
  await shoot(theirs, "console-client-offer");
  await offer.getByRole("button", { name: "Accept" }).click();
  await theirs.getByRole("dialog").getByRole("button", { name: "Accept" }).click();
  await expect(theirs.getByRole("link", { name: "Wanderer" }).filter({ visible: true })).toBeVisible();
  await other.close();
  await page.reload();
  await expect(page.getByText("It is not there, or not yours to see.")).toBeVisible();
});

test("a client that finds no workspace free is opened the moment there is one", async ({ page, at, world }) => {
  const tokens = await signedIn(await founder(world, "Waiters"), world);
  const following = page.waitForResponse((answer) => new URL(answer.url()).pathname === "/v1/stream");
  await enter(page, at, tokens, "/clients");
  await following;
  let asked = 0;
  // Any agency's new client may be what frees one, so it waits until the wait was seen.
  let wasSeen = () => {};
  const seen = new Promise<void>((resolve) => {
    wasSeen = resolve;
  });
  await page.route("**/v1/clients", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    if (++asked > 1) return seen.then(() => route.fallback());
    const problem = { type: "about:blank", title: "", status: 503, code: "unavailable", detail: "Come again." };
    return route.fulfill({ status: 503, headers: { "retry-after": "60" }, json: problem });
  });
  await page.getByRole("button", { name: "Add client" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Client name").fill("Harbour Late");
  await dialog.getByRole("button", { name: "Add client" }).click();
  await expect(dialog.getByText("No workspace is free. One is made for Harbour Late in a moment.")).toBeVisible();
  wasSeen();
  // Whoever takes one that stood ready has the next one made, and the stream tells of it.
  const api = new Api(world.urls.core, tokens.access_token);
  await api.call("POST", "/v1/clients", { name: "Harbour Early" });
  await expect(page.getByText("Harbour Late is ready")).toBeVisible({ timeout: 20_000 });
  expect(asked).toBeGreaterThan(1);
});
