/** An agency in the middle of its work: clients, people, notes, a published form with answers. Made through the API. */
import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { expect } from "@playwright/test";
import { founder, mailedLink, type Person, signedIn, someone } from "./people";
import { frameOf } from "./raw";
import { admitted } from "./test";
import { Api, type Schema, type World } from "./world";

export const SITE = "https://kites.example";
const NAMES = [
  ["Ada", "Brandt"],
  ["مريم", "الحسيني"],
  ["Bartholomäus-Maximilian Alexander", "von und zu Hohenlohe-Langenburg-Waldenburg-Schillingsfürst"],
  ["Noor", "🪁 Okafor"],
  ["Ines", "Moreau"],
  ["Björn", "Eriksen"],
  ["Keiko", "Tanaka"],
  ["<b>Luca</b>", "Silva"],
];

export interface Filled {
  /** Runs the agency. */
  owner: Person;
  /** Runs one of its clients. */
  client: Person;
  /** Ids of what is there, by what an address calls them. */
  ids: {
    contact: string;
    /** Probably the same person. */
    twin: string;
    companyTwin: string;
    company: string;
    deal: string;
    pipeline: string;
    task: string;
    form: string;
    client: string;
    submission: string;
    widget: string;
    role: string;
    webhook: string;
    importDraft: string;
    importDone: string;
  };
}

export async function filled(world: World, agency = "Polestar Partners"): Promise<Filled> {
  const owner = await founder(world, agency);
  const api = new Api(world.urls.core, (await signedIn(owner, world)).access_token);
  const names = ["Kite & Söhne", "Lantern Ferries", "Willow Dental 🦷"];
  const clients: Schema<"Client">[] = [];
  for (const name of names) clients.push(await api.call("POST", "/v1/clients", { name, country: "DE" }));
  const [first] = clients as [Schema<"Client">];
  const client = await member(world, api, first.id);
  const own = new Api(world.urls.core, (await signedIn(client, world)).access_token);
  const { contact } = await people(own);
  const { id: twin } = await own.call<Schema<"Contact">>("POST", "/v1/contacts", {
    first_name: "Ada",
    last_name: "Brandt-Weber",
    emails: [{ address: "person0@harbour.example" }],
  });
  const { company, companyTwin } = await companies(own, contact);
  const { deal, pipeline } = await sold(own, contact, company);
  const { task } = await planned(own, { contact, company, deal });
  await celebrated(own, contact);
  await people(api);
  const { form, widget, submission } = await answered(world, own);
  const { webhook } = await connected(own);
  const imports = await imported(own);
  const [role] = await api.list<Schema<"Role">>("/v1/roles");
  const kept = { contact, twin, company, companyTwin, deal, pipeline, task, form, submission, widget, webhook };
  const ids = { ...kept, client: first.id, role: role?.id ?? "", ...imports };
  return { owner, client, ids };
}

/** Somebody who runs a client, invited by its agency. */
export async function member(
  world: World,
  agency: Api,
  tenant: string,
  name = "Priya Raman",
  roleKey = "client_admin",
): Promise<Person> {
  const person = someone(name);
  const there = { "upzento-tenant": tenant };
  const { items: roles } = await agency.call<{ items: Schema<"Role">[] }>("GET", "/v1/roles", undefined, there);
  const role = roles.find((r) => r.key === roleKey)?.id;
  await agency.call("POST", "/v1/invitations", { email: person.email, roles: [role] }, there);
  const token = new URL(await mailedLink(world, person.email)).hash.slice("#token=".length);
  const { password } = person;
  await agency.call("POST", "/v1/invitations/acceptance", { token, name, password });
  return person;
}

/** Other programs: one that may read, one that is told, in vain. */
async function connected(api: Api): Promise<{ webhook: string }> {
  await api.call("POST", "/v1/api-keys", { name: "Reporting", scopes: { "contacts.read": "all" } });
  const hook = { name: "Ledger", url: "https://ledger.invalid/hook", kinds: ["contact.*"] };
  const { webhook } = await api.call<Schema<"WebhookWithSecret">>("POST", "/v1/webhooks", hook);
  await api.call("POST", `/v1/webhooks/${webhook.id}/test`);
  return { webhook: webhook.id };
}

async function people(api: Api): Promise<{ contact: string }> {
  const ids: string[] = [];
  for (const [n, [first_name, last_name]] of NAMES.entries()) {
    const body = {
      first_name,
      last_name,
      company_name: n % 2 ? "Harbour & Co" : null,
      emails: [{ address: `person${n}@harbour.example` }],
      tags: n % 3 ? ["newsletter"] : [],
    };
    ids.push((await api.call<Schema<"Contact">>("POST", "/v1/contacts", body)).id);
  }
  const [contact = ""] = ids;
  await api.call("POST", `/v1/contacts/${contact}/notes`, { body: "Prefers the evening.\nAsked about the red one." });
  await api.call("POST", `/v1/contacts/${contact}/notes`, { body: "Call back on Monday.", pinned: true });
  const gone = "con_00000000000000000000000000";
  await api.call("POST", "/v1/contact-bulk-runs", { contacts: [ids[4], gone], change: { stage: "contacted" } });
  return { contact };
}

