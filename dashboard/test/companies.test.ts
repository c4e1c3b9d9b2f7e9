import { expect, test } from "vitest";
import { readSearch } from "@/modules/companies/address";
import type { Company } from "@/modules/companies/data";
import { parse, put } from "@/modules/companies/filters";
import { FIELDS, patchOf, valuesOf } from "@/modules/companies/form/values";
import { purposeKey } from "@/modules/contacts/person/ledger";
import { meantBy } from "@/modules/fields/trial";
import { kindsOf, taskOf, wordOf } from "@/modules/notifications/told";
import { words } from "@/modules/notifications/words/en";

test("an address of the list says conditions that are known, in short forms too", () => {
  const f = ["country:in:GB,DE", "renews_on:gte:2031-01-01", "custom.vats:gte:3", "name:like:x", "nothing:eq:1", 7];
  expect(readSearch({ f, owner: "nobody", tier: "gold", sort: "-custom.vats" })).toEqual({
    view: undefined,
    q: undefined,
    f: ["country:in:GB,DE", "renews_on:gte:2031-01-01", "custom.vats:gte:3", "tier:eq:gold", "owner:empty:true"],
    sort: "-custom.vats",
    new: undefined,
  });
  expect(readSearch({ f: "sort:eq:x", sort: "custom." }).f).toBeUndefined();
});

test("a condition takes the place of its field's; two ends of a time stand beside each other", () => {
  const from = { field: "renews_on", op: "gte", value: "2031-01-01" } as const;
  const before = { field: "renews_on", op: "lt", value: "2032-01-01" } as const;
  const both = put(put(["tier:eq:gold"], from), before);
  expect(both).toEqual(["tier:eq:gold", "renews_on:gte:2031-01-01", "renews_on:lt:2032-01-01"]);
  expect(put(both, { field: "renews_on", op: "empty", value: "true" })).toEqual([
    "tier:eq:gold",
    "renews_on:empty:true",
  ]);
  expect(put(both, { field: "tier", op: "ne", value: "gold" })).toContain("tier:ne:gold");
  expect(put(both, { field: "tier", op: "ne", value: "gold" })).not.toContain("tier:eq:gold");
  for (const text of both) expect(parse(text)).toBeDefined();
});

test("every kind of news has words and a module, and some lead to a task", () => {
  for (const kind of kindsOf()) expect(words.kind[wordOf(kind)]).toBeTruthy();
  expect(Object.keys(words.kind).length).toBe(kindsOf().length);
  expect(kindsOf("occasions")).toEqual(["occasion.notice", "occasion.renewal", "greeting.waiting"]);
  const task = `tsk_${"0".repeat(26)}`;
  expect(taskOf({ module: "tasks", link: `/tasks?task=${task}` })).toBe(task);
  expect(taskOf({ module: "forms", link: `/tasks?task=${task}` })).toBeUndefined();
  expect(taskOf({ module: "tasks", link: null })).toBeUndefined();
});

test("what is typed for a formula is what the API would give", () => {
  const field = (type: string, currency?: string) => ({ type, currency }) as unknown as Parameters<typeof meantBy>[1];
  expect(meantBy(" ", undefined)).toBeUndefined();
  expect([meantBy("3", undefined), meantBy("3,5", undefined), meantBy("Ada", undefined)]).toEqual([3, 3.5, "Ada"]);
  expect(meantBy("12.50", field("money", "EUR"))).toBe(1250);
  expect(meantBy("12", field("text"))).toBe("12");
  expect([meantBy("true", field("checkbox")), meantBy("no", field("checkbox"))]).toEqual([true, false]);
});

test("a purpose in words becomes the key that the API knows it by", () => {
  expect(purposeKey("  Sommer-Aktion für Käse! ")).toBe("sommer_aktion_fur_kase");
  expect(purposeKey("新聞")).toBe("");
  expect(purposeKey("x".repeat(80))).toHaveLength(63);
});

test("a company's form says only what was changed; pages in networks are lines", () => {
  const company = {
    name: "Alder",
    profiles: ["https://x.example/alder", "https://y.example/alder"],
    address: { line1: "Quay 1", line2: "Hall B", region: "Kent", country: "GB" },
    value_missing: [],
  } as unknown as Company;
  const values = valuesOf(company);
  expect([values.profiles, values.line2, values.region]).toEqual([
    "https://x.example/alder\nhttps://y.example/alder",
    "Hall B",
    "Kent",
  ]);
  expect(patchOf(company, values)).toEqual({});
  expect(patchOf(company, { ...values, profiles: " https://z.example/alder \n\n" })).toEqual({
    profiles: ["https://z.example/alder"],
  });
  expect(patchOf(company, { ...values, profiles: "" })).toEqual({ profiles: [] });
  expect(patchOf(company, { ...values, line2: "", region: "Essex" })).toEqual({
    address: { line1: "Quay 1", region: "Essex", country: "GB" },
  });
  expect([FIELDS["/profiles/9"], FIELDS["/address/region"]]).toEqual(["profiles", "region"]);
});

test("health is a condition, by bands and by what was found", () => {
  for (const text of ["health:eq:good", "health:in:poor,unknown", "health:eq:touch.silent"])
    expect(readSearch({ f: text }).f).toEqual([text]);
  expect([readSearch({ sort: "health" }).sort, readSearch({ sort: "-health" }).sort]).toEqual(["health", "-health"]);
  expect(put(["health:eq:good"], { field: "health", op: "in", value: "poor,fair" })).toEqual(["health:in:poor,fair"]);
});
