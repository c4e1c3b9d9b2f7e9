import { type Action, allFields, type Condition, type Definition, type Field, type Rule } from "./model";

export type Op = Extract<Condition, { op: unknown }>["op"];
export type Test = Extract<Condition, { field: string }>;

/** What can be asked about an answer of a kind. */
export function opsOf(field: Field | undefined): readonly Op[] {
  switch (field?.type) {
    case "checkbox":
    case "consent":
      return ["filled", "empty"];
    case "radio":
    case "select":
      return ["eq", "ne", "in", "filled", "empty"];
    case "multi":
      return ["contains", "filled", "empty"];
    case "file":
      return ["filled", "empty"];
    case "number":
    case "rating":
      return ["eq", "ne", "gt", "gte", "lt", "lte", "filled", "empty"];
    case "date":
      return ["eq", "ne", "gt", "gte", "lt", "lte", "filled", "empty"];
    default:
      return ["eq", "ne", "contains", "filled", "empty"];
  }
}

export const asked = (draft: Definition): Field[] => allFields(draft).filter(({ type }) => type !== "section");

/** A comparison that makes sense for the field: with a value of its kind. */
export function testOf(field: Field | undefined, op: Op, value?: unknown): Test {
  const key = field?.key ?? "";
  if (op === "filled" || op === "empty") return { field: key, op };
  const first = field?.options?.[0]?.value;
  if (op === "in")
    return { field: key, op, value: Array.isArray(value) ? value : [value ?? first ?? ""].filter((v) => v !== "") };
  const one = Array.isArray(value) ? value[0] : value;
  if (field?.options) {
    const known = field.options.some((option) => option.value === one);
    return { field: key, op, value: known ? one : first };
  }
  if (field?.type === "number" || field?.type === "rating")
    return { field: key, op, value: typeof one === "number" ? one : 1 };
  return { field: key, op, value: typeof one === "string" ? one : "" };
}

/** A rule to begin with: about this field's answer if it has one and there is something after it to show. */
export function freshRule(draft: Definition, about?: string): Rule {
  const fields = asked(draft);
  const cause = fields.find(({ key }) => key === about) ?? fields[0];
  const at = allFields(draft).findIndex(({ key }) => key === cause?.key);
  const target = allFields(draft)[at + 1] ?? allFields(draft).find(({ key }) => key !== cause?.key);
  return {
    when: { all: [testOf(cause, opsOf(cause)[0] ?? "filled")] },
    then: target ? [{ action: "show", target: target.key }] : [],
  };
}

/** A group as the editor sees it: all, any or none of its parts. */
export interface Group {
  kind: "all" | "any" | "none";
  parts: Condition[];
}

export function groupOf(condition: Condition): Group {
  if ("all" in condition) return { kind: "all", parts: condition.all };
  if ("any" in condition) return { kind: "any", parts: condition.any };
  if ("not" in condition) {
    const inner = condition.not;
    return { kind: "none", parts: "any" in inner ? inner.any : [inner] };
  }
  return { kind: "all", parts: [condition] };
}

export const isGroup = (condition: Condition): boolean => !("field" in condition);

export function conditionOf({ kind, parts }: Group): Condition {
  if (kind === "none") return { not: { any: parts } };
  return kind === "any" ? { any: parts } : { all: parts };
}

/** What a rule switches on must be off at first: a field that is to be shown is hidden until then. */
export function hiddenFor(draft: Definition, rule: Rule): string[] {
  return rule.then.flatMap((action) => {
    if (action.action !== "show") return [];
    const field = allFields(draft).find(({ key }) => key === action.target);
    return field && !field.hidden && field.type !== "hidden" ? [field.key] : [];
  });
}

export const laterSteps = (draft: Definition, from: string): string[] => {
  const at = draft.steps.findIndex(({ key }) => key === from);
  return [...draft.steps.slice(at + 1).map(({ key }) => key), "end"];
};

export function actionOf(draft: Definition, kind: Action["action"], old?: Action): Action {
  if (kind === "jump") {
    const from = draft.steps[0]?.key ?? "";
    return { action: "jump", from, target: laterSteps(draft, from)[0] ?? "end" };
  }
  const target = old && old.action !== "jump" ? old.target : (allFields(draft)[0]?.key ?? "");
  return { action: kind, target };
}
