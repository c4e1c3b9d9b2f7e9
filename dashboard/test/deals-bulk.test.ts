import { expect, test } from "vitest";
import { groups } from "@/modules/deals/bulk/work";
import type { Deal } from "@/modules/deals/data";
import { inParts, versionsOf, wroteOf } from "@/ui/bulk";

const deal = (id: string, stage: string, owner?: string, expected_close?: string) =>
  ({ id, stage, owner, expected_close }) as Deal;

test("what deals were is put back in as few changes as there were kinds", () => {
  const before = [deal("1", "a", "u"), deal("2", "b"), deal("3", "a", "u")];
  expect(groups(before, { stage: "c", owner: "v" })).toEqual([
    { ids: ["1", "3"], change: { stage: "a", owner: "u" } },
    { ids: ["2"], change: { stage: "b", owner: null } },
  ]);
  expect(groups(before, { stage: "c" }).map(({ ids }) => ids)).toEqual([["1", "3"], ["2"]]);
  expect(groups(before, { deleted: true })).toEqual([{ ids: ["1", "2", "3"], change: { deleted: false } }]);
  const days = [deal("1", "a", undefined, "2026-01-31"), deal("2", "a"), deal("3", "b", undefined, "2026-01-31")];
  expect(groups(days, { expected_close: "2026-05-01" })).toEqual([
    { ids: ["1", "3"], change: { expected_close: "2026-01-31" } },
    { ids: ["2"], change: { expected_close: null } },
  ]);
  const outcome = { status: "lost", reason: "Price" } as const;
  expect(groups(before, { outcome })).toEqual([{ ids: ["1", "2", "3"], change: { reopened: true } }]);
});

test("many are sent in parts, in their order, and each part says how far it is", async () => {
  const ids = ["1", "2", "3", "4", "5"];
  const at: number[] = [];
  const parts = await inParts(
    ids,
    2,
    async (part) => part,
    (done) => at.push(done),
  );
  expect([parts, at]).toEqual([
    [["1", "2"], ["3", "4"], ["5"]],
    [0, 2, 4],
  ]);
});

test("what takes a change back names the versions that it wrote, and a change that takes nothing back names none", () => {
  const wrote = wroteOf([
    { ids: ["1", "2"], versions: [4, 9] },
    { ids: ["3"], versions: [2] },
  ]);
  expect(versionsOf(["3", "1"], wrote)).toEqual({ versions: [2, 4] });
  expect(versionsOf(["3", "1"], undefined)).toEqual({});
});
