import fc from "fast-check";
import { expect, test } from "vitest";
import { readNarrowed as apiKeys } from "@/modules/apikeys/data";
import type { Client } from "@/modules/clients/data";
import { COLUMNS, type ClientSearch, found, pressed, readSearch, type Sort, said } from "@/modules/clients/search";
import { readView } from "@/modules/duplicates/address";
import { readNarrowed as mails } from "@/modules/mails/data";
import { readNarrowed as origins } from "@/modules/origins/data";

const client = (
  name: string,
  more: { health?: string; contacts?: number; shown?: number; last?: string; used?: number; trial?: string } = {},
) =>
  ({
    name,
    slug: name.toLowerCase(),
    health: more.health ?? "good",
    limits: more.used === undefined ? [] : [{ limit: "contacts", used: more.used, most: 100 }],
    trial_ends_at: more.trial ?? null,
    week: { week: { contacts: more.contacts ?? 0 }, last_at: more.last ?? null },
    activity: { seen_week: more.shown ?? 0 },
  }) as unknown as Client;
const all = [
  client("Zebra", {
    used: 90,
    trial: "2020-01-01T10:00:00Z",
    health: "stopped",
    contacts: 1,
    shown: 9,
    last: "2026-03-01T10:00:00Z",
  }),
  client("Ärzte", { used: 40, trial: "2999-01-01T10:00:00Z", contacts: 5, last: "2026-03-09T10:00:00Z" }),
  client("Kestrel", { health: "attention", contacts: 5, shown: 2 }),
];
const names = (search: ClientSearch) => found(all, search).map(({ name }) => name);

test.each<[ClientSearch, string[]]>([
  [{}, ["Ärzte", "Kestrel", "Zebra"]],
  [{ sort: "-name" }, ["Zebra", "Kestrel", "Ärzte"]],
  [{ sort: "health" }, ["Zebra", "Kestrel", "Ärzte"]],
  [{ sort: "contacts" }, ["Ärzte", "Kestrel", "Zebra"]],
  [{ sort: "-contacts" }, ["Zebra", "Ärzte", "Kestrel"]],
  [{ sort: "shown" }, ["Zebra", "Kestrel", "Ärzte"]],
  [{ sort: "last" }, ["Ärzte", "Zebra", "Kestrel"]],
  [{ which: "attention" }, ["Kestrel", "Zebra"]],
  [{ which: "stopped" }, ["Zebra"]],
  [{ which: "trials" }, ["Ärzte"]],
  [{ sort: "limit" }, ["Zebra", "Ärzte", "Kestrel"]],
  [{ q: "arz" }, ["Ärzte"]],
  [{ q: "e", which: "attention", sort: "-name" }, ["Zebra", "Kestrel"]],
  [{ q: "nobody" }, []],
])("%j shows %j", (search, shown) => expect(names(search)).toEqual(shown));

test("a column is pressed through both ways and back to names", () => {
  for (const column of COLUMNS) {
    const ways: (Sort | undefined)[] = [];
    let sort: Sort | undefined;
    do {
      sort = pressed(column, sort);
      ways.push(sort);
    } while (sort);
    expect(ways).toEqual(column === "name" ? ["-name", undefined] : [column, `-${column}`, undefined]);
  }
  expect([said("name"), said("name", "-name"), said("contacts", "contacts"), said("contacts")]).toEqual([
    "ascending",
    "descending",
    "descending",
    "none",
  ]);
});

test("every order has all of them, and the other way round is the other way round", () => {
  const some = fc.array(
    fc.record({ name: fc.uuid(), contacts: fc.integer({ min: 0, max: 3 }), shown: fc.integer({ min: 0, max: 3 }) }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(some, fc.constantFrom(...COLUMNS), (rows, column) => {
      const clients = rows.map(({ name, ...rest }) => client(name, rest));
      const forth = found(clients, { sort: column });
      const back = found(clients, { sort: `-${column}` });
      expect(new Set(forth)).toEqual(new Set(clients));
      expect(new Set(back)).toEqual(new Set(clients));
      const worth = ({ week, activity, name }: Client) =>
        column === "contacts" ? week.week.contacts : column === "shown" ? activity.seen_week : name;
      if (column === "contacts" || column === "shown") expect(back.map(worth)).toEqual(forth.map(worth).toReversed());
    }),
  );
});

test("an address is believed only as far as it makes sense", () => {
  expect(readSearch({ q: "ada", which: "stopped", sort: "-last", new: "true" })).toEqual({
    q: "ada",
    which: "stopped",
    sort: "-last",
    new: true,
  });
  const nothing = { q: 7, which: "mine", sort: "--name", state: "lost", kind: {}, widget: [], template: 1, view: "x" };
  for (const read of [readSearch, mails, origins, apiKeys])
    expect(Object.values(read({ ...nothing })).filter((value) => value !== undefined)).toEqual([]);
  expect(readView(nothing)).toBe("open");
  expect(readView({ view: "history" })).toBe("history");
  expect(mails({ state: "failed", q: "a@b" })).toEqual({ state: "failed", q: "a@b", template: undefined });
  expect(origins({ kind: "wildcard" }).kind).toBe("wildcard");
  expect(apiKeys({ which: "revoked" }).which).toBe("revoked");
});
