import fc from "fast-check";
import type { Deal, StarEvent } from "@/sky";

export const ZONE = "Europe/Vienna";
export const NOW = Date.parse("2026-03-12T14:20:00+01:00");
const MIDNIGHT = Date.parse("2026-03-12T00:00:00+01:00");
/** Milliseconds at an hour of the day. */
export const at = (hour: number): number => MIDNIGHT + hour * 3_600_000;

export const RTL = "شركة الأفق للدراجات والنقل";
export const LONG = "Wolfeschlegelsteinhausenbergerdorff ".repeat(9).slice(0, 300);
const name = fc.oneof(
  fc.string({ maxLength: 300 }),
  fc.constant(RTL),
  fc.constant(LONG),
  fc.constant("<img src=x>👩‍🚀"),
);

/** Events of that day, each with its own id. */
export const events = (most = 150) =>
  fc.uniqueArray(
    fc.record({
      id: fc.uuid(),
      at: fc.integer({ min: 0, max: 24 * 60 - 1 }).map((minute) => MIDNIGHT + minute * 60_000),
      kind: fc.constantFrom("lead", "message", "order", "review") as fc.Arbitrary<StarEvent["kind"]>,
      weight: fc.integer({ min: 1, max: 4 }),
    }),
    { selector: ({ id }) => id, maxLength: most },
  );

/** Appointments of that day. */
export const bodies = fc.uniqueArray(
  fc.record({ id: fc.uuid(), at: fc.integer({ min: 0, max: 1439 }).map((m) => MIDNIGHT + m * 60_000), title: name }),
  { selector: ({ id }) => id, maxLength: 30 },
);

export const room = fc.record({
  width: fc.integer({ min: 320, max: 2400 }),
  height: fc.constant(330),
  rtl: fc.boolean(),
});

/** Deals of one stage. */
export const deals = (most = 60): fc.Arbitrary<Deal[]> =>
  fc.uniqueArray(
    fc.record({
      id: fc.uuid(),
      name,
      value: fc.integer({ min: 0, max: 10_000_000 }),
      days: fc.integer({ min: -30, max: 400 }),
      state: fc.constantFrom("active", "hot", "quiet") as fc.Arbitrary<Deal["state"]>,
    }),
    { selector: ({ id }) => id, maxLength: most },
  );
