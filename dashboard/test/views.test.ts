import { expect, test } from "vitest";
import { readSearch as companySearch } from "@/modules/companies/address";
import * as companies from "@/modules/companies/saved";
import { type DealsSearch, readSearch as dealSearch } from "@/modules/deals/address";
import * as deals from "@/modules/deals/saved";
import { readSearch as taskSearch, type TasksSearch } from "@/modules/tasks/address";
import { joined, parts } from "@/modules/tasks/bulk/work";
import * as tasks from "@/modules/tasks/saved";
import { isSame } from "@/modules/views/chips";
import type { SavedView } from "@/modules/views/data";
import type { Content } from "@/modules/views/tools";

/** What the server gives back of what was kept. */
const kept = (content: Content) =>
  ({ ...content, q: content.q ?? undefined, sort: content.sort ?? undefined }) as unknown as SavedView;
const said = (search: object) => JSON.parse(JSON.stringify(search)) as object;

test("a view of deals is the address again, and keeps days that move with today as words", () => {
  const search = dealSearch({
    view: "forecast",
    line: "pip_1",
    q: "roof",
    owner: "nobody",
    closes: "late",
    by: "-amount",
  });
  const content = deals.contentOf(search);
  expect(content).toMatchObject({ kind: "forecast", sort: "-amount", filter: ["owner:empty:true"] });
  expect(content.options).toEqual({ line: "pip_1", owner: "nobody", closes: "late" });
  expect(said(deals.searchOf(kept(content)))).toEqual(said(search));
  expect(isSame(deals.contentOf({} as DealsSearch), deals.contentOf({ view: "board" }))).toBe(true);
  expect(isSame(content, deals.contentOf({ ...search, closes: "month" }))).toBe(false);
});

test("a view of a table of deals keeps its conditions, its columns and that they were deleted", () => {
  const f = ["stage:eq:stg_1", "currency:eq:EUR", "amount:gte:100000", "custom.priority:eq:high"];
  const search = dealSearch({ view: "table", owner: "usr_1", status: "won", f, by: "-custom.priority" });
  const content = deals.contentOf(search, ["stage", "custom.priority"]);
  expect(content).toMatchObject({
    filter: ["owner:eq:usr_1", "status:eq:won", ...f],
    sort: "-custom.priority",
    columns: ["stage", "custom.priority"],
    deleted: false,
  });
  expect(said(deals.searchOf(kept(content)))).toEqual(said(search));
  const gone = dealSearch({ view: "table", deleted: true });
  expect(deals.contentOf(gone).deleted).toBe(true);
  expect(said(deals.searchOf(kept(deals.contentOf(gone))))).toEqual(said(gone));
  // A board keeps its conditions; it has no columns, and shows none that were deleted.
  const board = { filter: f, columns: [], deleted: false };
  expect(deals.contentOf(dealSearch({ f, deleted: true }), ["stage"])).toMatchObject(board);
});

test("a view of tasks means whoever looks when it names nobody", () => {
  const search = taskSearch({ view: "table", status: "done", kind: "call", priority: "high", by: "-closed_at" });
  const content = tasks.contentOf(search);
  expect(content.filter).toEqual(["kind:eq:call", "priority:gte:2", "status:eq:done"]);
  expect(said(tasks.searchOf(kept(content)))).toEqual(said(search));
  const hers = tasks.contentOf({ who: "usr_1" } as TasksSearch);
  expect(hers.filter).toEqual(["member:eq:usr_1"]);
  const gone = taskSearch({ view: "table", deleted: true, kind: "call" });
  expect(tasks.contentOf(gone)).toMatchObject({ deleted: true, filter: ["kind:eq:call"] });
  expect(said(tasks.searchOf(kept(tasks.contentOf(gone))))).toEqual(said(gone));
});

test("a view of companies keeps filters, order and columns", () => {
  const search = companySearch({ view: "prospect", f: ["industry:contains:tea"], sort: "-name", q: "harbor" });
  const content = companies.contentOf(search, ["tier"]);
  expect(content).toMatchObject({ columns: ["tier"], deleted: false, options: { view: "prospect" } });
  expect(said(companies.searchOf(kept(content)))).toEqual(said(search));
  // Other columns are no other list.
  expect(isSame(content, companies.contentOf(search, []))).toBe(true);
});

test("many tasks go in parts that the server takes, and come back as one answer", () => {
  const all = parts(Array.from({ length: 1001 }, (_, n) => n));
  expect(all.map((part) => part.length)).toEqual([500, 500, 1]);
  const answer = (id: string) => ({ changed: [{ task: id }], refused: [], more: false }) as never;
  expect(joined([answer("a"), answer("b")]).changed.map(({ task }) => task)).toEqual(["a", "b"]);
});
