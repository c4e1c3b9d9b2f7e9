import { expect, test } from "vitest";
import { alike, type Import, isSame, saidOf } from "@/modules/imports/data";

const file = (given: Partial<Import>): Import =>
  ({
    id: "imp_1",
    state: "draft",
    has_header: true,
    columns: [{ name: "Name", field: "first_name" }, { name: "Farbe" }],
    options: {},
    ...given,
  }) as Import;

test("only a file that was brought in, with the same columns, says how the next one is", () => {
  const item = file({});
  const done = file({ id: "imp_2", state: "done" });
  const turned = [{ name: "Farbe" }, { name: "Name" }] as Import["columns"];
  const other = file({ id: "imp_3", state: "done", columns: turned });
  expect(alike(item, [file({ id: "imp_4" }), other, done])?.id).toBe("imp_2");
  expect(alike(item, [file({ id: "imp_4", state: "checked" }), other])).toBeUndefined();
  // Without a first row that names them, columns are not known to be the same.
  expect(alike(file({ has_header: false }), [done])).toBeUndefined();
});

test("what is said is the same whatever its order, and whether nothing is said or none", () => {
  const one = saidOf(file({ options: { tags: ["a"], stage: "lead" } }));
  expect(isSame(one, saidOf(file({ options: { stage: "lead", owner: undefined, tags: ["a"] } })))).toBe(true);
  expect(isSame(one, saidOf(file({ options: { stage: "lead" } })))).toBe(false);
  expect(isSame(one, { ...one, fields: ["first_name", "last_name"] })).toBe(false);
  expect(isSame(one, { ...one, custom: [null, "colour"] })).toBe(false);
});
