import fc from "fast-check";
import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import { startLanguage } from "@/i18n";
import { formats } from "@/i18n/format";
import { bring } from "@/i18n/words";
import { dueIn, filtersOf, readSearch, rowsOf } from "@/modules/tasks/address";
import { another, FARTHEST, leadOf, minutesBefore, minutesOf, morningOf } from "@/modules/tasks/parts/leads";
import { EVERY, type Rule, readRule, ruleText, sayRule, WEEKDAYS } from "@/modules/tasks/parts/rules";
import { dayInFull, dayWords, dueDay, moment } from "@/modules/tasks/when";

beforeAll(async () => {
  await startLanguage("en");
  await bring("shell", "tasks");
});

const days = {
  starts_at: "2026-10-21T22:00:00+00:00",
  ends_at: "2026-11-20T23:00:00+00:00",
  as_of: "2026-11-20T12:00:00.123456+00:00",
};
const filters = (...of: Parameters<typeof rowsOf>) => filtersOf(readSearch({ ...rowsOf(...of) }), "usr_me");
const span = ["due_at:gte:2026-10-21T22:00:00Z", "due_at:lt:2026-11-20T23:00:00Z"];

test("a figure leads to its rows and to no others", () => {
  expect(filters(days, "in_time")).toEqual(["completion:eq:in_time", ...span]);
  expect(filters(days, "late", "usr_1")).toEqual(["assignee:eq:usr_1", "completion:eq:late", ...span]);
  expect(filters(days, "withdrawn", null)).toEqual(["assignee:empty:true", "completion:eq:withdrawn", ...span]);
  // What is not due yet is not overdue.
  expect(filters(days, "overdue")).toEqual([
    "completion:eq:open",
    "due_at:gte:2026-10-21T22:00:00Z",
    "due_at:lt:2026-11-20T12:00:00.123456Z",
  ]);
  const over = { ...days, as_of: "2026-12-01T12:00:00+00:00" };
  expect(filters(over, "overdue")).toEqual(["completion:eq:open", ...span]);
  expect([rowsOf(days, "late").status, rowsOf(days, "withdrawn").status]).toEqual(["done", "skipped"]);
  expect(filtersOf(readSearch({ ...dueIn(days, "usr_1") }), "usr_me")).toEqual(["assignee:eq:usr_1", ...span]);
});

test("one's own tasks are those that one shares too, and an address with nonsense says nothing", () => {
  expect(filtersOf(readSearch({}), "usr_me")).toEqual(["member:eq:usr_me"]);
  expect(filtersOf(readSearch({ who: "everybody" }), "usr_me")).toEqual([]);
  const nonsense = { doer: "x", completion: "soon", since: "today", before: "2026-11-20", deleted: true };
  expect(Object.values(readSearch(nonsense)).every((value) => value === undefined)).toBe(true);
  expect(readSearch({ view: "table", deleted: true }).deleted).toBe(true);
});

test("every reminder that is allowed can be said, as a time before and as a day with a time", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: FARTHEST }), (minutes) => {
      expect(minutesOf(leadOf(minutes))).toBe(minutes);
      expect(minutesBefore(morningOf(minutes))).toBe(Math.max(1, minutes));
      expect(morningOf(minutes).days).toBeLessThan(28);
    }),
  );
  expect([leadOf(90), leadOf(2880), leadOf(10_080), leadOf(0)]).toEqual([
    { amount: 90, unit: "minutes" },
    { amount: 2, unit: "days" },
    { amount: 1, unit: "weeks" },
    { amount: 0, unit: "minutes" },
  ]);
  expect([morningOf(900), morningOf(2340)]).toEqual([
    { days: 0, time: "09:00" },
    { days: 1, time: "09:00" },
  ]);
  for (const timed of [true, false]) {
    const five: number[] = [];
    for (let n = 0; n < 5; n++) five.push(another(five, timed));
    expect(new Set(five).size).toBe(5);
  }
});

