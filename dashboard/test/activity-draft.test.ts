import fc from "fast-check";
import { expect, test } from "vitest";
import type { Schema } from "@/api/client";
import { bodyOf, type Filled, filled, type Logged, patchOf, TURNS } from "@/modules/activities/activity-draft";

const ZONE = "Europe/Berlin";
const kind = fc.constantFrom<Logged>("call", "meeting", "email", "whatsapp", "sms");
const text = fc.option(fc.constantFrom("answered", "no answer", "Buys", " "), { nil: null });
const excerpt: fc.Arbitrary<Schema["ActivityExcerpt"]> = fc.record({
  kind,
  title: fc.constant("Rang"),
  direction: fc.option(fc.constantFrom("inbound", "outbound"), { nil: null }),
  topic: fc.option(fc.constantFrom("proposal", "quote", "invoice"), { nil: null }),
  outcome: text,
  body: text,
  duration_seconds: fc.option(fc.integer({ min: 0, max: 604_800 }), { nil: null }),
  occurred_at: fc
    .date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true })
    .map((at) => at.toISOString()),
}) as fc.Arbitrary<Schema["ActivityExcerpt"]>;

test("what nobody touched is not sent, whatever was logged", () => {
  fc.assert(
    fc.property(excerpt, (was) => {
      const before = filled(was.kind as Logged, was, ZONE);
      expect(patchOf(was.kind as Logged, before, { ...before }, ZONE)).toEqual({});
    }),
  );
});

test("what was touched is sent alone", () => {
  fc.assert(
    fc.property(excerpt, fc.constantFrom("minutes", "when", "text", "outcome"), (was, field) => {
      const before = filled(was.kind as Logged, was, ZONE);
      const now: Filled = { ...before, ...{ minutes: "12345", when: "2031-05-05T10:00", text: "New", outcome: "New" } };
      const one = { ...before, [field]: now[field as "minutes"] };
      const key = { minutes: "duration_seconds", when: "occurred_at", text: "body", outcome: "outcome" }[field];
      const sent = Object.keys(patchOf(was.kind as Logged, before, one, ZONE));
      // Nobody answered: that is how it ended, whatever else is typed.
      expect(sent).toEqual(field === "outcome" && before.turn === "unanswered" ? [] : [key]);
    }),
  );
});

test("seconds, topic and direction of a meeting stay when its title is changed; what is emptied is emptied", () => {
  const was = {
    kind: "meeting",
    title: "Visit",
    direction: "inbound",
    topic: "quote",
    outcome: "answered",
    body: "Text",
    duration_seconds: 95,
    occurred_at: "2026-01-01T10:00:42Z",
  } as Schema["ActivityExcerpt"];
  const before = filled("meeting", was, ZONE);
  expect([before.minutes, before.when, before.outcome]).toEqual(["2", "2026-01-01T11:00", "answered"]);
  expect(patchOf("meeting", before, { ...before, minutes: "3" }, ZONE)).toEqual({ duration_seconds: 180 });
  expect(patchOf("meeting", before, { ...before, minutes: "", text: " ", outcome: "" }, ZONE)).toEqual({
    duration_seconds: null,
    body: null,
    outcome: null,
  });
});

test("another turn says direction and topic, and of a call how it ended", () => {
  const call = { kind: "call", title: "Rang", direction: "outbound", topic: "quote", outcome: "answered" };
  const before = filled("call", { ...call, occurred_at: "2026-01-01T10:00:00Z" } as Schema["ActivityExcerpt"], ZONE);
  expect(before).toMatchObject({ turn: "answered", outcome: "" });
  expect(patchOf("call", before, { ...before, turn: "unanswered" }, ZONE)).toEqual({
    direction: "outbound",
    outcome: "no answer",
  });
  const mail = { ...call, kind: "email", outcome: null };
  const sent = filled("email", { ...mail, occurred_at: "2026-01-01T10:00:00Z" } as Schema["ActivityExcerpt"], ZONE);
  expect(sent.turn).toBe("quote");
  expect(patchOf("email", sent, { ...sent, turn: "outbound" }, ZONE)).toEqual({ direction: "outbound", topic: null });
  expect(patchOf("email", sent, { ...sent, turn: "inbound" }, ZONE)).toEqual({ direction: "inbound", topic: null });
});

test("something new says what its turn means", () => {
  for (const of of Object.keys(TURNS) as Logged[])
    expect(Object.keys(bodyOf(filled(of, undefined, ZONE), ZONE)).sort()).toEqual(
      of === "meeting" ? [] : of === "call" ? ["direction", "outcome"] : ["direction"],
    );
  const call: Filled = { turn: "answered", outcome: " Buys ", minutes: "1.5", when: "2026-07-01T10:00", text: " Hi " };
  expect(bodyOf(call, ZONE)).toEqual({
    direction: "outbound",
    outcome: "Buys",
    duration_seconds: 90,
    occurred_at: "2026-07-01T08:00:00.000Z",
    body: "Hi",
  });
  expect(bodyOf({ ...call, turn: "unanswered" }, ZONE).outcome).toBe("no answer");
});