/** A file that came in, with rows that did not, and one that was not started. */
async function imported(api: Api): Promise<{ importDraft: string; importDone: string }> {
  const list = "Name;E-Mail;Phone;Tags;Favourite colour\nFritz Kranich;fritz@list.example;;fair;blue\n;broken;;;red\n";
  const bring = async (name: string, text: string) => {
    const file = await api.upload(name, text);
    return (await api.call<Schema<"ContactImport">>("POST", "/v1/contact-imports", { file })).id;
  };
  const importDone = await bring("fair-2026.csv", list);
  await api.call("POST", `/v1/contact-imports/${importDone}/start`, {});
  await expect
    .poll(async () => (await api.get<Schema<"ContactImport">>(`/v1/contact-imports/${importDone}`)).state)
    .toBe("done");
  return { importDone, importDraft: await bring("next list.csv", `${list}Rita Star;rita@list.example;;;green\n`) };
}

/** A group of two companies with somebody who decides, and one that may be the same. */
async function companies(api: Api, contact: string): Promise<{ company: string; companyTwin: string }> {
  const group = await api.call<Schema<"Company">>("POST", "/v1/companies", { name: "Harbour Holding", tier: "bronze" });
  const made = await api.call<Schema<"Company">>("POST", "/v1/companies", {
    name: "Harbour & Co",
    legal_name: "Harbour & Company Schiffahrtsgesellschaft mit beschränkter Haftung",
    industry: "Shipping",
    size: "11-50",
    website: "https://harbour.example",
    email: "office@harbour.example",
    address: { line1: "Quay 4", postal_code: "20457", city: "Hamburg", country: "DE" },
    status: "active",
    tier: "gold",
    parent: group.id,
    annual_value: 1_200_000,
    monthly_revenue: 100_000,
    currency: "EUR",
    renews_on: new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10),
    description: "Kites for the crew.\nInvoices in the first week.",
  });
  const roles = { roles: ["decision_maker", "billing"], primary: true };
  await api.call("PUT", `/v1/companies/${made.id}/contacts/${contact}`, roles);
  const twin = await api.call<Schema<"Company">>("POST", "/v1/companies", {
    name: "Hafenkontor",
    website: "https://harbour.example",
  });
  await api.call("POST", "/v1/company-bulk-runs", { companies: [group.id, twin.id], change: { tier: "bronze" } });
  return { company: made.id, companyTwin: twin.id };
}

/** Deals in every stage, of long and short names, one of them won. */
async function sold(api: Api, contact: string, company: string): Promise<{ deal: string; pipeline: string }> {
  const [line] = await api.list<Schema<"Pipeline">>("/v1/pipelines");
  const stages = line?.stages ?? [];
  const ids: string[] = [];
  for (const [n, title] of ["Roof of the boathouse", "مظلة", `${"Kite ".repeat(30)}🪁`, "Door", "Wall"].entries()) {
    const body = {
      title,
      amount: 125_050 * (n + 1),
      currency: n === 3 ? "USD" : "EUR",
      stage: stages[n % stages.length]?.id,
      expected_close: `2030-0${n + 1}-15`,
      next_step: n === 1 ? undefined : "Send the offer",
      contacts: n === 0 ? [{ contact, role: "decision_maker" }] : [],
    };
    ids.push((await api.call<Schema<"Deal">>("POST", "/v1/deals", body)).id);
  }
  await api.call("POST", `/v1/deals/${ids[4]}/outcome`, { status: "won" });
  // One of them is closed and stays.
  const later = { deals: [ids[3], ids[4]], change: { stage: stages[1]?.id } };
  await api.call("POST", "/v1/deal-bulk-runs", later);
  const items = [
    { name: "Sailcloth, by the metre", quantity: 12_500, unit_price: 8_000, discount: 500 },
    { name: "A day in the workshop", unit_price: 30_050 },
  ];
  await api.call("PATCH", `/v1/deals/${ids[0]}`, { company, items });
  const member = (await api.get<Schema<"Me">>("/v1/me")).user?.id;
  const rule = { name: "Kite fairs", mode: "least_busy", sources: ["Fair"], members: [{ member, most_open: 40 }] };
  await api.call("POST", "/v1/assignment-rules", rule);
  return { deal: ids[0] ?? "", pipeline: line?.id ?? "" };
}

