import type { Schema } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import type { Pipeline } from "../data";

export type Requirement = Schema["Requirement"];

/** Fields that a stage may ask for, in the order in which they are offered. */
export const REQUIREMENTS = [
  "amount",
  "expected_close",
  "owner",
  "contacts",
  "company",
  "next_step",
  "source",
] as const satisfies readonly Requirement[];
export const MOST_STAGES = 30;
const MOST_REASONS = 50;

/** A stage as it is written; one without an id is new. */
export interface StageDraft {
  key: string;
  id?: string;
  name: string;
  probability: string;
  requires: readonly Requirement[];
  /** Keys of the tenant's own fields that it asks for too. */
  own: readonly string[];
}

/** A pipeline as it is written. */
export interface Draft {
  name: string;
  quiet_days: string;
  stages: readonly StageDraft[];
  /** One a line. */
  reasons: string;
}

/** What is wrong, by path: `name`, `stages.2.probability`. Codes of the API. */
export type Wrong = Record<string, string>;

let made = 0;
export const newStage = (): StageDraft => {
  made += 1;
  return { key: `new-${made}`, name: "", probability: "50", requires: [], own: [] };
};

export const draftOf = ({ name, quiet_days, stages, reasons }: Pipeline): Draft => ({
  name,
  quiet_days: String(quiet_days),
  stages: stages.map((stage) => ({
    key: stage.id,
    id: stage.id,
    name: stage.name,
    probability: String(stage.probability),
    requires: stage.requires,
    own: stage.requires_custom,
  })),
  reasons: reasons.join("\n"),
});

/** Whether two drafts say the same. */
export const same = (a: Draft, b: Draft): boolean => JSON.stringify(plain(a)) === JSON.stringify(plain(b));
const plain = ({ stages, ...rest }: Draft) => ({
  ...rest,
  stages: stages.map(({ id, name, probability, requires, own }) => [
    id,
    name,
    probability,
    [...requires].sort(),
    [...own].sort(),
  ]),
});

const whole = (text: string): number => (/^\d{1,4}$/.test(text.trim()) ? Number(text) : Number.NaN);
const between = (n: number, least: number, most: number) => n >= least && n <= most;
const isName = (name: string) => between([...name].length, 1, 60);

/** The pipeline as the API takes it, or what is wrong with it. */
export function readDraft(draft: Draft): { body: Required<Omit<Schema["NewPipeline"], "position">>; wrong: Wrong } {
  const wrong: Wrong = {};
  const name = draft.name.trim();
  if (!isName(name)) wrong.name = "length";
  const quiet_days = whole(draft.quiet_days);
  if (!between(quiet_days, 1, 365)) wrong.quiet_days = "days_range";
  const reasons = draft.reasons
    .split("\n")
    .map((reason) => reason.trim())
    .filter(Boolean);
  if (reasons.length > MOST_REASONS || reasons.some((reason) => [...reason].length > 100))
    wrong.reasons = "reasons_invalid";
  if (!between(draft.stages.length, 1, MOST_STAGES)) wrong.stages = "count";
  const names = new Set<string>();
  const stages = draft.stages.map((stage, index) => {
    const called = stage.name.trim();
    const folded = called.toLowerCase();
    if (!isName(called)) wrong[`stages.${index}.name`] = "length";
    else if (names.has(folded)) wrong[`stages.${index}.name`] = "stage_name_taken";
    names.add(folded);
    const probability = whole(stage.probability);
    if (!between(probability, 0, 100)) wrong[`stages.${index}.probability`] = "percent";
    const asks = { requires: [...stage.requires], requires_custom: [...stage.own] };
    return { ...(stage.id && { id: stage.id }), name: called, probability, ...asks };
  });
  return { body: { name, quiet_days, stages, reasons }, wrong };
}

/** What the server says of single fields, in the paths of the draft. */
export function refusals(error: unknown): Wrong {
  if (!(error instanceof ApiProblem)) return {};
  if (error.code === "pipeline_name_taken") return { name: error.code };
  return Object.fromEntries(error.fields.map(({ field, code }) => [field.slice(1).replaceAll("/", "."), code]));
}

/** Stages of a pipeline that a draft takes away. */
export const goneFrom = ({ stages }: Pipeline, draft: Draft): Pipeline["stages"] =>
  stages.filter(({ id }) => !draft.stages.some((stage) => stage.id === id));
