import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import i18next from "i18next";
import { AtSign, Bell } from "lucide-react";
import { expect, test } from "vitest";
import { startLanguage } from "@/i18n";
import { bring } from "@/i18n/words";
import { filterOf, fits, MENTION } from "@/modules/notifications/asked";
import { grouped, type Told } from "@/modules/notifications/grouped";
import { iconOf } from "@/modules/notifications/list";
import { titleOf } from "@/modules/notifications/said";
import { moments } from "@/modules/notifications/snooze";
import { MODULES, TOLD } from "@/modules/notifications/told";

/** The kinds of news of each module, as it lists them. */
function listed(): string[] {
  const core = join(import.meta.dirname, "../../core");
  return readdirSync(core).flatMap((module) => {
    const path = join(core, module, "src/lib.rs");
    const own = existsSync(path) && /^kernel::notices! \{([^}]*)\}/m.exec(readFileSync(path, "utf8"))?.[1];
    return own ? [...own.matchAll(/= "([\w.]+)"/g)].map(([, kind]) => `${module} ${kind}`) : [];
  });
}

test("what people can look for is what the core tells them, both ways", () => {
  const kinds = listed();
  expect(kinds.length).toBeGreaterThan(15);
  expect(TOLD.map(([module, kind]) => `${module} ${kind}`).toSorted()).toEqual(kinds.toSorted());
});

test("every module that tells something has a sign of its own, and whoever is named another one", () => {
  for (const module of MODULES) expect(iconOf({ module, kind: "x.y" }), module).not.toBe(Bell);
  expect(iconOf({ module: "activities", kind: MENTION })).toBe(AtSign);
  expect(iconOf({ module: "activities", kind: "follower.news" })).not.toBe(AtSign);
  expect(iconOf({ module: "unheard_of", kind: "x.y" })).toBe(Bell);
});

test("the tab of mentions shows them read and unread, and nothing else", () => {
  const told = (kind: string, more: { read_at?: string; archived_at?: string } = {}) => ({
    module: "activities",
    kind,
    ...more,
  });
  const asked = { which: "all", kind: MENTION } as const;
  expect(filterOf(asked)).toEqual(["archived:eq:false", "snoozed:eq:false", "kind:eq:note.mention"]);
  expect(fits(asked, told(MENTION))).toBe(true);
  expect(fits(asked, told(MENTION, { read_at: "2026-03-01T10:00:00Z" }))).toBe(true);
  expect(fits(asked, told(MENTION, { archived_at: "2026-03-01T10:00:00Z" }))).toBe(false);
  expect(fits(asked, told("follower.news"))).toBe(false);
});

test("what is put off is shown among its like alone, and comes back on time", () => {
  const off = { module: "tasks", kind: "task.reminder", snoozed_until: "2026-03-01T10:00:00Z" };
  expect(filterOf({ which: "snoozed" })).toEqual(["snoozed:eq:true"]);
  expect(fits({ which: "snoozed" }, off)).toBe(true);
  for (const which of ["unread", "all", "archived"] as const) expect(fits({ which }, off), which).toBe(false);
  expect(fits({ which: "snoozed" }, { ...off, snoozed_until: null })).toBe(false);
  // The evening before clocks go on in Berlin; and a Sunday, when tomorrow is Monday.
  const at = (now: string) => moments("Europe/Berlin", Date.parse(now)).map(({ name, until }) => `${name} ${until}`);
  expect(at("2026-03-28T20:00:00Z")).toEqual([
    "hour 2026-03-28T21:00:00.000Z",
    "tomorrow 2026-03-29T07:00:00.000Z",
    "monday 2026-03-30T07:00:00.000Z",
  ]);
  expect(at("2026-03-29T20:00:00Z").map((one) => one.split(" ")[0])).toEqual(["hour", "tomorrow"]);
});

const NOON = Date.parse("2026-03-02T12:00:00Z");
/** Told so many minutes before noon. */
const told = (minutes: number, more: Partial<Told> = {}): Told => ({
  id: `ntf_${minutes}`,
  kind: "submission.received",
  link: `/submissions/sub_${minutes}`,
  record: "frm_contact",
  critical: false,
  told_at: new Date(NOON - minutes * 60_000).toISOString(),
  ...more,
});
const task = (minutes: number, id: string, more: Partial<Told> = {}) =>
  told(minutes, { kind: "task.reminder", link: `/tasks?task=tsk_${id}`, record: `tsk_${id}`, ...more });
