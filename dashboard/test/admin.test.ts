import { readFileSync } from "node:fs";
import { join } from "node:path";
import i18next from "i18next";
import { expect, test } from "vitest";
import { fragmentOf, type Handover, readFragment } from "@/app/handover";
import { startLanguage } from "@/i18n";
import { bring } from "@/i18n/words";
import { MODULES } from "@/modules/admin/plan-form";
import { churnOf, currenciesOf, type Month, monthsOf, nameOf, netOf } from "@/modules/admin/revenue-months";
import { dotsOf } from "@/modules/admin/schema-galaxy";
import { readValue } from "@/modules/admin/settings";
import { filled } from "@/modules/admin/sightings";
import { barsOf, duration } from "@/modules/admin/traffic";
import { percentUp } from "@/modules/admin/uptime";

const handover: Handover = {
  started: {
    access_token: "a.b-c_d",
    expires_in: 1800,
    impersonation: {
      id: "imp_1",
      tenant: "ten_1",
      impersonator: "Robin",
      impersonator_kind: "admin",
      reason: "Ticket 4711: ترجمة 🚲",
      may_act: false,
      created_at: "2026-01-31T12:00:00Z",
      expires_at: "2026-01-31T12:30:00Z",
    },
  },
  place: "Söhne & Töchter",
  by: "platform",
};

test("what the administration hands over arrives as it was", () => {
  const fragment = fragmentOf(handover);
  expect(fragment).toMatch(/^#[\w-]+$/);
  expect(readFragment(fragment)).toEqual(handover);
});

test.each([
  "",
  "#",
  "#%%%",
  fragmentOf({ ...handover, by: "agency" as "platform" }),
  fragmentOf({ ...handover, started: { ...handover.started, access_token: 7 as unknown as string } }),
  fragmentOf(null as unknown as Handover),
])("what is no handover is nothing (%#)", (fragment) => {
  expect(readFragment(fragment)).toBeUndefined();
});

test("a plan can leave out what accounts can be without, all of it by name", async () => {
  const source = readFileSync(join(import.meta.dirname, "../../admin-api/src/accounts/model.rs"), "utf8");
  const switched = /SWITCHED: &\[&str\] = &\[([^\]]*)\]/.exec(source)?.[1]?.match(/\w+/g) ?? [];
  expect(switched.length).toBeGreaterThan(10);
  expect([...MODULES].sort()).toEqual([...switched].sort());
  await startLanguage("en");
  await bring("shell");
  for (const module of MODULES) expect(i18next.exists(`module.${module}`), module).toBe(true);
});

test("a setting is read as the kind it is", () => {
  expect(readValue("plan", " free ")).toEqual({ value: "free" });
  expect(readValue("plan", "  ")).toEqual({ value: null });
  expect(readValue("number", "1.5")).toEqual({ value: 1.5 });
  expect(readValue("number", "")).toEqual({ problem: "number" });
  expect(readValue("json", "[1, 2]")).toEqual({ value: [1, 2] });
  expect(readValue("json", "{")).toEqual({ problem: "json" });
  expect(readValue("text", " kept as it is ")).toEqual({ value: " kept as it is " });
});

test("days on which no widget was seen are days too", () => {
  const days = filled([{ day: "2026-03-14", seen: 3, refused: 1 }], new Date("2026-03-15T10:00:00Z"));
  expect(days).toHaveLength(14);
  expect(days[0]?.day).toBe("2026-03-02");
  expect(days.at(-2)).toEqual({ day: "2026-03-14", seen: 3, refused: 1 });
  expect(days.at(-1)).toEqual({ day: "2026-03-15", seen: 0, refused: 0 });
});

test("every schema is a dot, whatever this release knows of its state", () => {
  const schema = (id: string, state: string, kind?: string) => ({
    tenant_id: id,
    name: kind ? id : "",
    cell: "main",
    state,
    ...(kind && { kind }),
  });
  const dots = dotsOf(
    [schema("a", "current", "agency"), schema("b", "running", "client"), schema("c", "pending"), schema("d", "odd")],
    "Ready",
  );
  expect(dots.map(({ state }) => state)).toEqual(["current", "migrating", "queued", "queued"]);
  expect(dots.map(({ weight }) => weight)).toEqual([4, 2, 1, 1]);
  expect(dots[2]?.name).toBe("Ready");
});

test("every minute is a bar, and one in which too much failed is told apart", () => {
  const bars = barsOf([
    { requests: 0, errors: 0 },
    { requests: 1, errors: 0 },
    { requests: 1000, errors: 9 },
    { requests: 500, errors: 5 },
  ]);
  expect(bars.map(({ x }) => x)).toEqual([0, 45, 90, 135]);
  expect(bars.map(({ height }) => height)).toEqual([0, 2, 24, 12]);
  expect(bars.map(({ bad }) => bad)).toEqual([false, false, false, true]);
  expect(barsOf([])).toEqual([]);
});

test("a time is said in its own unit", () => {
  const en = { locale: "en" };
  expect([900, 9_400, 41_000, 2_430_000].map((micros) => duration(micros, en))).toEqual([
    "0.9 ms",
    "9.4 ms",
    "41 ms",
    "2.4 sec",
  ]);
  expect(duration(null, en)).toBe("–");
});

test("whoever was away for a minute was not there all the time", () => {
  const en = { locale: "en" };
  const parts = [
    { minutes: 43_200, up: 43_200 },
    { minutes: 43_200, up: 43_199 },
    { minutes: 1_440, up: 1_410 },
    { minutes: 60, up: 0 },
  ];
  expect(parts.map((part) => percentUp(part, en))).toEqual(["100.00%", "99.99%", "97.91%", "0.00%"]);
});

const month = (currency: string, start: number, end: number, more: Partial<Month> = {}): Month => ({
  ...{ month: "2026-11-01", currency, start_minor: start, new_minor: 0, expansion_minor: 0, contraction_minor: 0 },
  ...{ lost_minor: 0, end_minor: end, start_accounts: 0, new_accounts: 0, expansion_accounts: 0 },
  ...{ contraction_accounts: 0, lost_accounts: 0, end_accounts: 0, assumed: false },
  ...more,
});

test("the currency of most accounts comes first, and a month says what came and what went", () => {
  const [one, few, other] = [
    month("EUR", 900, 400, { end_accounts: 1, start_accounts: 4, lost_accounts: 1 }),
    month("USD", 0, 900, { end_accounts: 3 }),
    month("CHF", 5, 5),
  ];
  expect(currenciesOf([one, few, other])).toEqual(["USD", "EUR", "CHF"]);
  expect(monthsOf([one, few, other], "EUR")).toEqual([one]);
  expect(monthsOf([one], undefined)).toEqual([]);
  expect([churnOf(one), churnOf(few)]).toEqual([0.25, undefined]);
  const said = [one, few, other].map((each) => netOf(each, "en").replace(/[\u2066\u2069]/g, ""));
  expect(said).toEqual(["−€5", "+$9", "±CHF\u00a00"]);
  expect(nameOf(one, "en")).toBe("November 2026");
});
