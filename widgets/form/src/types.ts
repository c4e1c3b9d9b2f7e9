/** The form definition as the server stores and publishes it, and the answers a visitor gives. */

export type FieldType =
  | "text"
  | "long_text"
  | "email"
  | "phone"
  | "number"
  | "date"
  | "select"
  | "multi"
  | "radio"
  | "checkbox"
  | "rating"
  | "file"
  | "hidden"
  | "consent"
  | "section";

export interface Option {
  value: string;
  label: string;
}

export interface Field {
  key: string;
  type: FieldType;
  label?: string | null;
  help?: string | null;
  placeholder?: string | null;
  required?: boolean | null;
  hidden?: boolean | null;
  options?: Option[] | null;
  min?: number | null;
  max?: number | null;
  step?: number | null;
  min_length?: number | null;
  max_length?: number | null;
  /** MIME patterns such as `image/*` or `application/pdf`. */
  accept?: string[] | null;
  max_bytes?: number | null;
  max_files?: number | null;
  default?: unknown;
  /** Shown beside a consent box or as a section's body. */
  text?: string | null;
  /** Query parameter of the host page that fills a hidden field. */
  param?: string | null;
  maps_to?: string | null;
}

export interface Step {
  key: string;
  title?: string | null;
  fields: Field[];
}

export type Op = "eq" | "ne" | "in" | "contains" | "gt" | "gte" | "lt" | "lte" | "empty" | "filled";

export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { field: string; op: Op; value?: unknown };

export type Action =
  | { action: "show" | "hide" | "require" | "optional"; target: string }
  | { action: "jump"; from: string; target: string };

export interface Rule {
  when: Condition;
  then: Action[];
}

export type Outcome =
  | { kind: "message"; title?: string | null; body?: string | null }
  | { kind: "redirect"; url: string };

export interface Form {
  version: number;
  title?: string | null;
  description?: string | null;
  submit_label?: string | null;
  steps: Step[];
  rules?: Rule[] | null;
  outcome?: Outcome | null;
}

/** One answer on the wire. The engine treats every value as unknown: a visitor can send anything. */
export type Answer = string | number | boolean | string[] | null;
export type Answers = Record<string, unknown>;

/** Why an answer was refused; the server uses the same words. */
export type Code =
  | "required"
  | "type"
  | "too_short"
  | "too_long"
  | "email"
  | "phone"
  | "number"
  | "too_small"
  | "too_large"
  | "step"
  | "date"
  | "option"
  | "too_many"
  | "consent";

export interface Evaluation {
  /** Keys, in definition order, of fields that are shown (or carried, for hidden ones) on a step of the path. */
  visible: string[];
  /** The part of `visible` that must be answered. */
  required: string[];
  /** Step keys the visitor walks through, in order. */
  path: string[];
}

export interface Result extends Evaluation {
  errors: Record<string, Code>;
  /** Non-empty, trimmed answers of visible fields: what is kept as the submission. */
  stored: Record<string, unknown>;
}
