import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import { localeOf } from "@/i18n/format";
import { startLanguage } from "@/i18n";
import { bring } from "@/i18n/words";
import { deviceOf } from "@/modules/account/data";
import { type Entry, momentOf, nowAmong, sentence } from "@/modules/contacts/story";
import { fold, matches } from "@/shell/search";
import { hueOf, initials } from "@/ui/names";

beforeAll(async () => {
  await startLanguage("en");
  await bring("shell", "contacts");
});

test.each([
  ["Priya Raman", "PR"],
  ["  ada ", "AD"],
  ["👩‍👩‍👧 Family Rides", "👩‍👩‍👧R"],
  ["مريم الحسيني", "ما"],
  ["", "?"],
])("%s is recognised by %s", (name, letters) => expect(initials(name)).toBe(letters));

test("a hue belongs to an id for ever", () => {
  expect(hueOf("con_1")).toBe(hueOf("con_1"));
  const hues = new Set(Array.from({ length: 200 }, (_, n) => hueOf(`con_${n}`)));
  expect([...hues].every((hue) => hue >= 0 && hue < 12)).toBe(true);
  expect(hues.size).toBe(12);
});

test("search is blind for case and accents", () => {
  expect(fold("Orbités")).toBe("orbites");
  expect(matches("Ünal Škoda", "skoda unal")).toBe(true);
  expect(matches("Ünal", "x")).toBe(false);
});

const event = (more: Partial<Entry>) =>
  ({
    id: "evt_1",
    kind: "x.y",
    occurred_at: "2026-03-11T10:00:00Z",
    title: "Server's words",
    payload: {},
    ...more,
  }) as Entry;
const names = {
  stage: (key: string) => key.toUpperCase(),
  member: (id: string) => (id === "usr_1" ? "Ada" : undefined),
};
const told = (more: Partial<Entry>) => sentence(event(more), i18next.t, names);

test("events are told in the reader's words; unknown ones in the server's", () => {
  expect(told({})).toBe("Server's words");
  expect(told({ kind: "contact.stage_changed", payload: { from: "new", to: "won" } })).toBe("Moved to WON");
  expect(told({ kind: "contact.stage_replaced", payload: { from: "new", to: "won" } })).toBe("Moved to WON");
  expect(told({ kind: "deal.followed", payload: { user: "usr_1" } })).toBe("Ada follows");
  expect(told({ kind: "contact.assigned", payload: { to: "usr_1" } })).toBe("Given to Ada");
  expect(told({ kind: "contact.assigned", payload: { to: null } })).toBe("Given to nobody");
  expect(told({ kind: "contact.tagged", payload: { added: ["VIP"], removed: ["Old"] } })).toBe("Tags: +VIP −Old");
  expect(told({ kind: "contact.blocked", payload: { channel: "sms" } })).toBe("No more SMS");
  expect(told({ activity: { kind: "carrier pigeon", title: "", occurred_at: "" } })).toBe("Activity");
});

test("a plan is where it will happen, not where it was written down", () => {
  const activity = { kind: "meeting", title: "", occurred_at: "2026-03-14T10:00:00Z" };
  expect(momentOf(event({ kind: "activity.logged", activity }))).toBe("2026-03-14T10:00:00Z");
  // That it was changed later happened later.
  expect(momentOf(event({ kind: "activity.updated", activity }))).toBe("2026-03-11T10:00:00Z");
  expect(momentOf(event({}))).toBe("2026-03-11T10:00:00Z");
});

test("what was written down has happened, however slow the sun is", () => {
  const at = (time: string) => Date.parse(`2026-03-11T${time}Z`);
  expect(nowAmong([], at("09:59:00"))).toBe(at("09:59:00"));
  expect(nowAmong([event({}), event({ occurred_at: "2026-03-11T09:00:00Z" })], at("09:59:00"))).toBe(at("10:00:00"));
  const meeting = event({ activity: { kind: "meeting", title: "", occurred_at: "2026-03-14T10:00:00Z" } });
  expect(nowAmong([meeting], at("11:00:00"))).toBe(at("11:00:00"));
});

test("a tenant's own kind of a language is used, another language's is not", () => {
  expect(localeOf("en", "en-GB", "DE")).toBe("en-GB");
  expect(localeOf("en", "en", "GB")).toBe("en-GB");
  expect(localeOf("ar", "en", "GB")).toBe("ar");
  expect(localeOf("en")).toBe("en");
});

test("devices are called what people call them", () => {
  expect(deviceOf("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36")).toBe(
    "Chrome, Linux",
  );
  expect(deviceOf("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1")).toBe(
    "Safari, iOS",
  );
  expect(deviceOf("curl/8.0")).toBe("curl/8.0");
});
