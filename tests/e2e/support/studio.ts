/** An agency with a week behind it, for pictures: names, notes, plans and answers as people would have them. */
import { expect } from "@playwright/test";
import { member, visit } from "./filled";
import { frameOf } from "./raw";
import { founder, type Person, signedIn } from "./people";
import { admitted } from "./test";
import { Api, type Schema, type World } from "./world";

export interface Studio {
  owner: Person;
  /** Works in the busiest client. */
  client: Person;
  ids: { client: string; contact: string; form: string };
}

const CLIENTS: [name: string, people: number][] = [
  ["Kestrel Cycles", 0],
  ["Harbor & Pine Physio", 9],
  ["Saltmarsh Bakery", 2],
  ["Oakhaus Interiors", 6],
  ["Lumen Yoga", 4],
  ["Tidewater Plumbing", 0],
  ["Vela Skin Clinic", 7],
  ["Fernway Vets", 3],
];
const PEOPLE: [first: string, last: string, stage: string, tags: string[], company?: string][] = [
  ["Noor", "Hadid", "qualified", ["Cargo", "Collection"]],
  ["Caleb", "Aldous", "contacted", ["Repair"]],
  ["Mina", "Petrov", "won", ["Commuter"], "Arden Food Co-op"],
  ["Jonas", "Weller", "contacted", []],
  ["Amara", "Osei", "won", ["Touring", "Newsletter"]],
  ["Lucas", "Brandt", "qualified", ["Fleet"], "Lowland Couriers"],
  ["Sofia", "Marin", "contacted", ["Newsletter"]],
  ["Wei", "Lin", "won", ["Gravel"]],
  ["Theo", "Fennick", "qualified", ["Fleet"], "City of Arden"],
  ["Ida", "Nyström", "contacted", ["Kids"]],
];
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const mail = (first: string) => [{ address: `${first.toLowerCase()}@fastpost.example` }];

export async function studio(world: World, name: string): Promise<Studio> {
  const owner = await founder(world, name);
  const agency = new Api(world.urls.core, (await signedIn(owner, world)).access_token);
  const clients: { id: string; people: number }[] = [];
  for (const [client, people] of CLIENTS) {
    const { id } = await agency.call<Schema<"Client">>("POST", "/v1/clients", { name: client, country: "GB" });
    clients.push({ id, people });
  }
  for (const { id, people } of clients)
    for (let n = 0; n < people; n++)
      await agency.call(
        "POST",
        "/v1/contacts",
        { first_name: PEOPLE[n]?.[0], last_name: PEOPLE[n]?.[1] },
        { "upzento-tenant": id },
      );
  await agency.call("POST", `/v1/clients/${clients[2]?.id}/suspension`, { reason: "Unpaid since March" });
  const kestrel = clients[0]?.id ?? "";
  const client = await member(world, agency, kestrel, "Dana Okafor");
  const own = new Api(world.urls.core, (await signedIn(client, world)).access_token);
  const contact = await rider(own);
  for (const [first_name, last_name, stage, tags, company_name] of PEOPLE)
    await own.call("POST", "/v1/contacts", {
      ...{ first_name, last_name, stage, tags, emails: mail(first_name) },
      ...(company_name && { company_name }),
    });
  return { owner, client, ids: { client: kestrel, contact, form: await fitting(world, own) } };
}