const ids = (items: readonly Told[]) => grouped(items).map((group) => group.map(({ id }) => Number(id.slice(4))));

test("seven answers to a form within an hour are one row, the newest on top, and one more joins them", () => {
  const seven = [1, 9, 18, 27, 36, 45, 54];
  expect(ids(seven.map((at) => told(at)))).toEqual([seven]);
  expect(ids([0, ...seven].map((at) => told(at)))).toEqual([[0, ...seven]]);
  expect(ids([])).toEqual([]);
});

test("a longer pause begins another row; what goes on and on stays one", () => {
  expect(ids([0, 60, 120, 181, 200].map((at) => told(at)))).toEqual([
    [0, 60, 120],
    [181, 200],
  ]);
});

test("other forms and other kinds have rows of their own, in the place of the newest of each", () => {
  const other = { record: "frm_lessons" };
  const aside = { kind: "submission.quarantined" };
  expect(ids([told(0), told(1, other), told(2, aside), told(3), told(4, other), told(5, aside)])).toEqual([
    [0, 3],
    [1, 4],
    [2, 5],
  ]);
});

test("the same about one record stands together however long ago, and about several when it came at once", () => {
  const day = 24 * 60;
  expect(ids([task(0, "a"), task(day, "b"), task(2 * day, "a")])).toEqual([[0, 2 * day], [day]]);
  expect(ids([task(0, "a"), task(5, "b"), task(10, "c"), task(day, "b"), task(day + 1, "d")])).toEqual([
    [0, 5, 10, day],
    [day + 1],
  ]);
  // Another kind about the same record is something else.
  expect(ids([task(0, "a"), task(1, "a", { kind: "task.assigned" })])).toEqual([[0], [1]]);
  // A page is no record.
  const page = { link: "/tasks", record: null };
  expect(ids([task(0, "", page), task(day, "", page)])).toEqual([[0], [day]]);
  expect(ids([task(0, "", { link: null, record: null }), task(day, "", { link: null, record: null })])).toEqual([
    [0],
    [day],
  ]);
});

test("what is critical stands behind nothing but what is about the same", () => {
  const off = (minutes: number, id: string) =>
    told(minutes, { kind: "webhook.disabled", link: `/webhooks/whk_${id}`, record: null, critical: true });
  expect(ids([off(0, "a"), off(1, "b"), off(2, "a")])).toEqual([[0, 2], [1]]);
});

test("everything told stands in one row, once, and rows are in the order of their newest", () => {
  let seed = 7;
  const some = (most: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % most;
  };
  for (let round = 0; round < 200; round++) {
    let at = 0;
    const items = Array.from({ length: some(40) }, () => {
      at += 1 + some(90);
      return some(2) ? told(at, { record: `frm_${some(3)}` }) : task(at, String(some(4)), { critical: some(5) === 0 });
    });
    const groups = ids(items);
    expect(groups.flat().toSorted((a, b) => a - b)).toEqual(items.map(({ id }) => Number(id.slice(4))));
    for (const group of groups) expect(group).toEqual(group.toSorted((a, b) => a - b));
    const newest = groups.map(([first]) => first);
    expect(newest).toEqual(newest.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
  }
});

test("days in what people are told are written as they read them", async () => {
  await startLanguage("en");
  await bring("notifications");
  const year = new Date().getFullYear();
  const on = `${year}-12-07`;
  const part = { say: "part.when", count: 7, on };
  const told = (kind: string, params: object) => titleOf(i18next, { kind, title: "", params }, "en-GB");
  expect(told("greeting.waiting", { greeting: "2026-01-02", on })).toMatch(/: 2026-01-02, \w{3} 7 Dec$/);
  expect(told("occasion.notice", { what: "Birthday", name: "Ada", when: part })).toMatch(/in 7 days, on \w{3} 7 Dec$/);
});
