import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compare } from "@/modules/forms/builder/compare";
import * as history from "@/modules/forms/builder/history";
import {
  addStep,
  allFields,
  changeField,
  type Definition,
  duplicateField,
  type FieldType,
  fieldKeys,
  insertField,
  isKey,
  keyOf,
  moveField,
  moveStep,
  removeField,
  removeStep,
  renameField,
  repaired,
  retypeField,
  sameDefinition,
  shiftField,
} from "@/modules/forms/builder/model";
import { moment, wallClock } from "@/modules/forms/builder/zoned";

const form: Definition = {
  version: 0,
  steps: [
    {
      key: "one",
      fields: [
        { key: "kind", type: "radio", label: "Kind", options: [{ value: "a", label: "A" }] },
        { key: "more", type: "text", label: "More", hidden: true, min_length: 2 },
      ],
    },
    { key: "two", fields: [{ key: "mail", type: "email", label: "Mail", maps_to: "email" }] },
    { key: "three", fields: [{ key: "note", type: "long_text", label: "Note" }] },
  ],
  rules: [
    { when: { all: [{ field: "kind", op: "eq", value: "a" }] }, then: [{ action: "show", target: "more" }] },
    {
      when: { not: { any: [{ field: "mail", op: "filled" }] } },
      then: [{ action: "jump", from: "one", target: "three" }],
    },
  ],
};
const order = (draft: Definition) => draft.steps.map(({ fields }) => fields.map(({ key }) => key).join(" "));

describe("fields change places", () => {
  test("within a step, to before what stands there", () => {
    expect(order(moveField(form, "kind", { step: 0, index: 2 }))[0]).toBe("more kind");
    expect(order(moveField(form, "more", { step: 0, index: 0 }))[0]).toBe("more kind");
    expect(moveField(form, "kind", { step: 0, index: 1 })).toBe(form);
    expect(moveField(form, "kind", { step: 0, index: 0 })).toBe(form);
  });

  test("by one, and over the edge of a step into the next", () => {
    expect(order(shiftField(form, "kind", 1))).toEqual(["more kind", "mail", "note"]);
    expect(order(shiftField(form, "more", 1))).toEqual(["kind", "more mail", "note"]);
    expect(order(shiftField(form, "mail", -1))).toEqual(["kind more mail", "", "note"]);
    expect(shiftField(form, "kind", -1)).toBe(form);
    expect(shiftField(form, "note", 1)).toBe(form);
  });

  test("and none is lost or doubled, whatever happens", () => {
    const keys = [...fieldKeys(form)].sort();
    const step = fc.record({
      key: fc.constantFrom(...keys),
      step: fc.integer({ min: 0, max: 3 }),
      index: fc.integer({ min: 0, max: 4 }),
      by: fc.constantFrom(1 as const, -1 as const, 0 as const),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (moves) => {
        const end = moves.reduce(
          (draft, { key, step: to, index, by }) =>
            by === 0 ? moveField(draft, key, { step: to, index }) : shiftField(draft, key, by),
          form,
        );
        expect(
          allFields(end)
            .map(({ key }) => key)
            .sort(),
        ).toEqual(keys);
        expect(end.rules).toEqual(form.rules);
      }),
    );
  });
});

describe("rules follow the fields", () => {
  test("to another name", () => {
    const renamed = renameField(form, "kind", "sort");
    expect(renamed.rules?.[0]?.when).toEqual({ all: [{ field: "sort", op: "eq", value: "a" }] });
    expect(fieldKeys(renamed)).toContain("sort");
    expect(renameField(form, "kind", "more")).toBe(form);
    expect(renameField(form, "kind", "No good")).toBe(form);
  });

  test("and go with what they speak of", () => {
    expect(removeField(form, "more").rules).toHaveLength(1);
    expect(removeField(form, "kind").rules).toHaveLength(1);
    expect(removeField(form, "note").rules).toEqual(form.rules);
    expect(removeStep(form, 2).rules).toHaveLength(1);
    const both: Definition = {
      ...form,
      rules: [
        {
          when: {
            any: [
              { field: "kind", op: "filled" },
              { field: "mail", op: "filled" },
            ],
          },
          then: [
            { action: "show", target: "more" },
            { action: "require", target: "note" },
          ],
        },
      ],
    };
    expect(removeField(both, "kind").rules).toEqual([
      { when: { any: [{ field: "mail", op: "filled" }] }, then: both.rules?.[0]?.then },
    ]);
    expect(removeField(both, "more").rules?.[0]?.then).toEqual([{ action: "require", target: "note" }]);
  });

  test("a jump that would lead back goes", () => {
    expect(moveStep(form, 2, -1).rules).toHaveLength(2);
    expect(moveStep(moveStep(form, 2, -1), 1, -1).rules).toHaveLength(1);
  });
});

test("a copy, a new step and a removed one", () => {
  const { draft, key } = duplicateField(form, "kind");
  expect(key).toBe("kind_2");
  expect(order(draft)[0]).toBe("kind kind_2 more");
  expect(addStep(form, 0).steps.map((step) => step.key)).toEqual(["one", "step_4", "two", "three"]);
  expect(removeStep({ ...form, steps: form.steps.slice(0, 1) }, 0).steps).toHaveLength(1);
  expect(order(insertField(form, { key: "x", type: "text" }, { step: 1, index: 9 }))[1]).toBe("mail x");
});

