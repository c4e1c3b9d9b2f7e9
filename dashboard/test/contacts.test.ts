import { expect, test } from "vitest";
import { dayOf, isMoving, MOVING, momentOf, movingDay } from "@/modules/contacts/filters/days";
import { condition, parse, put, sayingOf, valuesOf, written } from "@/modules/contacts/filters/model";
import { countOf, link, SIZE } from "@/modules/contacts/list/rows";
import { isFiltered, isSame, type ListSearch, listed, queryOf, readSearch } from "@/modules/contacts/search";
import { canUndo, type Run, stepsOf } from "@/ui/bulk";
import { firstOf, moved, type SavedView } from "@/modules/views/data";
import { makeChosen } from "@/ui/chosen";

const stages = [
  { key: "new", outcome: "open" },
  { key: "talk", outcome: "open" },
  { key: "won", outcome: "won" },
];
const said = (search: ListSearch, saved: SavedView[] = []) =>
  queryOf(listed(search, search.view ?? "all", saved, stages));

test("an address of a list takes only what it knows", () => {
  expect(
    readSearch({ view: "evil", sort: "; drop", q: 12, new: "true", stage: "", f: ["x:eq:1", "stage:eq:won"] }),
  ).toEqual({
    q: "12",
    view: undefined,
    f: ["stage:eq:won"],
    sort: undefined,
    own: undefined,
    new: true,
  });
  expect(readSearch({ stage: "won", tag: "VIP", owner: "nobody", view: "open" })).toMatchObject({
    view: "open",
    f: ["stage:eq:won", "tag:has:VIP", "owner:empty:true"],
  });
  expect(readSearch({ view: "viw_01" }).view).toBe("viw_01");
  expect(readSearch({ f: ["import:eq:cim_01", "import:ne:cim_01", "import:eq:x", "segment:ne:seg_01"] }).f).toEqual([
    "import:eq:cim_01",
    "segment:ne:seg_01",
  ]);
});

test("views and filters in the words of the API", () => {
  expect(said({})).toEqual({});
  expect(said({ view: "open" })).toEqual({ filter: ["stage:in:new,talk"] });
  expect(said({ view: "open", f: ["tag:has:VIP"] })).toEqual({ filter: ["stage:in:new,talk", "tag:has:VIP"] });
  expect(said({ view: "open", f: ["stage:eq:won"] })).toEqual({ filter: ["stage:eq:won"] });
  expect(said({ view: "deleted", q: "ada", sort: "-name" })).toEqual({ deleted: true, q: "ada", sort: "-name" });
});

const view = (more: Partial<SavedView>) =>
  ({
    id: "viw_1",
    name: "V",
    filter: [],
    columns: [],
    deleted: false,
    shared: false,
    default: false,
    position: 0,
    ...more,
  }) as SavedView;

test("a saved view speaks until somebody changes it", () => {
  const kept = view({ q: "ada", filter: ["stage:eq:won"], sort: "-name" });
  expect(said({ view: kept.id }, [kept])).toEqual({ q: "ada", filter: ["stage:eq:won"], sort: "-name" });
  expect(said({ view: kept.id, q: "bob", own: true }, [kept])).toEqual({ q: "bob" });
  const now = listed({ view: kept.id }, kept.id, [kept], stages);
  expect(isSame(now, { ...now, filter: [...now.filter] })).toBe(true);
  expect(isSame(now, { ...now, sort: "name" })).toBe(false);
  expect([isFiltered(now), isFiltered({ q: "", filter: [], sort: "name", deleted: true })]).toEqual([true, false]);
});

test("one's own first view comes before everybody's; a move tells only whose place changed", () => {
  const views = [
    view({ id: "a", shared: true, default: true }),
    view({ id: "b", owner: "usr_1", default: true, position: 1 }),
    view({ id: "c", position: 2 }),
  ];
  expect(firstOf(views, "usr_1")).toBe("b");
  expect(firstOf(views.slice(0, 1), "usr_1")).toBe("a");
  expect(firstOf([], "usr_1")).toBeUndefined();
  // A colleague's, which the team has, opens first for him alone.
  expect(firstOf(views, "usr_2")).toBe("a");
  expect(firstOf(views.slice(1), "usr_2")).toBeUndefined();
  expect(moved(views, "c", -1)).toEqual([
    { id: "c", position: 1 },
    { id: "b", position: 2 },
  ]);
  expect(moved(views, "a", -1)).toEqual([]);
});

test("conditions are read and written without loss", () => {
  for (const text of [
    "stage:in:new,won",
    "tag:has:a:b",
    "owner:empty:false",
    "created_at:gte:2026-01-01T00:00:00.000Z",
  ]) {
    const known = parse(text);
    expect(known && written(known)).toBe(text);
    if (known && known.op !== "empty") expect(condition(known.field, sayingOf(known), valuesOf(known))).toEqual(known);
  }
  expect(parse("stage:like:x")).toBeUndefined();
  expect(parse("stage:eq:")).toBeUndefined();
  expect(condition("name", "contains", ["  "])).toBeUndefined();
});

