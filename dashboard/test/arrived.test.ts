import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parted, placed } from "@/modules/duplicates/arrived";

interface Row {
  id: string;
  with?: string[];
}
const ids = ({ id, with: more = [] }: Row) => [id, ...more];
const rows = (names: string) => [...names].map((id) => ({ id }));
const said = (list: readonly Row[]) => list.map(({ id }) => id).join("");
const NONE = new Map<string, number>();

test("what came between waits, what follows is shown, and what went and came back has its old place", () => {
  expect(parted(rows("abc"), ids, NONE)).toEqual({ shown: rows("abc"), fresh: [] });
  const places = placed(rows("abc"), ids, NONE);
  const { shown, fresh } = parted(rows("xaycz"), ids, places);
  expect([said(shown), said(fresh)]).toEqual(["acz", "xy"]);
  const later = placed(shown, ids, places);
  expect(said(parted(rows("xabczy"), ids, later).shown)).toBe("abczy");
  // Surer by now, and where it was.
  expect(said(parted(rows("zcba"), ids, later).shown)).toBe("abcz");
  // Nothing is known of it any more: nothing is read that could move.
  expect(parted(rows("xy"), ids, places)).toEqual({ shown: rows("xy"), fresh: [] });
});

test("a group that grew, or is called after another pair by now, is the same one", () => {
  const places = placed([{ id: "a" }, { id: "b", with: ["c"] }], ids, NONE);
  const grown = [{ id: "n", with: ["c", "b"] }, { id: "a" }];
  const { shown, fresh } = parted(grown, ids, places);
  expect([said(shown), said(fresh)]).toEqual(["an", ""]);
  expect(placed(shown, ids, places).get("n")).toBe(placed(shown, ids, places).get("b"));
});

test("nothing that was shown moves or is held back, and nothing is lost, however lists change", () => {
  const list = fc.uniqueArray(fc.integer({ min: 0, max: 30 }).map(String), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(list, { maxLength: 6 }), (reads) => {
      let places: ReadonlyMap<string, number> = NONE;
      let before: string[] = [];
      for (const read of reads) {
        const items = read.map((id) => ({ id }));
        const { shown, fresh } = parted(items, ids, places);
        const now = shown.map(({ id }) => id);
        expect([...now, ...fresh.map(({ id }) => id)].sort()).toEqual([...read].sort());
        const stayed = before.filter((id) => read.includes(id));
        expect(now.filter((id) => stayed.includes(id))).toEqual(stayed);
        places = placed(shown, ids, places);
        before = now;
      }
    }),
  );
});