/** Something to do on every side of today, about everything that tasks can be about. */
async function planned(api: Api, about: object): Promise<{ task: string }> {
  const assignee = (await api.get<Schema<"Me">>("/v1/me")).user?.id;
  const ids: string[] = [];
  for (const [n, title] of ["Send the offer", "اتصل بالعميل", `${"Kite ".repeat(30)}🪁`, "Measure", "Tidy"].entries()) {
    const due_on = new Date(Date.now() + (n * 3 - 2) * 86_400_000).toISOString().slice(0, 10);
    const when =
      n === 4 ? {} : { due_on, ...(n % 2 && { due_time: "09:30" }), ...(n === 3 && { rule: "FREQ=WEEKLY" }) };
    const body = { title, assignee, kind: n % 2 ? "call" : "proposal", priority: n ? "normal" : "urgent", ...when };
    ids.push((await api.call<Schema<"Task">>("POST", "/v1/tasks", { ...body, ...(n === 0 && about) })).id);
  }
  return { task: ids[0] ?? "" };
}

/** A birthday soon, and a greeting for it that nobody has switched on. */
async function celebrated(api: Api, contact: string): Promise<void> {
  const soon = new Date(Date.now() + 3 * 86_400_000);
  const date = { date_kind: "yearly", year: 1984, month: soon.getUTCMonth() + 1, day: soon.getUTCDate() };
  await api.call("POST", "/v1/occasions", { contact, kind: "birthday", ...date });
  const text = { subject: "Happy birthday, {{first_name|friend}}", body: "Good wind for your {{years|next}} year." };
  await api.call("POST", "/v1/greetings", { name: "Kites and birthdays", kinds: ["birthday"], ...text });
  await api.call("PATCH", "/v1/occasion-settings", { packs: ["BD", "DE"] });
}

const DRAFT = {
  version: 0,
  title: "Ask for a lesson",
  submit_label: "Send",
  steps: [
    {
      key: "you",
      title: "About you",
      fields: [
        { key: "name", type: "text", label: "Your name", required: true, maps_to: "name" },
        { key: "email", type: "email", label: "E-mail", required: true, maps_to: "email" },
      ],
    },
    { key: "wish", title: "Your wish", fields: [{ key: "notes", type: "long_text", label: "What do you fly?" }] },
  ],
  rules: [],
  outcome: { kind: "message", title: "Thank you", body: "We answer within a day." },
};

/** A published form on an allowed website, with answers. */
async function answered(world: World, api: Api): Promise<{ form: string; widget: string; submission: string }> {
  const { id: form } = await api.call<Schema<"Form">>("POST", "/v1/forms", { name: "Lessons", draft: DRAFT });
  await api.call("POST", `/v1/forms/${form}/versions`);
  await api.allow(SITE);
  const published = async () => (await api.get<Schema<"Form">>(`/v1/forms/${form}`)).widget;
  await expect.poll(published, { intervals: [50] }).not.toBeNull();
  const widget = (await published()) as string;
  await admitted(world.urls.edge, widget, SITE);
  for (const name of ["Sven Adler", "Grace Quinn"]) await visit(world.urls.edge, widget, name);
  const sent = () => api.list<Schema<"SubmissionSummary">>("/v1/submissions");
  await expect.poll(async () => (await sent()).length, { intervals: [50] }).toBe(2);
  return { form, widget, submission: (await sent())[0]?.id ?? "" };
}

const tokenIn = (body: string) => /"token":"([^"]+)"/.exec(body)?.[1] ?? "";

/** One visitor, without a browser: comes, fills in, sends. */
export async function visit(edge: string, widget: string, name: string, more: object = {}): Promise<void> {
  const browser = { referer: `${SITE}/`, "sec-fetch-dest": "iframe", "sec-fetch-mode": "navigate" };
  const frame = await frameOf(edge, widget, SITE, { ...browser, "sec-fetch-site": "cross-site" });
  const session = await post(`${edge}/v1/session`, tokenIn(frame.body), {});
  const email = `${name.split(" ")[0]?.toLowerCase()}@sky.example`;
  const answers = { name, email, notes: "A stunt kite, two lines.", ...more };
  await post(`${edge}/v1/a/form`, tokenIn(session), {
    version: 1,
    answers,
    attr: { page: `${SITE}/lessons`, utm_source: "spring" },
    filled_ms: 9000,
  });
}

const post = (url: string, token: string, body: unknown): Promise<string> =>
  new Promise((resolve, reject) => {
    const headers = {
      origin: new URL(url).origin,
      "sec-fetch-site": "same-origin",
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "idempotency-key": randomUUID(),
    };
    const sending = request(url, { method: "POST", headers, family: 4 }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () => {
        const text = Buffer.concat(parts).toString();
        if ((answer.statusCode ?? 500) < 300) resolve(text);
        else reject(new Error(`${url} answered ${answer.statusCode} ${text}`));
      });
    });
    sending.on("error", reject);
    sending.end(JSON.stringify(body));
  });