test("a field has one condition; tags and ends of a time have several", () => {
  const at = (text: string) => parse(text) as NonNullable<ReturnType<typeof parse>>;
  expect(put(["stage:eq:new", "tag:has:a"], at("stage:in:new,won"))).toEqual(["stage:in:new,won", "tag:has:a"]);
  expect(put(["tag:has:a"], at("tag:has:b"))).toEqual(["tag:has:a", "tag:has:b"]);
  expect(put(["tag:has:a"], at("tag:empty:true"))).toEqual(["tag:empty:true"]);
  expect(put(["created_at:gte:x"], at("created_at:lt:y"))).toEqual(["created_at:gte:x", "created_at:lt:y"]);
});

test.each(["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"])(
  "a day in %s begins at its midnight",
  (zone) => {
    for (const day of ["2026-01-15", "2026-03-08", "2026-03-29", "2026-11-01"]) {
      const moment = momentOf(day, zone);
      expect(dayOf(moment, zone)).toBe(day);
      expect(dayOf(new Date(Date.parse(moment) - 1).toISOString(), zone)).not.toBe(day);
    }
  },
);

test("days that move with today are told in the reader's language", () => {
  expect(MOVING.every(isMoving)).toBe(true);
  expect(["2026-11-20", "today-", "yesterday", "today-7d", "2026-11-20T00:00:00Z", ""].some(isMoving)).toBe(false);
  const told = (...days: string[]) => days.map((day) => movingDay(day, "en"));
  expect(told("today", "today-7", "today+30", "week-1", "month", "quarter+1", "year")).toEqual([
    "today",
    "7 days ago",
    "in 30 days",
    "last week",
    "this month",
    "next quarter",
    "this year",
  ]);
  expect(movingDay("month-1", "ar")).toBe("الشهر الماضي");
  expect(new Set(MOVING.map((day) => movingDay(day, "en"))).size).toBe(MOVING.length);
});

test("pages of a list are linked by where the next one begins", () => {
  const full = Array.from({ length: SIZE });
  let chain = link({ cursors: [undefined] }, 0, { items: full, next_cursor: "a" });
  expect([chain.cursors, countOf(chain)]).toEqual([[undefined, "a"], 2 * SIZE]);
  expect(link(chain, 0, { items: full, next_cursor: "a" })).toBe(chain);
  chain = link(chain, 1, { items: [1, 2], next_cursor: null });
  expect([countOf(chain), chain.last]).toEqual([SIZE + 2, 2]);
  expect(link(chain, 1, { items: [1, 2] })).toBe(chain);
  // Somebody was added at the top: the second page begins elsewhere now.
  chain = link(chain, 0, { items: full, next_cursor: "b" });
  expect(chain.cursors).toEqual([undefined, "b"]);
  expect(countOf(link(chain, 0, { items: [] }))).toBe(0);
});

test("all that match are chosen but for some, and rows one by one again", () => {
  const chosen = makeChosen<{ id: string }>();
  const heard: number[] = [];
  chosen.subscribe(() => heard.push(chosen.count()));
  chosen.put([{ id: "1" }], true);
  chosen.putAll(1000);
  expect([chosen.count(), chosen.has("1"), chosen.has("never read")]).toEqual([1000, true, true]);
  chosen.put([{ id: "1" }, { id: "2" }], false);
  chosen.put([{ id: "2" }], true);
  expect([...(chosen.everything()?.but ?? [])]).toEqual(["1"]);
  expect([chosen.count(), chosen.has("1"), chosen.has("2")]).toEqual([999, false, true]);
  chosen.clear();
  expect([chosen.count(), chosen.everything(), chosen.has("2")]).toEqual([0, undefined, false]);
  expect(heard).toEqual([1, 1000, 998, 999, 0]);
});

test("a run says how far it is, forwards and back, and whether it can be taken back", () => {
  const run = { state: "running", total: 10, done: 4, changed: 3, skipped: 1, undone: 2, kept: 0 } as unknown as Run;
  expect(stepsOf(run)).toEqual({ done: 4, of: 10 });
  expect(stepsOf({ ...run, state: "undoing" })).toEqual({ done: 2, of: 3 });
  const done = { ...run, state: "done", undo_until: "2026-12-30T00:00:00Z" } as Run;
  const now = Date.parse("2026-12-01T00:00:00Z");
  expect([canUndo(run, now), canUndo(done, now), canUndo({ ...done, changed: 0 }, now)]).toEqual([false, true, false]);
  expect(canUndo(done, Date.parse("2026-12-30T00:00:01Z"))).toBe(false);
});

test("places, languages, campaigns and the last contact are conditions like the others", () => {
  const f = [
    "country:in:DE,FR",
    "city:prefix:Mün",
    "language:eq:de",
    "first_campaign:eq:Spring",
    "last_contact_at:lt:x",
  ];
  expect(readSearch({ f, sort: "-quiet_since" })).toMatchObject({ f, sort: "-quiet_since" });
  expect(readSearch({ sort: "last_contact_at" }).sort).toBeUndefined();
  const since = { field: "last_contact_at", op: "gte", value: "2031-01-01T00:00:00Z" } as const;
  const until = { field: "last_contact_at", op: "lt", value: "2031-02-01T00:00:00Z" } as const;
  const both = put(put(["tag:has:VIP"], since), until);
  expect(both).toEqual(["tag:has:VIP", written(since), written(until)]);
  // Whoever was never spoken with was not spoken with in some time.
  expect(put(both, { field: "last_contact_at", op: "empty", value: "true" })).toEqual([
    "tag:has:VIP",
    "last_contact_at:empty:true",
  ]);
  expect(put(["last_contact_at:empty:true"], since)).toEqual([written(since)]);
});
