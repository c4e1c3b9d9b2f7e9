import type { Action, Condition, Field, FieldType, Form as Definition, Rule, Step } from "@widget/types";
import type { Schema } from "@/api/client";

export type { Action, Condition, Definition, Field, FieldType, Rule, Step };

/** Everything of a form that somebody can change, in one piece: one history, one autosave. */
export interface Doc {
  name: string;
  draft: Definition;
  theme: Record<string, string>;
  locale: string | null;
  hosted_url: string | null;
  responsible: string | null;
  notify: string[];
  match_rule: Schema["MatchRule"];
  auto_reply_subject: string | null;
  auto_reply_body: string | null;
  contact_stage: string | null;
  contact_tags: string[];
  contact_owner: string | null;
  submission_cap: number | null;
  opens_at: string | null;
  closes_at: string | null;
  webhook: string | null;
}

export const FIELD_TYPES: readonly FieldType[] = [
  "text",
  "long_text",
  "email",
  "phone",
  "number",
  "date",
  "radio",
  "multi",
  "select",
  "checkbox",
  "rating",
  "file",
  "consent",
  "section",
  "hidden",
];
export const hasOptions = (type: FieldType): boolean => type === "select" || type === "multi" || type === "radio";
export const hasAnswer = (type: FieldType): boolean => type !== "section";
const TEXTS: readonly FieldType[] = ["text", "long_text", "email", "phone"];
export const isTyped = (type: FieldType): boolean => TEXTS.includes(type);

export function docOf(form: Schema["Form"]): Doc {
  const or = <T>(value: T | null | undefined): T | null => value ?? null;
  return {
    name: form.name,
    draft: repaired(form.draft as unknown as Definition),
    theme: (form.theme ?? {}) as Record<string, string>,
    locale: or(form.locale),
    hosted_url: or(form.hosted_url),
    responsible: or(form.responsible),
    notify: form.notify,
    match_rule: form.match_rule as Doc["match_rule"],
    auto_reply_subject: or(form.auto_reply_subject),
    auto_reply_body: or(form.auto_reply_body),
    contact_stage: or(form.contact_stage),
    contact_tags: form.contact_tags,
    contact_owner: or(form.contact_owner),
    submission_cap: or(form.submission_cap),
    opens_at: or(form.opens_at),
    closes_at: or(form.closes_at),
    webhook: or(form.webhook),
  };
}

/** A canvas needs a step to put fields on and keys to tell them apart; a draft that an API made may lack both. */
export function repaired(draft: Definition): Definition {
  const taken = new Set<string>();
  const fresh = (key: string, otherwise: string) => {
    const own = unique(key || otherwise, taken);
    taken.add(own);
    return own;
  };
  const steps = draft.steps.map((step) => ({
    ...step,
    fields: step.fields.map((f) => ({ ...f, key: fresh(f.key, f.type) })),
  }));
  taken.clear();
  const named = steps.map((step, index) => ({ ...step, key: fresh(step.key, `step_${index + 1}`) }));
  const { version: _, ...rest } = draft;
  return {
    ...rest,
    version: 0,
    steps: named.length > 0 ? named : [{ key: "main", fields: [] }],
    rules: draft.rules ?? [],
  };
}

export function unique(wish: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wish)) return wish;
  const stem = wish.replace(/_\d+$/, "");
  for (let n = 2; ; n++) if (!taken.has(`${stem}_${n}`)) return `${stem}_${n}`;
}

/** Lower-case letters, digits and `_`, beginning with a letter: what the server takes as a key. */
export function keyOf(label: string, otherwise: string): string {
  const plain = label
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 40)
    .replace(/_+$/, "");
  return plain || otherwise;
}

export const isKey = (key: string): boolean => /^[a-z][a-z0-9_]{0,62}$/.test(key);
export const allFields = (draft: Definition): Field[] => draft.steps.flatMap((step) => step.fields);
export const fieldKeys = (draft: Definition): Set<string> => new Set(allFields(draft).map(({ key }) => key));
export const findField = (draft: Definition, key: string): Field | undefined =>
  allFields(draft).find((field) => field.key === key);

export interface Place {
  step: number;
  index: number;
}

export function placeOf(draft: Definition, key: string): Place | undefined {
  for (const [step, { fields }] of draft.steps.entries()) {
    const index = fields.findIndex((field) => field.key === key);
    if (index >= 0) return { step, index };
  }
  return undefined;
}

const withFields = (draft: Definition, at: number, change: (fields: Field[]) => Field[]): Definition => ({
  ...draft,
  steps: draft.steps.map((step, index) => (index === at ? { ...step, fields: change(step.fields) } : step)),
});

