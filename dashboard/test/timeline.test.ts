import { readFileSync } from "node:fs";
import { join } from "node:path";
import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import { startLanguage } from "@/i18n";
import { bring } from "@/i18n/words";
import { askedOf, EVERYTHING, isNarrow } from "@/modules/activities/data";
import { thingOf, whyOf } from "@/modules/activities/did";
import { type Entry, sentence } from "@/modules/contacts/story";

beforeAll(async () => {
  await startLanguage("ar");
  await bring("shell", "contacts", "activities");
});

const MODULES = [
  ...["activities", "attachments", "companies", "contacts", "deals", "followups", "forms", "messaging"],
  ...["occasions", "privacy", "scores", "segments", "tasks"],
];
/** Families all of whose events are about a contact, a company or a deal, and single events of others. */
const TOLD = [
  ...["contact", "company", "deal", "note", "activity", "task", "attachment", "follow_up", "enrolment", "occasion"],
  ...["greeting.sent", "form.submitted", "segment.entered", "segment.left", "score.band_changed", "email.queued"],
  ...["timeline.exported", "data_request.created", "data_request.completed", "data_request.failed"],
];
const kinds = MODULES.flatMap((module) => {
  const source = readFileSync(join(import.meta.dirname, `../../core/${module}/src/lib.rs`), "utf8");
  const events = /# Events\n([\s\S]*?)\n\/\/! #/.exec(source)?.[1] ?? "";
  return [...events.matchAll(/`([a-z_]+\.[a-z_]+)`/g)].map((match) => match[1] as string);
}).filter(
  (kind) =>
    (TOLD.includes(kind) || TOLD.includes(kind.split(".")[0] ?? "")) &&
    // A list that leaves is about nobody.
    (!kind.endsWith(".exported") || kind === "timeline.exported"),
);

const entry = (more: Partial<Entry>): Entry =>
  ({ id: "evt_1", subject: "x", subject_id: "x_1", title: "Server's words", payload: {}, ...more }) as Entry;

test("every kind that a timeline shows is told in Arabic", () => {
  expect(kinds.length).toBeGreaterThan(80);
  const names = { stage: () => "فائز", member: () => "آدا" };
  for (const kind of kinds)
    for (const payload of [{}, { to: kind.startsWith("score.") ? "hot" : "usr_1", score: 70 }]) {
      if (kind === "score.band_changed" && !("to" in payload)) continue;
      const said = sentence(entry({ kind, payload }), i18next.t, names);
      expect(said, kind).not.toMatch(/[A-Za-z]/);
      expect(said.trim(), kind).not.toBe("");
    }
});

test("an entry says what it happened to, and leads there", () => {
  const contact = { kind: "contact", id: "con_1" } as const;
  const named = (resource: string, name: string) => ({ resource, id: `${resource}_1`, name });
  const task = { subject: "tasks", named: { ...named("tasks", "Measure"), outcome: "Rain" } };
  expect(thingOf(entry({ kind: "task.skipped", ...task }), contact)).toEqual({
    name: "Measure",
    to: "/tasks?who=everybody&task=tasks_1",
  });
  expect(whyOf(entry({ kind: "task.skipped", ...task }), i18next.t)).toBe("Rain");
  const rule = { kind: "follow_up.fired", named: named("follow_up_rules", "After a quote") };
  expect(thingOf(entry({ ...rule, payload: { task: "tsk_1" } }), contact)?.to).toBe("/tasks?who=everybody&task=tsk_1");
  expect(thingOf(entry(rule), contact)).toEqual({ name: "After a quote", to: undefined });
  expect(
    thingOf(entry({ kind: "form.submitted", subject_id: "sub_1", named: named("forms", "Enquiry") }), contact),
  ).toEqual({ name: "Enquiry", to: "/submissions/sub_1" });
  expect(thingOf(entry({ kind: "attachment.created", named: named("attachments", "a.pdf") }), contact)).toEqual({
    name: "a.pdf",
    to: undefined,
  });
  const deal = { kind: "deal.won", subject: "deals", deal: "dea_1", deal_title: "Roof" };
  expect(thingOf(entry(deal), contact)).toEqual({ name: "Roof", to: "/deals/dea_1" });
  expect(thingOf(entry(deal), { kind: "deal", id: "dea_1" })).toBeUndefined();
  expect(thingOf(entry({ kind: "note.created" }), contact)).toBeUndefined();
  // What made a follow-up needless is told in words that are known.
  expect(whyOf(entry({ kind: "follow_up.cancelled", payload: { reason: "meeting" } }), i18next.t)).toBe("عُقد اجتماع");
  expect(whyOf(entry({ kind: "follow_up.cancelled", payload: { reason: "evil" } }), i18next.t)).toBeUndefined();
  expect(whyOf(entry({ kind: "contact.assigned", payload: { reason: "meeting" } }), i18next.t)).toBeUndefined();
});

test("a timeline is asked for whole days of the zone, also when clocks change", () => {
  const of = { kind: "deal", id: "dea_1" } as const;
  expect(askedOf(of, EVERYTHING, "Europe/Berlin")).toEqual([]);
  expect(askedOf(of, { part: "notes", q: "x", by: "usr_1" }, undefined)).toEqual(["type:eq:note", "actor:eq:usr_1"]);
  // 29 March 2026 has 23 hours in Berlin.
  expect(askedOf(of, { ...EVERYTHING, from: "2026-03-29", until: "2026-03-29" }, "Europe/Berlin")).toEqual([
    "moment:gte:2026-03-28T23:00:00.000Z",
    "moment:lt:2026-03-29T22:00:00.000Z",
  ]);
  expect(askedOf(of, { ...EVERYTHING, until: "2026-12-31" }, "Asia/Tokyo")).toEqual([
    "moment:lt:2026-12-31T15:00:00.000Z",
  ]);
  const narrow = [{ part: "notes" }, { q: "x" }, { by: "usr_1" }, { from: "2026-01-01" }, { until: "2026-01-01" }];
  expect(narrow.every((more) => isNarrow({ ...EVERYTHING, ...(more as object) }))).toBe(true);
  expect(isNarrow(EVERYTHING)).toBe(false);
});