const rule = fc
  .record({
    every: fc.constantFrom(...EVERY),
    interval: fc.integer({ min: 1, max: 1000 }),
    on: fc.subarray([...WEEKDAYS]),
    end: fc.oneof(
      fc.constant({}),
      fc.record({ times: fc.integer({ min: 1, max: 1000 }) }),
      fc.record({ until: fc.constantFrom("2026-12-31", "2030-02-28") }),
    ),
  })
  .map(({ every, interval, on, end }): Rule => ({ every, interval, on: every === "weekly" ? on : [], ...end }));

test("a rule that is said is read again, also as the server writes it", () => {
  fc.assert(
    fc.property(rule, (one) => {
      expect(readRule(ruleText(one))).toEqual(one);
      expect(readRule(ruleText(one).replace(/UNTIL=\d{8}/, "$&T235959Z"))).toEqual(one);
    }),
  );
  for (const own of ["FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=WEEKLY;WKST=SU", "FREQ=HOURLY", ""])
    expect(readRule(own), own).toBeUndefined();
});

test.each([
  ["FREQ=DAILY", "Every day"],
  ["FREQ=DAILY;INTERVAL=3;COUNT=5", "Every 3 days, 5 times"],
  ["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Monday to Friday"],
  [
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;UNTIL=20261231T235959Z",
    "Every 2 weeks on Monday and Friday, until December 31, 2026",
  ],
  ["FREQ=YEARLY;COUNT=1", "Every year, once"],
  ["FREQ=MONTHLY;BYMONTHDAY=-1", "By the rule FREQ=MONTHLY;BYMONTHDAY=-1"],
])("%s is told as %s", (text, said) => expect(sayRule(text, i18next.t, formats("en-US"))).toBe(said));

test("a snooze ends at the time that the clock shows there", () => {
  expect(moment("2026-11-20", "09:45", "Europe/Berlin")).toBe("2026-11-20T08:45:00.000Z");
  expect(moment("2026-07-20", "09:45", "Europe/Berlin")).toBe("2026-07-20T07:45:00.000Z");
});

test("the day beside a time is that of the clock that shows the time, and a whole day stays where it is meant", () => {
  // Eight in the morning of Saturday in Auckland is eight in the evening of Friday in Berlin.
  const far = { due_on: "2026-11-28", due_at: "2026-11-27T19:00:00Z", zone: "Pacific/Auckland" };
  const now = Date.parse("2026-11-26T12:00:00Z");
  expect(dueDay({ ...far, due_time: "08:00" }, "Europe/Berlin", now)).toEqual({ day: "2026-11-27", away: 1 });
  expect(dueDay({ ...far, due_time: "08:00" }, "Pacific/Auckland", now)).toEqual({ day: "2026-11-28", away: 1 });
  // It is Friday there already.
  expect(dueDay(far, "Europe/Berlin", now)).toEqual({ day: "2026-11-28", away: 1 });
});

test("a day of the calendar is the same day wherever it is read", () => {
  const zone = process.env.TZ;
  try {
    for (const TZ of ["Pacific/Kiritimati", "Pacific/Niue", "UTC"]) {
      process.env.TZ = TZ;
      expect(dayInFull("2026-11-27", "en-GB", Date.parse("2026-11-20T12:00:00Z"))).toBe("Friday 27 November");
    }
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});

test("a day of another year says so, but not one that is near", () => {
  const now = Date.parse("2026-11-30T12:00:00Z");
  expect(dayWords("2026-01-10", "en-GB", now)).toBe("Sat 10 Jan");
  expect(dayWords("2027-01-04", "en-GB", now)).toBe("Mon 4 Jan");
  expect(dayWords("2027-03-01", "en-GB", now)).toBe("1 Mar 2027");
  expect(dayWords("2025-09-01", "en-GB", now)).toBe("1 Sept 2025");
  expect(dayInFull("2027-03-01", "en-GB", now)).toBe("Monday, 1 March 2027");
});