export function insertField(draft: Definition, field: Field, { step, index }: Place): Definition {
  return withFields(draft, step, (fields) => fields.toSpliced(Math.min(index, fields.length), 0, field));
}

/** To before what stands at `index` of the step now. */
export function moveField(draft: Definition, key: string, to: Place): Definition {
  const from = placeOf(draft, key);
  const field = findField(draft, key);
  if (!from || !field || !draft.steps[to.step]) return draft;
  const index = from.step === to.step && from.index < to.index ? to.index - 1 : to.index;
  if (from.step === to.step && from.index === index) return draft;
  const without = withFields(draft, from.step, (fields) => fields.toSpliced(from.index, 1));
  return insertField(without, field, { step: to.step, index });
}

/** One place up or down; beyond the edge of a step it goes into the next one. */
export function shiftField(draft: Definition, key: string, by: 1 | -1): Definition {
  const from = placeOf(draft, key);
  if (!from) return draft;
  const size = draft.steps[from.step]?.fields.length ?? 0;
  const next = from.index + by;
  if (next >= 0 && next < size) return moveField(draft, key, { step: from.step, index: by > 0 ? next + 1 : next });
  const step = from.step + by;
  const target = draft.steps[step];
  return target ? moveField(draft, key, { step, index: by > 0 ? 0 : target.fields.length }) : draft;
}

export function changeField(draft: Definition, key: string, change: Partial<Field>): Definition {
  return {
    ...draft,
    steps: draft.steps.map((step) => ({
      ...step,
      fields: step.fields.map((field) => (field.key === key ? pruned({ ...field, ...change }) : field)),
    })),
  };
}

/** What is undefined, null or an empty text is not stored: a draft says only what somebody chose. */
function pruned(field: Field): Field {
  const kept = Object.entries(field).filter(
    ([name, value]) => name === "label" || (value !== undefined && value !== null && value !== "" && value !== false),
  );
  return Object.fromEntries(kept) as unknown as Field;
}

/** Renames the answer; rules that ask for it or act on it follow. */
export function renameField(draft: Definition, from: string, to: string): Definition {
  if (from === to || !isKey(to) || fieldKeys(draft).has(to)) return draft;
  const renamed = changeField(draft, from, { key: to });
  return { ...renamed, rules: (draft.rules ?? []).map((rule) => mapRule(rule, (key) => (key === from ? to : key))) };
}

function mapRule(rule: Rule, key: (field: string) => string): Rule {
  const when = (condition: Condition): Condition => {
    if ("all" in condition) return { all: condition.all.map(when) };
    if ("any" in condition) return { any: condition.any.map(when) };
    if ("not" in condition) return { not: when(condition.not) };
    return { ...condition, field: key(condition.field) };
  };
  return {
    when: when(rule.when),
    then: rule.then.map((action) => (action.action === "jump" ? action : { ...action, target: key(action.target) })),
  };
}

/** Another kind of field under the same name: what does not fit the new kind goes. */
export function retypeField(draft: Definition, key: string, type: FieldType, options: Field["options"]): Definition {
  const field = findField(draft, key);
  if (!field || field.type === type) return draft;
  const common: Field = {
    key,
    type,
    label: field.label,
    help: field.help,
    required: hasAnswer(type) && type !== "hidden" ? field.required : undefined,
    hidden: type === "hidden" ? undefined : field.hidden,
    placeholder: isTyped(type) || type === "number" || type === "select" ? field.placeholder : undefined,
    options: hasOptions(type) ? (field.options ?? options) : undefined,
    text: type === "section" || type === "consent" ? field.text : undefined,
    maps_to: field.maps_to && targetsOf(type).includes(field.maps_to) ? field.maps_to : undefined,
    ...(isTyped(type) && isTyped(field.type) && { min_length: field.min_length, max_length: field.max_length }),
  };
  return {
    ...draft,
    steps: draft.steps.map((step) => ({
      ...step,
      fields: step.fields.map((other) => (other.key === key ? pruned(common) : other)),
    })),
  };
}

/** What of a contact a field of this kind can fill. */
export function targetsOf(type: FieldType): readonly string[] {
  const words = ["first_name", "last_name", "name", "company"];
  if (type === "email") return ["email"];
  if (type === "phone") return ["phone"];
  if (type === "hidden") return [...words, "email", "phone"];
  return type === "text" || type === "select" || type === "radio" ? words : [];
}

/** Rules that would speak of nothing go with the field. */
export function removeField(draft: Definition, key: string): Definition {
  const steps = draft.steps.map((step) => ({ ...step, fields: step.fields.filter((field) => field.key !== key) }));
  return { ...draft, steps, rules: withoutMentions(draft.rules ?? [], (other) => other === key) };
}

