import fc from "fast-check";
import { expect, test } from "vitest";
import type { Contact } from "@/modules/contacts/data";
import { bodyOf, EMPTY, merge, patchOf, type Values, valuesOf } from "@/modules/contacts/edit/merge";
import { offsetOf } from "@/modules/contacts/person/zone";
import { filterOf, fits } from "@/modules/notifications/asked";

const contact = {
  first_name: "Ada",
  last_name: "Lovelace",
  emails: [
    { address: "ada@a.example", kind: "work", primary: true },
    { address: "ada@b.example", kind: "home", primary: false },
  ],
  phones: [{ number: "+49 30 1", e164: "+49301", kind: "mobile", primary: true }],
  profiles: [{ url: "https://x.com/ada", network: "x" }],
  address: { line1: "1 Kite Way", city: "Berlin", country: "DE" },
  zone: "Europe/Berlin",
  stage: "lead",
  tags: ["Kites", "Red"],
} as unknown as Contact;
const base = valuesOf(contact);
const values = (more: Partial<Values>): Values => ({ ...base, ...more });
const work = (address: string) => ({ address, kind: "work" });

test("a dispute is about fields that both changed to different things", () => {
  const free = merge(base, values({ first_name: "Eve" }), values({ last_name: "King", zone: "" }));
  expect(free.disputed).toEqual([]);
  expect(free.values).toEqual({ ...base, first_name: "Eve", last_name: "King", zone: "" });
  const apart = merge(
    base,
    values({ first_name: "Eve", emails: [work("x@a.example")], address: { ...base.address, city: "Bonn" } }),
    values({ first_name: "Ann", emails: [], address: { ...base.address, line1: "2 Kite Way" } }),
  );
  // Half an address of each would be a place where nobody lives.
  expect(apart.disputed).toEqual(["first_name", "emails", "address"]);
  expect(apart.values.emails).toEqual([work("x@a.example")]);
  expect(merge(base, values({ first_name: " Eve " }), values({ first_name: "Eve" })).disputed).toEqual([]);
  // A line that nobody filled in is no change.
  expect(
    merge(base, values({ emails: [...base.emails, work(" ")] }), values({ emails: [work("x@a.example")] })).values
      .emails,
  ).toEqual([work("x@a.example")]);
});

test("of tags both changes stand, whoever made them", () => {
  const words = fc.uniqueArray(fc.constantFrom<string>("a", "b", "c", "d", "e"));
  fc.assert(
    fc.property(words, words, words, (before, mine, theirs) => {
      const merged = merge(values({ tags: before }), values({ tags: mine }), values({ tags: theirs }));
      expect(merged.disputed).toEqual([]);
      for (const tag of ["a", "b", "c", "d", "e"]) {
        const [was, here, there] = [before, mine, theirs].map((list) => list.includes(tag));
        expect(merged.values.tags.includes(tag), tag).toBe(here === there ? here : !was);
      }
    }),
  );
});

test("a change names only what differs; the first line is the main one", () => {
  expect(patchOf(contact, base)).toEqual({});
  expect(
    patchOf(contact, values({ first_name: "", job_title: " Captain ", zone: "", tags: ["Red", "Kites"] })),
  ).toEqual({
    first_name: null,
    job_title: "Captain",
    zone: null,
  });
  expect(
    patchOf(contact, values({ emails: [base.emails[1] ?? work(""), work(" new@a.example "), work(" ")] })),
  ).toEqual({
    emails: [
      { address: "ada@b.example", kind: "home", primary: true },
      { address: "new@a.example", kind: "work", primary: false },
    ],
  });
  expect(patchOf(contact, values({ phones: [] })).phones).toEqual([]);
  // The address tells where a page is; a bare name needs to be told.
  const pages = [
    { network: "other", url: " blog.example/ada " },
    { network: "x", url: "@ada" },
    { network: "x", url: " " },
  ];
  expect(patchOf(contact, values({ profiles: pages })).profiles).toEqual([
    { url: "blog.example/ada" },
    { url: "@ada", network: "x" },
  ]);
  expect(patchOf(contact, values({ address: { ...base.address, city: " " } })).address).toEqual({
    line1: "1 Kite Way",
    country: "DE",
  });
  expect(patchOf(contact, values({ address: EMPTY.address, tags: [] }))).toEqual({ address: null, tags: [] });
});

test("the name that is shown can be said, changed and left to the others again", () => {
  const made = { ...contact, display_name: "Ada Lovelace" };
  expect(valuesOf(made).display_name, "what was made of the name is nobody's word").toBe("");
  expect(patchOf(made, { ...valuesOf(made), first_name: "Eve" })).toEqual({ first_name: "Eve" });
  expect(patchOf(made, { ...valuesOf(made), display_name: " The Countess " })).toEqual({
    display_name: "The Countess",
  });
  // Of a file or a form that knows one name alone.
  const whole = { ...made, first_name: null, last_name: null, display_name: "Ada Lovelace" } as unknown as Contact;
  expect(valuesOf(whole).display_name).toBe("Ada Lovelace");
  expect(patchOf(whole, { ...valuesOf(whole), display_name: "", first_name: "Ada" })).toEqual({
    display_name: null,
    first_name: "Ada",
  });
  for (const [more, shown] of [
    [{ company_name: "Engines" }, "Engines"],
    [{ company_name: null }, "ada@a.example"],
    [{ company_name: null, emails: [] }, "+49 30 1"],
  ] as const)
    expect(valuesOf({ ...whole, ...more, display_name: shown } as unknown as Contact).display_name, shown).toBe("");
});

test("a new contact is made of what was filled in", () => {
  expect(bodyOf(EMPTY)).toEqual({});
  expect(bodyOf({ ...EMPTY, first_name: " Ada ", emails: [work("a@b.example"), work("")], stage: "lead" })).toEqual({
    first_name: "Ada",
    emails: [{ address: "a@b.example", kind: "work", primary: true }],
    stage: "lead",
  });
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
    snoozed_until: null,
    ...more,
  });
  const in_ = (more: object) =>
    (["unread", "read", "all", "archived", "snoozed"] as const).filter((which) => fits({ which }, told(more)));
  expect(in_({})).toEqual(["unread", "all"]);
  expect(in_({ read_at: "x" })).toEqual(["read", "all"]);
  expect(in_({ read_at: "x", archived_at: "x" })).toEqual(["archived"]);
  expect(in_({ snoozed_until: "x" })).toEqual(["snoozed"]);
  expect(fits({ which: "all", module: "contacts" }, told({}))).toBe(false);
  expect(filterOf({ which: "unread", module: "forms", kind: "a.b" })).toEqual([
    "archived:eq:false",
    "snoozed:eq:false",
    "read:eq:false",
    "module:eq:forms",
    "kind:eq:a.b",
  ]);
});
