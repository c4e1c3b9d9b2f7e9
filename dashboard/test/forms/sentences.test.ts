import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import { en } from "@/i18n/en";
import type { Definition, Rule } from "@/modules/forms/builder/model";
import { place, problemsOf, spotOf } from "@/modules/forms/builder/problems";
import { conditionOf, freshRule, groupOf, hiddenFor, opsOf, testOf } from "@/modules/forms/builder/rules";
import { plain, type Say, sentence } from "@/modules/forms/builder/sentences";
import { tell } from "@/modules/forms/submissions/summary";
import { grouped, periodOf } from "@/modules/forms/analytics/period";
import { words as arabic } from "@/modules/forms/words/ar";
import { words } from "@/modules/forms/words/en";

const draft: Definition = {
  version: 0,
  steps: [
    {
      key: "one",
      title: "You",
      fields: [
        {
          key: "pain",
          type: "radio",
          label: "Where does it hurt?",
          options: [
            { value: "back", label: "Lower back" },
            { value: "knee", label: "Knees" },
          ],
        },
        { key: "since", type: "date", label: "Since when", hidden: true },
        { key: "news", type: "checkbox", label: "News" },
      ],
    },
    { key: "two", fields: [{ key: "age", type: "number", label: "Age" }] },
  ],
};

const i18n = i18next.createInstance();
beforeAll(async () => {
  await i18n.init({
    lng: "en",
    resources: { en: { translation: { ...en, forms: words } }, ar: { translation: { forms: arabic } } },
    interpolation: { escapeValue: false },
  });
});
const say: Say = (phrase, holes) => String(i18n.t(`forms.say_rule.${phrase}` as "forms.say_rule.rule", holes as never));
const says = (rule: Rule) => plain(sentence(draft, rule, say));

test("a rule reads as a sentence, with chips for what it speaks of", () => {
  const rule: Rule = {
    when: { all: [{ field: "pain", op: "eq", value: "back" }] },
    then: [
      { action: "show", target: "since" },
      { action: "require", target: "since" },
    ],
  };
  expect(says(rule)).toBe("When Where does it hurt? is Lower back, show Since when and require Since when.");
  const chips = sentence(draft, rule, say).filter(({ chip }) => chip);
  expect(chips.map(({ text, chip }) => `${chip}:${text}`)).toEqual([
    "field:Where does it hurt?",
    "value:Lower back",
    "field:Since when",
    "field:Since when",
  ]);
});

test("groups, ticks, jumps and what is gone", () => {
  expect(
    says({
      when: {
        any: [
          {
            all: [
              { field: "news", op: "filled" },
              { field: "age", op: "gte", value: 18 },
            ],
          },
          { not: { any: [{ field: "pain", op: "in", value: ["back", "knee"] }] } },
        ],
      },
      then: [{ action: "jump", from: "one", target: "end" }],
    }),
  ).toBe(
    "When (News is ticked and Age is at least 18) or not Where does it hurt? is Lower back or Knees, go from You to the end.",
  );
  const lost = sentence(
    draft,
    { when: { field: "gone", op: "filled" }, then: [{ action: "jump", from: "two", target: "nowhere" }] },
    say,
  );
  expect(lost.filter((token) => token.lost).map(({ text }) => text)).toEqual(["gone", "nowhere"]);
  expect(says({ when: { all: [] }, then: [] })).toBe("When always, ….");
  // Words that look like our own marks or like holes stay words.
  const odd: Definition = {
    ...draft,
    steps: [{ key: "s", fields: [{ key: "x", type: "text", label: "{{value}} ⟦ $t(x)" }] }],
  };
  expect(plain(sentence(odd, { when: { field: "x", op: "eq", value: "<b>" }, then: [] }, say))).toContain(
    "{{value}} ⟦ $t(x) is <b>",
  );
});

test("another language puts the chips where it wants them", async () => {
  await i18n.changeLanguage("ar");
  expect(says({ when: { field: "age", op: "filled" }, then: [{ action: "hide", target: "news" }] })).toBe(
    "عندما أُجيب عن Age، أخفِ News.",
  );
  await i18n.changeLanguage("en");
});

