import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AtSign, Bell } from "lucide-react";
import { expect, test } from "vitest";
import { filterOf, fits, MENTION } from "@/modules/notifications/asked";
import { iconOf } from "@/modules/notifications/list";
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