function withoutMentions(rules: Rule[], gone: (key: string) => boolean, step?: string): Rule[] {
  const clean = (condition: Condition): Condition | undefined => {
    if ("all" in condition || "any" in condition) {
      const parts = ("all" in condition ? condition.all : condition.any).flatMap((part) => clean(part) ?? []);
      if (parts.length === 0) return undefined;
      return "all" in condition ? { all: parts } : { any: parts };
    }
    if ("not" in condition) {
      const inner = clean(condition.not);
      return inner && { not: inner };
    }
    return gone(condition.field) ? undefined : condition;
  };
  return rules.flatMap((rule) => {
    const when = mentions(rule.when, gone) ? clean(rule.when) : rule.when;
    const then = rule.then.filter((action) =>
      action.action === "jump" ? action.from !== step && action.target !== step : !gone(action.target),
    );
    return when && then.length > 0 ? [{ when, then }] : [];
  });
}

export function mentions(condition: Condition, fits: (key: string) => boolean): boolean {
  if ("all" in condition) return condition.all.some((part) => mentions(part, fits));
  if ("any" in condition) return condition.any.some((part) => mentions(part, fits));
  if ("not" in condition) return mentions(condition.not, fits);
  return fits(condition.field);
}

/** Rules that ask for a field or act on it, with their places in the list. */
export function rulesAbout(draft: Definition, key: string): { rule: Rule; index: number }[] {
  return (draft.rules ?? [])
    .map((rule, index) => ({ rule, index }))
    .filter(
      ({ rule }) =>
        mentions(rule.when, (field) => field === key) ||
        rule.then.some((action) => action.action !== "jump" && action.target === key),
    );
}

/** Hidden, and no rule is left that shows it: nobody would ever see it. */
export const isNeverShown = (draft: Definition, { key, type, hidden }: Field): boolean =>
  hidden === true &&
  type !== "hidden" &&
  !(draft.rules ?? []).some(({ then }) => then.some((action) => action.action === "show" && action.target === key));

export function duplicateField(draft: Definition, key: string): { draft: Definition; key: string } {
  const at = placeOf(draft, key);
  const field = findField(draft, key);
  if (!at || !field) return { draft, key };
  const copy = { ...field, key: unique(key, fieldKeys(draft)) };
  return { draft: insertField(draft, copy, { step: at.step, index: at.index + 1 }), key: copy.key };
}

export function addStep(draft: Definition, after: number): Definition {
  const taken = new Set([...draft.steps.map(({ key }) => key), "end"]);
  const step: Step = { key: unique(`step_${draft.steps.length + 1}`, taken), fields: [] };
  return { ...draft, steps: draft.steps.toSpliced(after + 1, 0, step) };
}

export function changeStep(draft: Definition, at: number, title: string): Definition {
  const change = ({ title: _, ...step }: Step): Step => (title === "" ? step : { ...step, title });
  return { ...draft, steps: draft.steps.map((step, index) => (index === at ? change(step) : step)) };
}

/** Jumps only lead forward: those that a move turns back would be ignored, so they go. */
export function moveStep(draft: Definition, at: number, by: 1 | -1): Definition {
  const step = draft.steps[at];
  if (!step || !draft.steps[at + by]) return draft;
  const steps = draft.steps.toSpliced(at, 1).toSpliced(at + by, 0, step);
  const index = (key: string) => (key === "end" ? steps.length : steps.findIndex((other) => other.key === key));
  const rules = (draft.rules ?? []).flatMap((rule) => {
    const then = rule.then.filter((a) => a.action !== "jump" || index(a.target) > index(a.from));
    return then.length > 0 ? [{ ...rule, then }] : [];
  });
  return { ...draft, steps, rules };
}

export function removeStep(draft: Definition, at: number): Definition {
  const step = draft.steps[at];
  if (!step || draft.steps.length === 1) return draft;
  const gone = new Set(step.fields.map(({ key }) => key));
  return {
    ...draft,
    steps: draft.steps.toSpliced(at, 1),
    rules: withoutMentions(draft.rules ?? [], (key) => gone.has(key), step.key),
  };
}

/** The same questions, whatever their number and the order of keys in them. */
export function sameDefinition(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (key, inner) => {
    if (key === "version") return undefined;
    if (inner === null || (key === "rules" && Array.isArray(inner) && inner.length === 0)) return undefined;
    if (inner && typeof inner === "object" && !Array.isArray(inner))
      return Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)));
    return inner;
  });
}