test("another kind keeps what fits it", () => {
  const options = [{ value: "x", label: "X" }];
  const asDate = allFields(retypeField(form, "more", "date", options)).find(({ key }) => key === "more");
  expect(asDate).toEqual({ key: "more", type: "date", label: "More", hidden: true });
  const asEmail = allFields(retypeField(form, "more", "email", options)).find(({ key }) => key === "more");
  expect(asEmail).toMatchObject({ type: "email", min_length: 2 });
  const asList = allFields(retypeField(form, "mail", "select", options)).find(({ key }) => key === "mail");
  expect(asList).toEqual({ key: "mail", type: "select", label: "Mail", options });
});

test("what is not chosen is not stored", () => {
  const once = changeField(form, "kind", { required: true, help: "Help" });
  const back = changeField(once, "kind", { required: false, help: "" });
  expect(sameDefinition(back, form)).toBe(true);
});

test("keys are what the server takes, for any words", () => {
  expect(keyOf("Wo tut's weh?", "text")).toBe("wo_tut_s_weh");
  expect(keyOf("2 Räder", "text")).toBe("rader");
  expect(keyOf("الاسم", "text")).toBe("text");
  fc.assert(fc.property(fc.string(), (words) => isKey(keyOf(words, "text"))));
});

test("a misshapen draft gets a step and keys of its own", () => {
  expect(repaired({ version: 4, steps: [] }).steps).toEqual([{ key: "main", fields: [] }]);
  const twice = repaired({
    version: 1,
    steps: [
      {
        key: "a",
        fields: [
          { key: "x", type: "text" },
          { key: "x", type: "text" },
        ],
      },
      { key: "a", fields: [] },
    ],
  });
  expect(order(twice)[0]).toBe("x x_2");
  expect(twice.steps.map(({ key }) => key)).toEqual(["a", "a_2"]);
});

test("the same questions are the same, whatever their number and order of keys", () => {
  expect(sameDefinition({ version: 1, steps: [], rules: [] }, { steps: [], version: 9, title: null })).toBe(true);
  expect(sameDefinition({ steps: [{ key: "a", fields: [] }] }, { steps: [{ key: "b", fields: [] }] })).toBe(false);
});

test("what a version changed is counted as people count", () => {
  expect(compare(form, form)).toEqual({ added: 0, removed: 0, changed: 0, rules: false, words: false });
  const next = changeField(
    removeField(insertField(form, { key: "x", type: "text" as FieldType }, { step: 0, index: 0 }), "note"),
    "mail",
    {
      required: true,
    },
  );
  expect(compare(form, { ...next, title: "T" })).toEqual({
    added: 1,
    removed: 1,
    changed: 1,
    rules: false,
    words: true,
  });
});

describe("what was done can be undone", () => {
  test("step by step, and letters of one word together", () => {
    let h = history.begin("");
    h = history.change(h, "a", 1000, "name");
    h = history.change(h, "ab", 1400, "name");
    h = history.change(h, "abc", 1800, "name");
    h = history.change(h, "abcd", 9000, "name");
    expect(h.past).toEqual(["", "abc"]);
    h = history.undo(h);
    expect(h.now).toBe("abc");
    h = history.undo(h);
    expect(h.now).toBe("");
    expect(history.undo(h)).toBe(h);
    h = history.redo(history.redo(h));
    expect(h.now).toBe("abcd");
    expect(history.redo(h)).toBe(h);
  });

  test("a change after an undo forgets what was taken back", () => {
    let h = history.change(history.begin(1), 2, 0);
    h = history.change(history.undo(h), 3, 5000);
    expect([h.past, h.now, h.future]).toEqual([[1], 3, []]);
  });

  test("any number of undos leads back to the beginning", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 50 }), (values) => {
        let h = values.reduce(
          (all, value, at) => history.change(all, { value }, at * 5000),
          history.begin<object>({ value: -1 }),
        );
        const end = h.now;
        const steps = h.past.length;
        for (let n = 0; n < steps; n++) h = history.undo(h);
        expect(h.past).toEqual([]);
        for (let n = 0; n < steps; n++) h = history.redo(h);
        expect(h.now).toBe(end);
      }),
    );
  });
});

test("a clock on the wall of another zone", () => {
  expect(wallClock("2026-07-01T12:00:00Z", "Europe/Berlin")).toBe("2026-07-01T14:00");
  expect(moment("2026-07-01T14:00", "Europe/Berlin")).toBe("2026-07-01T12:00:00.000Z");
  expect(moment("2026-01-01T00:30", "America/New_York")).toBe("2026-01-01T05:30:00.000Z");
  expect(moment("2026-03-29T02:30", "Europe/Berlin")).toMatch(/^2026-03-29T0[01]:30/);
  expect(moment("", "Europe/Berlin")).toBeNull();
  const times = fc
    .integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) })
    .map((ms) => new Date(Math.floor(ms / 60_000) * 60_000));
  fc.assert(
    fc.property(times, fc.constantFrom("UTC", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland"), (at, zone) => {
      const wall = wallClock(at, zone);
      // An hour that the clocks go through twice has one name and two moments.
      expect(wallClock(moment(wall, zone) ?? "", zone)).toBe(wall);
    }),
  );
});
