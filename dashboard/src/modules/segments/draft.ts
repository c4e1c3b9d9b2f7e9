import { type Operator, type Related, type Rule, valuesOf } from "./catalogue";

/** A rule while it is edited: what it is told apart by stays when others come and go. */
export interface Draft {
  key: number;
  kind: Rule["kind"];
  rules: Draft[];
  record?: Related;
  field?: string;
  op?: Operator;
  values: string[];
}

let keys = 0;
const next = () => {
  keys += 1;
  return keys;
};

export const draftOf = (rule: Rule): Draft => ({
  key: next(),
  kind: rule.kind,
  rules: (rule.rules ?? []).map(draftOf),
  ...(rule.record && { record: rule.record }),
  ...(rule.field && { field: rule.field }),
  ...(rule.op && { op: rule.op }),
  values: rule.values ?? [],
});

export const group = (): Draft => ({ key: next(), kind: "all", rules: [comparison()], values: [] });
export const comparison = (): Draft => ({ key: next(), kind: "field", rules: [], values: [] });
export const related = (record: Related): Draft => ({ key: next(), kind: "has", record, rules: [], values: [] });

/** One definition is a group, whatever it was sent as. */
export const wholeOf = (rule: Rule | undefined | null): Draft => {
  if (!rule) return group();
  const draft = draftOf(rule);
  if (draft.kind === "all" || draft.kind === "any" || draft.kind === "none") return draft;
  return { key: next(), kind: "all", rules: [draft], values: [] };
};

/** The currency that a group's amounts are of, when one of its rules says so. */
export function currencyOf({ kind, rules }: Draft): string | undefined {
  if (kind === "any" || kind === "none") return undefined;
  const said = rules.find(({ field, op, values }) => field === "currency" && op === "any_of" && values.length === 1);
  const code = said?.values[0]?.trim().toUpperCase();
  return code && /^[A-Z]{3}$/.test(code) ? code : undefined;
}

/** Whether nothing is missing. */
export function isWhole(draft: Draft): boolean {
  if (draft.kind === "field") {
    if (!draft.field || !draft.op) return false;
    const wanted = valuesOf(draft.op);
    const given = draft.values.filter((value) => value.trim() !== "").length;
    return wanted === "none" || (wanted === "two" ? given === 2 : given > 0);
  }
  const asks = draft.kind !== "has" && draft.kind !== "has_not";
  return (!asks || draft.rules.length > 0) && draft.rules.every(isWhole);
}

/** In the words of the API. */
export function ruleOf(draft: Draft): Rule {
  const { kind, record, field, op } = draft;
  if (kind === "field") {
    const values = op && valuesOf(op) === "none" ? [] : draft.values.map((value) => value.trim()).filter(Boolean);
    return { kind, field: field ?? "", op: op ?? "is", ...(values.length > 0 && { values }) };
  }
  const rules = draft.rules.map(ruleOf);
  return { kind, ...(record && { record }), ...(rules.length > 0 && { rules }) };
}
