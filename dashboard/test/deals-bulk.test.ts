import { expect, test } from "vitest";
import { groups } from "@/modules/deals/bulk/work";
import type { Deal } from "@/modules/deals/data";
import { inParts } from "@/ui/bulk";

const deal = (id: string, stage: string, owner?: string) => ({ id, stage, owner }) as Deal;

test("what deals were is put back in as few changes as there were kinds", () => {
  const before = [deal("1", "a", "u"), deal("2", "b"), deal("3", "a", "u")];
  expect(groups(before, { stage: "c", owner: "v" })).toEqual([
    { ids: ["1", "3"], change: { stage: "a", owner: "u" } },
    { ids: ["2"], change: { stage: "b", owner: null } },
  ]);
  expect(groups(before, { stage: "c" }).map(({ ids }) => ids)).toEqual([["1", "3"], ["2"]]);
  expect(groups(before, { deleted: true })).toEqual([{ ids: ["1", "2", "3"], change: { deleted: false } }]);
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
