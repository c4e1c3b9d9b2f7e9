import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import { startLanguage } from "@/i18n";
import { bring } from "@/i18n/words";
import { endOf } from "@/modules/apikeys/create";
import { type ApiKey, stateOf } from "@/modules/apikeys/data";
import { covers } from "@/modules/origins/removal";
import type { Delivery } from "@/modules/webhooks/data";
import { explain } from "@/modules/webhooks/explain";
import { families, hears, kindsOf, nameOf, spelled, turned } from "@/modules/webhooks/kinds";

beforeAll(async () => {
  await startLanguage("en");
  await bring("webhooks");
});

/** The core's sources, without their own tests. */
function sources(folder = join(import.meta.dirname, "../../core")): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith(".rs") ? [readFileSync(path, "utf8").split("#[cfg(test)]")[0] ?? ""] : [];
  });
}
/** The first text after something was written, as far as the statement goes; and the kinds that have a constant. */
const RECORDS = /(?:NewEvent::new|\brecord\w*)\([^;"]*"([a-z_]+\.[a-z_]+)"|pub const \w+: &str = "([a-z_]+\.[a-z_]+)"/g;
/** What looks like a kind of a family that can be chosen, and is none: people are told it, no log has it; or it is a file. */
const NO_EVENTS = new Set([
  ...["submission.received", "submission.quarantined", "task.reminder", "task.shared", "occasion.notice"],
  ...["occasion.renewal", "greeting.waiting", "note.mention"],
  ...["greeting", "invitation"].flatMap((mail) => ["subject", "txt", "html"].map((part) => `${mail}.${part}`)),
]);
/** What no webhook is offered. */
const UNTOLD: Record<string, string> = {
  "admin.": "the platform's own log",
  "embed_key.": "the platform's own log",
  "webhook.tested": "it goes to the webhook that is tested",
  "custom_field.work_requested": "one part of the program asks another",
};
const isUntold = (kind: string) => Object.keys(UNTOLD).some((begins) => kind.startsWith(begins));

test("every kind that can be chosen is one that the core records, and has a name", () => {
  const text = sources().join("\n");
  for (const kind of families.flatMap(kindsOf)) {
    expect(text, kind).toContain(`"${kind}"`);
    const name = nameOf(kind, i18next);
    expect(name.startsWith("webhooks."), kind).toBe(false);
  }
  for (const family of families) {
    expect(i18next.exists(`webhooks.families.${family}`), family).toBe(true);
    const names = kindsOf(family).map((kind) => nameOf(kind, i18next));
    expect(new Set(names).size, `${family}: ${names}`).toBe(names.length);
  }
});

test("every kind that the core records can be chosen", () => {
  const offered = new Set(families.flatMap(kindsOf));
  const text = sources();
  const recorded = text.flatMap((file) => [...file.matchAll(RECORDS)].map(([, said, kept]) => said ?? kept ?? ""));
  expect(recorded.length).toBeGreaterThan(200);
  // Where the kind is chosen first and recorded later: whatever else begins with the name of a family.
  const alike = text.flatMap((file) => [...file.matchAll(/"(([a-z_]+)\.[a-z_]+)"/g)]);
  const known = new Set<string>(families);
  const all = [...recorded, ...alike.filter(([, , family]) => known.has(family ?? "")).map(([, kind]) => kind ?? "")];
  const missing = new Set(all.filter((kind) => !offered.has(kind) && !isUntold(kind) && !NO_EVENTS.has(kind)));
  expect([...missing]).toEqual([]);
});

test("kinds are kept in their shortest spelling, and what is not known stays", () => {
  expect(spelled(kindsOf("note"))).toEqual(["note.*"]);
  expect(turned(["note.*"], ["note.deleted"], false)).toEqual(["note.created", "note.updated"]);
  expect(turned(["note.created", "new.kind"], ["note.updated", "note.deleted"], true)).toEqual(["note.*", "new.kind"]);
  expect(turned(["deal.won"], ["company.created"], true)).toEqual(["company.created", "deal.won"]);
  expect(turned(["*"], ["tag.created"], false)).toContain("contact.*");
  expect(hears(["contact.*"], "contact.created")).toBe(true);
  expect(hears(["contact.created"], "contact.deleted")).toBe(false);
});

test.each([
  [{ state: "delivered", status: 204 }, undefined],
  [{ state: "failed", status: 500 }, "Something broke"],
  [{ state: "failed", status: 410 }, "gone for good"],
  [{ state: "waiting", status: 302 }, "another address"],
  [{ state: "waiting", error: "operation timed out" }, "in time"],
  [{ state: "waiting", error: "connection refused" }, "could not be reached"],
  [{ state: "waiting" }, undefined],
  [{ state: "dropped" }, "switched off"],
])("%j is explained", (delivery, said) => {
  const text = explain(delivery as Delivery, i18next.t);
  if (said) expect(text).toContain(said);
  else expect(text).toBeUndefined();
});

test("a key says two weeks before that it ends", () => {
  const now = Date.parse("2026-11-28T12:00:00Z");
  const key = (expires_at?: string, revoked_at?: string) => ({ expires_at, revoked_at }) as ApiKey;
  expect(stateOf(key(), now)).toBe("working");
  expect(stateOf(key("2027-11-28T12:00:00Z"), now)).toBe("working");
  expect(stateOf(key("2026-12-05T12:00:00Z"), now)).toBe("ending");
  expect(stateOf(key("2026-11-28T11:00:00Z"), now)).toBe("expired");
  expect(stateOf(key("2026-11-28T11:00:00Z", "2026-11-01T00:00:00Z"), now)).toBe("revoked");
  expect(endOf("never", "")).toBeUndefined();
  expect(endOf("30", "", now)).toBe("2026-12-28T12:00:00.000Z");
  expect(endOf("date", "")).toBeUndefined();
});

test("a wildcard covers what is below it and never the domain itself", () => {
  expect(covers("https://*.example.com", "https://a.b.example.com")).toBe(true);
  expect(covers("https://*.example.com", "https://example.com")).toBe(false);
  expect(covers("https://*.example.com", "http://a.example.com")).toBe(false);
  expect(covers("https://*.example.com", "https://notexample.com")).toBe(false);
  expect(covers("https://example.com", "https://example.com")).toBe(true);
});
