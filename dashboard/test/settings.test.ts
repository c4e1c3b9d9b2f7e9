import { beforeAll, expect, test } from "vitest";
import i18next from "i18next";
import { startLanguage } from "@/i18n";
import { bring } from "@/i18n/words";
import { find, SECTIONS, sectionAt, type SectionId, sectionsOf, type Told } from "@/modules/settings/sections";
import { FIELDS, parse } from "@/modules/contacts/filters/model";
import { isLimit, levelOf } from "@/modules/settings/usage";
import type { Me } from "@/app/may";

beforeAll(async () => {
  await startLanguage("en");
  await bring("shell", "settings");
});

const tell = (id: SectionId): Told => i18next.t(`settings.sections.${id}`, { returnObjects: true });
const ids = (query: string) => find(SECTIONS, tell, query).map(({ section }) => section.id);

test("a section is found by its name, by a field on it and by what it says", () => {
  expect(ids("GENERAL")[0]).toBe("general");
  expect(ids("time zone")).toEqual(["general"]);
  expect(find(SECTIONS, tell, "currency")[0]?.fields).toEqual(["Currency"]);
  expect(ids("nothing like it")).toEqual([]);
  expect(ids("")).toEqual(SECTIONS.map(({ id }) => id));
});

test("an address belongs to one section, its own pages included", () => {
  expect(sectionAt("/settings/general")?.id).toBe("general");
  expect(sectionAt("/settings/general/more")?.id).toBe("general");
  expect(sectionAt("/settings/generally")).toBeUndefined();
  expect(sectionAt("/settings")).toBeUndefined();
});

test("only what the role reaches is there", () => {
  const who = { tenant: { kind: "client" }, memberships: [], grants: { "tenants.read": "all" } } as unknown as Me;
  expect(sectionsOf(who).map(({ id }) => id)).toContain("general");
  expect(sectionsOf({ ...who, grants: {} }).map(({ id }) => id)).not.toContain("general");
  expect(sectionsOf(undefined)).toEqual([]);
});

test("a limit warns at 80 %, says so at 90 % and stops at 100 %", () => {
  expect([0, 79, 80, 89, 90, 99, 100, 120].map((used) => levelOf(used, 100))).toEqual([
    "fine",
    "fine",
    "warning",
    "warning",
    "soft",
    "soft",
    "hard",
    "hard",
  ]);
  expect(levelOf(0, 0)).toBe("hard");
});

test("an address takes conditions on every field that can be chosen", () => {
  for (const { name } of FIELDS) expect(parse(`${name}:eq:x`), name).toEqual({ field: name, op: "eq", value: "x" });
  expect(parse("id:eq:x")).toBeUndefined();
});

test("only what plans limit is a limit", () => {
  expect(["contacts", "clients", "storage_mb", "planets"].filter(isLimit)).toEqual([
    "contacts",
    "clients",
    "storage_mb",
  ]);
});
