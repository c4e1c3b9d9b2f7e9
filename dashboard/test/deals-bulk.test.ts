import { expect, test } from "vitest";
import { closingOf, putClosing } from "@/modules/deals/closing";
import { canUndo, follow, isBusy, type Run, stepsOf } from "@/ui/bulk";

const run = (said: Partial<Run>): Run => ({
  id: "bkr_1",
  named: true,
  filter: [],
  state: "running",
  total: 8,
  done: 2,
  changed: 0,
  skipped: 0,
  undone: 0,
  kept: 0,
  created_at: "2031-05-01T08:00:00Z",
  version: 1,
  ...said,
});

test("a run says how far it is, forwards and back, and until when it can be taken back", () => {
  expect(stepsOf(run({}))).toEqual({ done: 2, of: 8 });
  expect(stepsOf(run({ state: "undoing", changed: 6, undone: 3, kept: 1 }))).toEqual({ done: 4, of: 6 });
  expect([isBusy(run({})), isBusy(run({ state: "done" }))]).toEqual([true, false]);
  const done = run({ state: "done", changed: 1, undo_until: "2031-05-31T08:00:00Z" });
  expect(canUndo(done, Date.parse("2031-05-31T07:59:00Z"))).toBe(true);
  expect(canUndo(done, Date.parse("2031-05-31T08:00:00Z"))).toBe(false);
  expect(canUndo(run({ state: "done" }), 0)).toBe(false);
});

test("a run is asked for until it rests", async () => {
  const answers = [run({ done: 5 }), run({ done: 8, state: "done" })];
  const seen: number[] = [];
  const last = await follow(
    run({}),
    async () => answers.shift() ?? run({ state: "failed" }),
    ({ done }) => seen.push(done),
  );
  expect([last.state, seen]).toEqual(["done", [2, 5]]);
});

test("days of closing stand in one place, whatever way they were said", () => {
  const filter = ["source:eq:web", "expected_close:gt:2031-01-31", "expected_close:lt:2031-03-01"];
  expect(closingOf(filter)).toEqual({ from: "2031-02-01", to: "2031-02-28" });
  expect(closingOf(["source:eq:web"])).toBeUndefined();
  expect(closingOf(["expected_close:empty:false"])).toEqual({ filled: true });
  expect(putClosing(filter, { from: "2031-04-01" })).toEqual(["source:eq:web", "expected_close:gte:2031-04-01"]);
  expect(putClosing(filter, undefined)).toEqual(["source:eq:web"]);
});
