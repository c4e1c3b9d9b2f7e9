/**
 * The form rule engine: which fields are visible and required, which steps are walked, and what is wrong
 * with the answers. Pure, no DOM. The server runs a twin of this file; `tests/vectors/form_rules.json`
 * holds both to the same answers, so change the vectors first.
 */
import type { Answers, Code, Condition, Evaluation, Field, Form, Result } from "./types";

// "constructor" is a legal field key, so plain property reads would find things nobody answered.
const own = (o: Answers, k: string): unknown => (Object.hasOwn(o, k) ? o[k] : undefined);

// The same five characters as the server's ASCII whitespace: U+000B is not one of them.
const trim = (s: string): string => s.replace(/^[ \t\n\f\r]+|[ \t\n\f\r]+$/g, "");

/** Default longest answer in Unicode scalar values, for the types typed by hand. */
export const LONGEST: Record<string, number> = { text: 200, long_text: 5000, email: 320, phone: 40 };
const EMAIL = /^[^ \t\n\f\r@]+@[^ \t\n\f\r@.]+(\.[^ \t\n\f\r@.]+)+$/;

/** True when the answer counts as not given. */
export const isEmpty = (v: unknown, f?: Field): boolean =>
  v === undefined ||
  v === null ||
  v === "" ||
  (Array.isArray(v) && v.length === 0) ||
  (v === false && (f?.type === "checkbox" || f?.type === "consent"));

/** Compares by Unicode scalar value; JavaScript's `<` compares UTF-16 units, which differs above U+FFFF. */
function compare(a: unknown, b: unknown): number | undefined {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== "string" || typeof b !== "string") return undefined;
  const x = [...a];
  const y = [...b];
  for (let i = 0; i < x.length && i < y.length; i++) {
    const d = (x[i]?.codePointAt(0) ?? 0) - (y[i]?.codePointAt(0) ?? 0);
    if (d) return d;
  }
  return x.length - y.length;
}

const equal = (a: unknown, b: unknown): boolean =>
  a === b && (typeof a === "string" || typeof a === "number" || typeof a === "boolean");

type Lookup = (key: string) => [answer: unknown, field: Field | undefined];

function matches(c: Condition, at: Lookup): boolean {
  if (!c || typeof c !== "object") return false;
  if ("all" in c) return c.all.every((x) => matches(x, at));
  if ("any" in c) return c.any.some((x) => matches(x, at));
  if ("not" in c) return !matches(c.not, at);
  const [v, field] = at(c.field);
  const { op, value } = c;
  const empty = isEmpty(v, field);
  if (op === "empty") return empty;
  if (op === "ne") return empty || !equal(v, value);
  if (empty) return false;
  if (op === "filled") return true;
  if (op === "eq") return equal(v, value);
  if (op === "in") return Array.isArray(value) && value.some((x) => equal(v, x));
  if (op === "contains")
    return typeof value === "string" && (typeof v === "string" || Array.isArray(v)) && v.includes(value);
  const d = compare(v, value);
  if (d === undefined) return false;
  if (op === "gt") return d > 0;
  if (op === "gte") return d >= 0;
  if (op === "lt") return d < 0;
  return op === "lte" && d <= 0;
}

/** Answers of this form's data fields, with hand-typed text trimmed before anything looks at it. */
function normalise(form: Form, answers: Answers): Map<string, unknown> {
  const out = new Map<string, unknown>();
  for (const step of form.steps)
    for (const f of step.fields) {
      const v = own(answers, f.key);
      if (f.type !== "section" && v !== undefined)
        out.set(f.key, typeof v === "string" && f.type in LONGEST ? trim(v) : v);
    }
  return out;
}

interface Pass {
  shown: Set<string>;
  must: Set<string>;
  path: number[];
}

/** One pass: rules see only answers of fields that the previous pass showed on a step it walked. */
function pass(form: Form, fields: Map<string, [Field, number]>, answers: Map<string, unknown>, prev: Pass): Pass {
  const at: Lookup = (key) => {
    const f = fields.get(key);
    const live = f && prev.shown.has(key) && prev.path.includes(f[1]);
    return [live ? answers.get(key) : undefined, f?.[0]];
  };
  const { shown, must } = base(fields);
  const jumps: [from: number, to: number][] = [];
  const index = (key: string) => form.steps.findIndex((s) => s.key === key);
  for (const rule of form.rules ?? []) {
    if (!matches(rule.when, at)) continue;
    for (const a of rule.then) {
      if (a.action === "jump") {
        const from = index(a.from);
        const to = a.target === "end" ? form.steps.length : index(a.target);
        // Only forward, so every path ends.
        if (from >= 0 && to > from) jumps.push([from, to]);
        continue;
      }
      const f = fields.get(a.target)?.[0];
      if (!f) continue;
      if (a.action === "show") shown.add(f.key);
      else if (a.action === "hide" && f.type !== "hidden") shown.delete(f.key);
      else if (a.action === "require" && f.type !== "section") must.add(f.key);
      else if (a.action === "optional") must.delete(f.key);
    }
  }
  const path: number[] = [];
  for (let i = 0; i < form.steps.length; ) {
    path.push(i);
    i = jumps.find(([from]) => from === i)?.[1] ?? i + 1;
  }
  return { shown, must, path };
}

