import { expect, test } from "vitest";
import { askedOf } from "@/modules/deals/address";
import { wonFilter } from "@/modules/deals/data";
import { amountsOf, FIELDS, parse, put, putAmounts } from "@/modules/deals/filters";

test("an address carries whatever the editors know, once, and nothing else", () => {
  const known = FIELDS.map(({ name }) => `${name}:empty:true`);
  expect(known.every((text) => parse(text) !== undefined)).toBe(true);
  const more = ["amount:gte:100", "currency:eq:EUR", "custom.size:gte:3"];
  expect(askedOf([...known, ...more, more[0]])).toEqual([...known, ...more]);
  expect(
    askedOf(["owner:eq:usr_1", "status:eq:won", "stages:eq:x", "stage:eq:", "custom.:eq:1", 7, undefined]),
  ).toEqual([]);
});

test("two ends of a day stand beside each other, anything else takes the place of its field's", () => {
  const ends = put(["closed_on:gte:2026-01-01"], { field: "closed_on", op: "lt", value: "2026-02-01" });
  expect(ends).toEqual(["closed_on:gte:2026-01-01", "closed_on:lt:2026-02-01"]);
  expect(put(ends, { field: "closed_on", op: "empty", value: "true" })).toEqual(["closed_on:empty:true"]);
  const stage = put(["stage:eq:stg_1", "amount:gte:5"], { field: "stage", op: "in", value: "stg_1,stg_2" });
  expect(stage).toEqual(["amount:gte:5", "stage:in:stg_1,stg_2"]);
});

test("amounts are ends in minor units of one currency, and go as they came", () => {
  const ends = { currency: "JPY", from: 1_000, to: 5_000 };
  const filter = putAmounts(["stage:eq:stg_1", "currency:eq:EUR", "amount:gte:5"], ends);
  expect(filter).toEqual(["stage:eq:stg_1", "currency:eq:JPY", "amount:gte:1000", "amount:lte:5000"]);
  expect(amountsOf(filter)).toEqual(ends);
  expect(amountsOf(putAmounts([], { currency: "EUR", to: 0 }))).toEqual({ currency: "EUR", to: 0 });
  expect(putAmounts(filter, { currency: "EUR" })).toEqual(["stage:eq:stg_1"]);
  expect(putAmounts(filter, undefined)).toEqual(["stage:eq:stg_1"]);
  // Of which currency is not said: these are not the editor's.
  expect(amountsOf(["amount:gte:5"])).toBeUndefined();
});

test("what was won in a month is told by the days of the account, and of a zone ahead nothing is left out", () => {
  const filter = wonFilter("pip_1", "2026-12-01");
  expect(filter).toContain("closed_on:gte:2026-12-01");
  // The first of December of Kiritimati begins on the 30th of November at ten, UTC.
  expect(filter).toContain("closed_at:gte:2026-11-30T00:00:00.000Z");
});