/** Somebody with a story: how she came, what was said, what is agreed. */
async function rider(api: Api): Promise<string> {
  const { id } = await api.call<Schema<"Contact">>("POST", "/v1/contacts", {
    first_name: "Priya",
    last_name: "Raman",
    job_title: "Touring rider",
    emails: mail("Priya"),
    phones: [{ number: "+447700900182" }],
    tags: ["Touring", "Rohloff"],
    zone: "Europe/London",
    source: "Google Ads",
    touch: { at: ago(1500), page: "https://kestrel.example/fitting", utm: { source: "google", campaign: "touring" } },
  });
  const path = `/v1/contacts/${id}`;
  const say = (body: object) => api.call("POST", `${path}/activities`, body);
  await say({ kind: "message", direction: "inbound", title: "Asked about lead time", occurred_at: ago(1300) });
  await say({
    kind: "call",
    direction: "outbound",
    title: "About the touring build",
    body: "Is five weeks realistic for the Rohloff wheel? I fly on the 16th of May and would love two weekends to test it.",
    outcome: "Wants it before 18 May",
    duration_seconds: 540,
    occurred_at: ago(200),
  });
  await say({ kind: "email", direction: "outbound", title: "Your touring build, three ways", occurred_at: ago(130) });
  await say({ kind: "meeting", title: "Bike fitting, bay 2", occurred_at: ago(-45) });
  await say({ kind: "call", title: "Build slot and final quote", occurred_at: ago(-20 * 60) });
  await api.call("POST", `${path}/notes`, { body: "Lower back hurts after about 60 km. Saddle first." });
  await api.call("POST", `${path}/notes`, { body: "Coast-to-coast ride on 18 May.", pinned: true });
  for (const channel of ["email", "phone"])
    await api.call("POST", `${path}/consents`, {
      ...{ purpose: "newsletter", channel, state: "granted", text: "Send me news" },
      evidence: { note: "on the website" },
    });
  await api.call("PATCH", path, { stage: "qualified" });
  return id;
}

const SITE = "https://kites.example";
const options = (...labels: string[]) =>
  labels.map((label) => ({ value: label.toLowerCase().replace(/\W+/g, "_"), label }));
const FITTING = {
  version: 0,
  title: "Book a bike fitting",
  submit_label: "Send",
  steps: [
    {
      key: "bike",
      title: "Your bike",
      fields: [
        { key: "name", type: "text", label: "Your name", required: true, maps_to: "name" },
        { key: "email", type: "email", label: "Email", required: true, maps_to: "email" },
      ],
    },
    {
      key: "feels",
      title: "How does riding feel today?",
      fields: [
        {
          key: "height",
          type: "number",
          label: "Your height",
          placeholder: "168",
          help: "In centimetres",
          min: 120,
          max: 220,
        },
        {
          ...{ key: "hurts", type: "radio", label: "Where does it hurt?", required: true },
          options: options("Nowhere", "Lower back", "Knees", "Hands or neck"),
        },
        { key: "notes", type: "long_text", label: "Anything else we should know?" },
      ],
    },
    { key: "time", title: "Time", fields: [{ key: "day", type: "date", label: "Which day suits you?" }] },
    { key: "agree", title: "Before you come", fields: [{ key: "ok", type: "consent", text: "You may call me." }] },
  ],
  rules: [
    {
      when: { field: "hurts", op: "eq", value: "nowhere" },
      then: [{ action: "jump", from: "feels", target: "agree" }],
    },
    { when: { field: "hurts", op: "eq", value: "lower_back" }, then: [{ action: "require", target: "notes" }] },
  ],
  outcome: { kind: "message", title: "Thank you", body: "We answer within a day." },
};

/** A form of several steps that people answer, on a website that may show it. */
async function fitting(world: World, api: Api): Promise<string> {
  const { id } = await api.call<Schema<"Form">>("POST", "/v1/forms", { name: "Book a bike fitting", draft: FITTING });
  await api.call("POST", `/v1/forms/${id}/versions`);
  await api.allow(SITE);
  const shown = async () => (await api.get<Schema<"Form">>(`/v1/forms/${id}`)).widget;
  await expect.poll(shown, { intervals: [50] }).not.toBeNull();
  const widget = (await shown()) as string;
  await admitted(world.urls.edge, widget, SITE);
  // One is refused where nobody allowed it: something to decide about.
  await frameOf(world.urls.edge, widget, "https://kestrel-blog.example");
  for (const name of ["Sven Adler", "Grace Quinn", "Omar Said"])
    await visit(world.urls.edge, widget, name, { height: 168, hurts: "lower_back", day: "2027-03-12" });
  return id;
}
