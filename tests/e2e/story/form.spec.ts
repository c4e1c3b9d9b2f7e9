/** The main job: a form filled in on an authorised website becomes a contact in one client's schema, nowhere else. */
import { expect, shoot, test } from "../support/test";
import { definition, person, Visitor } from "../support/visitor";
import type { Api, Schema, Unexpected } from "../support/world";

/** What was answered; which keys there are is the form's business. */
const answered = (submission: Schema<"SubmissionSummary">) =>
  Object.values(submission.answers as Record<string, unknown>);

const mine = async (api: Api, email: string): Promise<Schema<"SubmissionSummary"> | undefined> =>
  (await api.list<Schema<"SubmissionSummary">>("/v1/submissions?sort=-created_at")).find((s) =>
    answered(s).includes(email),
  );

const modes = [
  { mode: "inline", path: "/", open: "" },
  { mode: "popup", path: "/popup", open: "a.button[data-upz]" },
  { mode: "float", path: "/float", open: "button.l" },
];
const sizes = [
  { name: "wide", width: 1440, height: 900 },
  { name: "phone", width: 390, height: 844 },
];

for (const { mode, path, open } of modes)
  for (const { name, ...viewport } of sizes)
    test(`${mode}, ${name}: two steps, a conditional field, a thank-you, and everything that follows`, async ({
      page,
      world,
    }) => {
      const [api, other] = world.apis;
      const [client] = world.clients;
      const visitor = new Visitor(page, await definition(api, client.form), person());
      const mailed = (await world.mails()).length;
      await page.setViewportSize(viewport);
      const host = world.urls.shop + path;
      await page.goto(`${host}?utm_source=spring&gclid=g-1`);
      if (open) {
        await expect(page.locator(open)).toHaveAttribute("aria-expanded", "false");
        await shoot(page, `${mode}-${name}-0-closed`);
        await page.locator(open).click();
      } else await page.locator("#book").scrollIntoViewIfNeeded();
      await visitor.arrived();
      await shoot(page, `${mode}-${name}-1-first`);
      await visitor.fill();
      await shoot(page, `${mode}-${name}-2-last`);
      await visitor.read();
      await visitor.send.click();
      await visitor.thanked();
      const thanked = Date.now();
      // The panel is as tall as its words, also after a longer step.
      if (mode === "float" && name === "wide")
        await expect.poll(async () => (await page.locator("dialog").boundingBox())?.height).toBeLessThan(400);
      await shoot(page, `${mode}-${name}-3-thanks`);

      await expect.poll(() => mine(api, visitor.who.email), { intervals: [50] }).toBeTruthy();
      const found = (await mine(api, visitor.who.email)) as Schema<"SubmissionSummary">;
      const submission = await api.get<Schema<"Submission">>(`/v1/submissions/${found.id}`);
      expect(submission).toMatchObject({ state: "received", form: client.form });
      expect(submission.context).toMatchObject({ origin: world.urls.shop, page: host, widget: client.widget });

      const contact = await api.get<{ emails: { address: string }[]; source?: object }>(
        `/v1/contacts/${submission.contact}`,
      );
      expect(contact.emails.map((e) => e.address)).toContain(visitor.who.email);

      const consents = await api.list<{ state: string; text: string; evidence: Record<string, string> }>(
        `/v1/contacts/${submission.contact}/consents`,
      );
      expect(consents[0]).toMatchObject({
        state: "granted",
        evidence: { origin: world.urls.shop, page: host, widget: client.widget, submission: submission.id },
      });
      expect(consents[0]?.text).toBeTruthy();

      const about = async (list: string) => JSON.stringify(await api.get(list));
      await expect
        .poll(() => about(`/v1/contacts/${submission.contact}/timeline`), { intervals: [50] })
        .toContain(submission.id);
      await expect.poll(() => about("/v1/notifications"), { intervals: [50] }).toContain(submission.id);
      test.info().annotations.push({ type: "followed within", description: `${Date.now() - thanked} ms` });

      await expect.poll(async () => (await world.mails()).length, { intervals: [50] }).toBeGreaterThan(mailed);
      await expect
        .poll(async () => (await world.mails()).filter((m) => m.to.includes(client.email)).length, { intervals: [50] })
        .toBeGreaterThan(0);

      // Nowhere else: the other client lists nothing of it, and its id means nothing there.
      expect(await mine(other, visitor.who.email)).toBeUndefined();
      for (const list of ["/v1/contacts", "/v1/submissions", "/v1/notifications", "/v1/events"])
        expect(JSON.stringify(await other.get(list))).not.toContain(submission.contact);
      for (const thing of [`/v1/submissions/${submission.id}`, `/v1/contacts/${submission.contact}`])
        await expect(other.get(thing)).rejects.toMatchObject({ status: 404 } satisfies Partial<Unexpected>);
    });

test("the same address fills in twice: one contact, two submissions", async ({ page, world }) => {
  const [api] = world.apis;
  const [client] = world.clients;
  const form = await definition(api, client.form);
  const who = person();
  for (let n = 1; n <= 2; n++) {
    const visitor = new Visitor(page, form, who);
    await page.goto(world.urls.shop);
    await visitor.arrived();
    await visitor.fill();
    await visitor.read();
    await visitor.send.click();
    await visitor.thanked();
  }
  const sent = async () =>
    (await api.list<Schema<"SubmissionSummary">>("/v1/submissions?sort=-created_at")).filter((s) =>
      answered(s).includes(who.email),
    );
  await expect.poll(async () => (await sent()).length).toBe(2);
  const [a, b] = await sent();
  expect(a?.contact).toBeTruthy();
  expect(a?.contact).toBe(b?.contact);
});
