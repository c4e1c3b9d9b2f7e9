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
import { families, hears, kindsOf, spelled, turned } from "@/modules/webhooks/kinds";

beforeAll(async () => {
  await startLanguage("en");
  await bring("webhooks");
});

/** Every text of the core's sources that looks like a kind. */
function recorded(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return recorded(path);
      return entry.name.endsWith(".rs") ? readFileSync(path, "utf8") : "";
    })
    .join("\n");
}

test("every kind that can be chosen is one that the core records, and has a name", () => {
  const sources = recorded(join(import.meta.dirname, "../../core"));
  for (const kind of families.flatMap(kindsOf)) {
    expect(sources, kind).toContain(`"${kind}"`);
    expect(i18next.exists(`webhooks.kinds.${kind.replace(".", "_")}`), kind).toBe(true);
  }
});

test("kinds are kept in their shortest spelling, and what is not known stays", () => {
  expect(spelled(kindsOf("note"))).toEqual(["note.*"]);
  expect(turned(["note.*"], ["note.deleted"], false)).toEqual(["note.created", "note.updated"]);
  expect(turned(["note.created", "deal.won"], ["note.updated", "note.deleted"], true)).toEqual(["note.*", "deal.won"]);
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
