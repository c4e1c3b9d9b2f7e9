import { beforeAll, expect, test } from "vitest";
import i18next from "i18next";
import { startLanguage } from "@/i18n";
import { bring } from "@/i18n/words";
import { find, SECTIONS, sectionAt, type SectionId, sectionsOf, type Told } from "@/modules/settings/sections";
import type { Me } from "@/app/may";

beforeAll(async () => {
  await startLanguage("en");
  await bring("settings");
});

const tell = (id: SectionId): Told => i18next.t(`settings.sections.${id}`, { returnObjects: true });
const ids = (query: string) => find(SECTIONS, tell, query).map(({ section }) => section.id);

test("a section is found by its name, by a field on it and by what it says", () => {
  expect(ids("GENERAL")).toEqual(["general"]);
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
