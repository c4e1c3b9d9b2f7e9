/** What others do comes to the screen of whoever may see it, also of whoever sees a part. */
import { enter, expect, test } from "../support/console";
import { member } from "../support/filled";
import { founder, signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

test("who sees the records of his team is shown them as they come, and none of the others", async ({
  page,
  at,
  world,
}) => {
  const agency = new Api(world.urls.core, (await signedIn(await founder(world, "Live Parts"), world)).access_token);
  const { id } = await agency.call<Schema<"Client">>("POST", "/v1/clients", { name: "Kestrel Cycles" });
  const boss = await member(world, agency, id);
  const staff = await member(world, agency, id, "Sam Reed", "client_staff");
  const api = new Api(world.urls.core, (await signedIn(boss, world)).access_token);
  const tokens = await signedIn(staff, world);
  const me = await new Api(world.urls.core, tokens.access_token).get<Schema<"Me">>("/v1/me");
  const following = page.waitForResponse((answer) => new URL(answer.url()).pathname === "/v1/stream");
  await enter(page, at, tokens, "/contacts");
  await following;
  await api.call("POST", "/v1/contacts", { first_name: "Hidden", last_name: "Halloran" });
  await api.call("POST", "/v1/contacts", { first_name: "Ines", last_name: "Halloran", owner: me.user?.id });
  await expect(page.getByText("Ines Halloran").filter({ visible: true }).first()).toBeVisible({ timeout: 15_000 });
  await expect(page.getByText("Hidden Halloran")).toHaveCount(0);
  // What he has to do is counted where it is found, as it comes; what others have to do is not.
  const tasks = page.getByRole("link", { name: "Tasks", exact: true }).filter({ visible: true });
  await api.call("POST", "/v1/tasks", { title: "Call Ines", due_on: "2026-01-05", assignee: me.user?.id });
  await api.call("POST", "/v1/tasks", { title: "Call the bank", due_on: "2026-01-05" });
  await expect(tasks).toHaveAccessibleDescription("1 task for today", { timeout: 15_000 });
});
