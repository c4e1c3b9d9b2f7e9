import { expect, test } from "vitest";
import type { Contact } from "@/modules/contacts/data";
import { merge, patchOf, type Values, valuesOf } from "@/modules/contacts/edit/merge";
import { offsetOf } from "@/modules/contacts/person/zone";
import { filterOf, fits } from "@/modules/notifications/asked";
import { grouped } from "@/modules/notifications/grouped";

const contact = {
  first_name: "Ada",
  last_name: "Lovelace",
  emails: [
    { address: "ada@a.example", kind: "work", primary: true },
    { address: "ada@b.example", kind: "home", primary: false },
  ],
  phones: [{ number: "+49 30 1", e164: "+49301", kind: "mobile", primary: true }],
} as unknown as Contact;
const base = valuesOf(contact);
const values = (more: Partial<Values>): Values => ({ ...base, ...more });

test("a dispute is about fields that both changed to different things", () => {
  expect(merge(base, values({ first_name: "Eve" }), values({ last_name: "King" }))).toEqual({
    disputed: [],
    theirs: ["last_name"],
  });
  expect(
    merge(base, values({ first_name: "Eve", email: "x@a.example" }), values({ first_name: "Ann", email: "" })),
  ).toEqual({ disputed: ["first_name", "email"], theirs: [] });
  expect(merge(base, values({ first_name: " Eve " }), values({ first_name: "Eve" }))).toEqual({
    disputed: [],
    theirs: [],
  });
});

test("a change names only what differs; other addresses stay", () => {
  expect(patchOf(contact, base)).toEqual({});
  expect(patchOf(contact, values({ first_name: "", job_title: " Captain " }))).toEqual({
    first_name: null,
    job_title: "Captain",
  });
  expect(patchOf(contact, values({ email: "new@a.example" })).emails).toEqual([
    { address: "new@a.example", kind: "work", primary: true },
    { address: "ada@b.example", kind: "home", primary: false },
  ]);
  expect(patchOf(contact, values({ email: "" })).emails).toEqual([
    { address: "ada@b.example", kind: "home", primary: true },
  ]);
  expect(patchOf(contact, values({ phone: "" })).phones).toEqual([]);
});

test("clocks of another zone are so many hours from one's own", () => {
  const at = new Date("2026-01-15T12:00:00Z");
  const own = -at.getTimezoneOffset() / 60;
  expect(offsetOf("UTC", at)).toBe(0 - own);
  expect(offsetOf("Asia/Kathmandu", at)).toBe(5.75 - own);
  expect(offsetOf("America/New_York", at)).toBe(-5 - own);
  expect(offsetOf("Nowhere/At_All", at)).toBeUndefined();
});

test("a notification belongs into the lists that its state fits", () => {
  const told = (more: object) => ({
    module: "forms",
    kind: "submission.received",
    read_at: null,
    archived_at: null,
    ...more,
  });
  const in_ = (more: object) =>
    (["unread", "read", "all", "archived"] as const).filter((which) => fits({ which }, told(more)));
  expect(in_({})).toEqual(["unread", "all"]);
  expect(in_({ read_at: "x" })).toEqual(["read", "all"]);
  expect(in_({ read_at: "x", archived_at: "x" })).toEqual(["archived"]);
  expect(fits({ which: "all", module: "contacts" }, told({}))).toBe(false);
  expect(filterOf({ which: "unread", module: "forms", kind: "a.b" })).toEqual([
    "archived:eq:false",
    "read:eq:false",
    "module:eq:forms",
    "kind:eq:a.b",
  ]);
});

test("news of one record stand together where the newest of them is", () => {
  const of = (id: string, link?: string) => ({ id, module: "forms", link });
  const groups = grouped([of("1", "/a"), of("2"), of("3", "/a?x=1"), of("4"), of("5", "/b")]);
  expect(groups.map((group) => group.map(({ id }) => id))).toEqual([["1", "3"], ["2"], ["4"], ["5"]]);
});
