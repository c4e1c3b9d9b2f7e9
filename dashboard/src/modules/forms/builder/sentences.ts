import type { Action, Condition, Definition, Field, Rule } from "./model";
import { findField } from "./model";

/** A rule as people say it: words, and chips for what it speaks of. */
export interface Token {
  text: string;
  chip?: "field" | "value" | "step";
  /** It names something that is not there any more. */
  lost?: boolean;
}

/** Says a phrase of the catalogue with marks in its holes. */
export type Say = (phrase: string, holes: Record<string, string>) => string;

// Brackets that nobody writes.
const OPEN = "⟦";
const CLOSE = "⟧";
const mark = (index: number) => `${OPEN}${index}${CLOSE}`;

/** A phrase whose holes are filled with tokens: the language decides where they stand. */
function fill(say: Say, phrase: string, holes: Record<string, Token[]>): Token[] {
  const names = Object.keys(holes);
  const text = say(phrase, Object.fromEntries(names.map((name, index) => [name, mark(index)])));
  return text.split(/(⟦\d+⟧)/).flatMap((part): Token[] => {
    if (!part.startsWith(OPEN)) return part ? [{ text: part }] : [];
    return holes[names[Number(part.slice(1, -1))] ?? ""] ?? [];
  });
}

export function nameOf(field: Field): string {
  return (field.label || field.text || field.param || field.key).trim();
}

function fieldToken(draft: Definition, key: string): Token {
  const field = findField(draft, key);
  return field ? { text: nameOf(field), chip: "field" } : { text: key, chip: "field", lost: true };
}

function stepToken(draft: Definition, key: string, say: Say): Token {
  if (key === "end") return { text: say("end", {}), chip: "step" };
  const index = draft.steps.findIndex((step) => step.key === key);
  const step = draft.steps[index];
  if (!step) return { text: key, chip: "step", lost: true };
  return { text: step.title || say("stepNumber", { n: String(index + 1) }), chip: "step" };
}

function valueTokens(field: Field | undefined, value: unknown, say: Say): Token[] {
  const one = (v: unknown): Token => {
    if (typeof v === "boolean") return { text: say(v ? "yes" : "no", {}), chip: "value" };
    const option = field?.options?.find((choice) => choice.value === v);
    if (field?.options && !option) return { text: String(v ?? "…"), chip: "value", lost: true };
    return { text: option?.label ?? (v === undefined || v === null || v === "" ? "…" : String(v)), chip: "value" };
  };
  return Array.isArray(value)
    ? joined(
        value.map((v) => [one(v)]),
        "or",
        say,
      )
    : [one(value)];
}

function joined(parts: Token[][], word: "and" | "or" | "then", say: Say): Token[] {
  return parts.reduce<Token[]>(
    (all, part, index) => (index === 0 ? part : fill(say, word, { left: all, right: part })),
    [],
  );
}

export function saysCondition(draft: Definition, condition: Condition, say: Say, nested = false): Token[] {
  const group = (parts: Condition[], word: "and" | "or"): Token[] => {
    if (parts.length === 0) return [{ text: say("always", {}) }];
    const inner = joined(
      parts.map((part) => saysCondition(draft, part, say, parts.length > 1)),
      word,
      say,
    );
    return nested && parts.length > 1 ? fill(say, "group", { inner }) : inner;
  };
  if ("all" in condition) return group(condition.all, "and");
  if ("any" in condition) return condition.any.length === 0 ? [{ text: say("never", {}) }] : group(condition.any, "or");
  if ("not" in condition) return fill(say, "not", { inner: saysCondition(draft, condition.not, say, true) });
  const field = findField(draft, condition.field);
  const holes = {
    field: [fieldToken(draft, condition.field)],
    value: valueTokens(field, condition.value, say),
  };
  const tick = field?.type === "checkbox" || field?.type === "consent";
  if (tick && (condition.op === "eq" || condition.op === "filled"))
    return fill(say, condition.value === false ? "op.unticked" : "op.ticked", { field: holes.field });
  if (tick && condition.op === "empty") return fill(say, "op.unticked", { field: holes.field });
  if (condition.op === "empty" || condition.op === "filled")
    return fill(say, `op.${condition.op}`, { field: holes.field });
  return fill(say, `op.${condition.op}`, holes);
}

export function saysAction(draft: Definition, action: Action, say: Say): Token[] {
  if (action.action === "jump")
    return fill(say, "do.jump", {
      from: [stepToken(draft, action.from, say)],
      target: [stepToken(draft, action.target, say)],
    });
  return fill(say, `do.${action.action}`, { target: [fieldToken(draft, action.target)] });
}

/** "When [What hurts] is [Back], show [Since when] and require [Since when]." */
export function sentence(draft: Definition, rule: Rule, say: Say): Token[] {
  const then = joined(
    rule.then.map((action) => saysAction(draft, action, say)),
    "then",
    say,
  );
  return fill(say, "rule", {
    when: saysCondition(draft, rule.when, say),
    then: then.length > 0 ? then : [{ text: "…" }],
  });
}

export const plain = (tokens: readonly Token[]): string => tokens.map(({ text }) => text).join("");