function base(fields: Map<string, [Field, number]>): { shown: Set<string>; must: Set<string> } {
  const shown = new Set<string>();
  const must = new Set<string>();
  for (const [f] of fields.values()) {
    if (!f.hidden || f.type === "hidden") shown.add(f.key);
    if (f.required && f.type !== "section") must.add(f.key);
  }
  return { shown, must };
}

const sameSet = (a: Set<string>, b: Set<string>) => a.size === b.size && [...a].every((k) => b.has(k));

function settle(form: Form, answers: Map<string, unknown>): [Pass, Map<string, [Field, number]>] {
  const fields = new Map<string, [Field, number]>();
  form.steps.forEach((s, i) => {
    for (const f of s.fields) fields.set(f.key, [f, i]);
  });
  let cur: Pass = { ...base(fields), path: form.steps.map((_, i) => i) };
  // Rules that switch each other off would never settle; both twins stop after the same number of passes.
  for (let n = (form.rules?.length ?? 0) + 2; n > 0; n--) {
    const next = pass(form, fields, answers, cur);
    const same = `${next.path}` === `${cur.path}` && sameSet(next.shown, cur.shown) && sameSet(next.must, cur.must);
    cur = next;
    if (same) break;
  }
  return [cur, fields];
}

/** True for a real calendar date written `YYYY-MM-DD`. */
export function isDate(s: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(s)) return false;
  const y = +s.slice(0, 4);
  const m = +s.slice(5, 7);
  const d = +s.slice(8);
  const leap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  const days = m === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(m) ? 30 : 31;
  return m >= 1 && m <= 12 && d >= 1 && d <= days;
}

function checkText(f: Field, v: string): Code | undefined {
  const n = [...v].length;
  if (n < (f.min_length ?? 0)) return "too_short";
  if (n > (f.max_length ?? LONGEST[f.type] ?? Number.POSITIVE_INFINITY)) return "too_long";
  if (f.type === "email" && !EMAIL.test(v)) return "email";
  if (f.type === "phone") {
    const digits = v.replace(/[^0-9]/g, "").length;
    if (!/^\+?[0-9 ()\-./]*$/.test(v) || digits < 6 || digits > 15) return "phone";
  }
  return undefined;
}

function checkNumber(f: Field, v: number): Code | undefined {
  const rating = f.type === "rating";
  if (!Number.isFinite(v)) return "number";
  const min = rating ? 1 : f.min;
  const max = rating ? (f.max ?? 5) : f.max;
  if (min != null && v < min) return "too_small";
  if (max != null && v > max) return "too_large";
  if (rating) return Number.isInteger(v) ? undefined : "step";
  if (f.step != null && f.step > 0) {
    const q = (v - (f.min ?? 0)) / f.step;
    if (Math.abs(q - Math.round(q)) > 1e-9) return "step";
  }
  return undefined;
}

function checkList(f: Field, v: string[]): Code | undefined {
  if (f.type === "file") return v.length > (f.max_files ?? 1) ? "too_many" : undefined;
  if (v.some((x) => !hasOption(f, x))) return "option";
  return f.max != null && v.length > f.max ? "too_many" : undefined;
}

const hasOption = (f: Field, v: string): boolean => (f.options ?? []).some((o) => o.value === v);

/** The first thing wrong with one trimmed answer, or undefined. */
export function validate(f: Field, v: unknown, required: boolean): Code | undefined {
  if (isEmpty(v, f)) {
    if (!required) return undefined;
    return f.type === "consent" ? "consent" : "required";
  }
  switch (f.type) {
    case "number":
    case "rating":
      return typeof v === "number" ? checkNumber(f, v) : "type";
    case "checkbox":
    case "consent":
      return typeof v === "boolean" ? undefined : "type";
    case "multi":
    case "file":
      return Array.isArray(v) && v.every((x) => typeof x === "string") ? checkList(f, v) : "type";
    case "date":
      return typeof v !== "string" ? "type" : isDate(v) ? undefined : "date";
    case "select":
    case "radio":
      return typeof v !== "string" ? "type" : hasOption(f, v) ? undefined : "option";
    case "section":
      return undefined;
    default:
      return typeof v === "string" ? checkText(f, v) : "type";
  }
}

/** Evaluates the rules and validates every field that is visible on the path. */
export function check(form: Form, answers: Answers): Result {
  const given = normalise(form, answers);
  const [end, fields] = settle(form, given);
  const out: Result = { visible: [], required: [], path: [], errors: {}, stored: {} };
  for (const i of end.path) out.path.push(form.steps[i]?.key ?? "");
  for (const [f, step] of fields.values()) {
    if (!end.shown.has(f.key) || !end.path.includes(step)) continue;
    const must = end.must.has(f.key);
    out.visible.push(f.key);
    if (must) out.required.push(f.key);
    if (f.type === "section") continue;
    const v = given.get(f.key);
    const code = validate(f, v, must);
    if (code) out.errors[f.key] = code;
    if (!isEmpty(v, f)) out.stored[f.key] = v;
  }
  return out;
}

/** The rules alone, for callers that do not need errors. */
export function evaluate(form: Form, answers: Answers): Evaluation {
  const { visible, required, path } = check(form, answers);
  return { visible, required, path };
}