test("the editor sees groups, and gives back what it saw", () => {
  for (const condition of [
    { all: [{ field: "age", op: "filled" as const }] },
    { any: [{ field: "age", op: "filled" as const }] },
    { not: { any: [{ field: "age", op: "filled" as const }] } },
  ])
    expect(conditionOf(groupOf(condition))).toEqual(condition);
  expect(conditionOf(groupOf({ field: "age", op: "filled" }))).toEqual({ all: [{ field: "age", op: "filled" }] });
  expect(conditionOf(groupOf({ not: { field: "age", op: "filled" } }))).toEqual({
    not: { any: [{ field: "age", op: "filled" }] },
  });
});

test("a comparison takes a value of the field's kind", () => {
  const [pain, , news] = draft.steps[0]?.fields ?? [];
  const age = draft.steps[1]?.fields[0];
  expect(testOf(pain, "eq")).toEqual({ field: "pain", op: "eq", value: "back" });
  expect(testOf(pain, "in", "knee")).toEqual({ field: "pain", op: "in", value: ["knee"] });
  expect(testOf(pain, "eq", ["knee"])).toEqual({ field: "pain", op: "eq", value: "knee" });
  expect(testOf(age, "gt", "x")).toEqual({ field: "age", op: "gt", value: 1 });
  expect(opsOf(news)).toEqual(["filled", "empty"]);
  const rule = freshRule(draft, "pain");
  expect(rule).toEqual({
    when: { all: [{ field: "pain", op: "eq", value: "back" }] },
    then: [{ action: "show", target: "since" }],
  });
  // What a rule shows is hidden before; what is hidden already stays.
  expect(hiddenFor(draft, { ...rule, then: [{ action: "show", target: "news" }] })).toEqual(["news"]);
  expect(hiddenFor(draft, rule)).toEqual([]);
});

test("a problem finds its place on the screen", () => {
  expect(spotOf("/draft/steps/0/fields/1/label", draft)).toEqual({
    kind: "field",
    step: 0,
    key: "since",
    property: "label",
  });
  expect(spotOf("/draft/steps/0/fields/0/options/1/value", draft)).toEqual({
    kind: "field",
    step: 0,
    key: "pain",
    property: "options",
    index: 1,
  });
  expect(spotOf("/draft/steps/1/fields", draft)).toEqual({ kind: "step", step: 1, property: "fields" });
  expect(spotOf("/draft/rules/2/then/0/target", draft)).toEqual({
    kind: "rule",
    rule: 2,
    part: { kind: "then", index: 0 },
  });
  expect(spotOf("/draft/outcome/url", draft)).toEqual({ kind: "outcome", property: "url" });
  expect(spotOf("/auto_reply_body", draft)).toEqual({ kind: "setting", name: "auto_reply_body" });
  expect(spotOf("/draft/steps", draft)).toEqual({ kind: "form" });
  expect(spotOf("/draft/steps/9/fields/9/label", draft)).toEqual({ kind: "step", step: 9, property: "fields" });
  const placed = place(
    [
      { field: "/draft/steps/0/fields/0/options/1/value", code: "duplicate", detail: "" },
      { field: "/draft/steps/0/fields/0/label", code: "required", detail: "" },
    ],
    draft,
  );
  expect([...problemsOf(placed, "pain").keys()]).toEqual(["options/1", "label"]);
  expect(problemsOf(placed, "since").size).toBe(0);
});

test("an answer tells who sent it", () => {
  expect(tell({ name: " Ada ", message: "Hello\nthere" })).toEqual({ who: "Ada", what: "Hello\nthere" });
  expect(tell({ pain: "back", age: 4, news: true }, draft)).toEqual({ who: "Lower back", what: "4" });
  expect(tell({})).toEqual({ who: "", what: "" });
  expect(tell({ first_name: "A", last_name: "B", email: "a@b.example" })).toEqual({ who: "A B", what: "a@b.example" });
});

test("periods end today where the tenant is, and long ones are read in weeks", () => {
  expect(periodOf(7, new Date("2026-03-01T23:30:00Z"), "Europe/Berlin")).toEqual({
    from: "2026-02-24",
    to: "2026-03-02",
    after: "2026-03-03",
  });
  const days = Array.from({ length: 100 }, (_, n) => ({ day: `d${n}`, starts: 1, completions: n % 2 }));
  const weeks = grouped(days);
  expect(weeks.at(-1)).toMatchObject({ to: "d99", starts: 7 });
  expect(weeks.reduce((sum, { starts }) => sum + starts, 0)).toBe(100);
  expect(grouped(days.slice(0, 30))).toHaveLength(30);
});
