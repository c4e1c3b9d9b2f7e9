import type { Schema } from "@/api/client";

export type Rule = Schema["SegmentRule"];
export type Operator = Schema["Operator"];
export type Related = Schema["RelatedRecord"];
/** A list, besides that of contacts, that rules narrow: they ask for what stands in its rows. */
export type ListOf = "deals" | "companies";
/** Whose fields are meant, when they are not those of a contact. */
export type Row = Related | ListOf;

/** What a field holds, as far as it is asked for differently. */
export type Kind =
  | "text"
  | "long"
  | "word"
  /** One of a few that is always known. */
  | "among"
  | "words"
  | "free"
  | "stage"
  | "owner"
  | "tags"
  | "number"
  | "money"
  | "day"
  | "yearly"
  | "flag"
  | "pipeline"
  | "pipeline_stage"
  | "form";

export interface FieldSpec {
  name: string;
  kind: Kind;
  /** Words of a closed list; their names are in the words of this module. */
  options?: readonly string[];
  /** Choices of a field that the tenant defined. */
  choices?: readonly { value: string; label: string }[];
  /** Its name, of one that the tenant defined. */
  label?: string;
  /** Of an amount whose currency is always the same. */
  currency?: string;
  /** An amount in the account's own currency, whatever is said beside it. */
  home?: true;
}

const of = (kind: Kind, ...names: string[]): FieldSpec[] => names.map((name) => ({ name, kind }));
const word = (name: string, ...options: string[]): FieldSpec => ({ name, kind: "word", options });

/** Fields of a contact, the most asked for first. */
export const CONTACT: readonly FieldSpec[] = [
  ...of("stage", "stage"),
  ...of("number", "score"),
  word("band", "cold", "warm", "hot"),
  word("tier", "bronze", "silver", "gold", "platinum"),
  ...of("tags", "tags"),
  ...of("owner", "owner"),
  ...of("free", "source"),
  ...of("day", "created_at", "last_contact_at"),
  ...of("yearly", "birthday"),
  word("do_not_contact", "email", "sms", "phone", "whatsapp", "all"),
  ...of("text", "name", "first_name", "last_name", "company_name", "job_title", "email", "phone", "city", "region"),
  ...of("text", "postal_code"),
  ...of("free", "country", "language", "zone"),
  ...of("text", "first_touch.source", "first_touch.medium", "first_touch.campaign"),
  ...of("text", "last_touch.source", "last_touch.medium", "last_touch.campaign"),
  ...of("day", "updated_at"),
];

export const RELATED: Record<Related, readonly FieldSpec[]> = {
  deal: [
    word("status", "open", "won", "lost", "abandoned"),
    ...of("money", "amount"),
    ...of("pipeline", "pipeline"),
    ...of("pipeline_stage", "stage"),
    ...of("owner", "owner"),
    ...of("text", "title"),
    ...of("day", "expected_close", "closed_at", "created_at", "stage_since", "next_step_on"),
    word("role", "decision_maker", "influencer", "user", "billing", "other"),
    ...of("free", "source", "currency"),
  ],
  company: [
    ...of("text", "name", "industry"),
    word("status", "prospect", "active", "inactive", "former", "blacklisted"),
    word("tier", "bronze", "silver", "gold", "platinum"),
    word("size", "1", "2-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001+"),
    ...of("free", "country"),
    ...of("owner", "owner"),
    { name: "role", kind: "words", options: ["decision_maker", "technical", "billing"] },
    ...of("money", "annual_value", "monthly_revenue"),
    ...of("day", "renews_on", "client_since"),
  ],
  task: [
    word("status", "open", "done", "skipped"),
    ...of("flag", "overdue"),
    ...of("day", "due_on", "closed_at"),
    ...of("owner", "assignee"),
    word("kind", "task", "call", "email", "message", "meeting", "proposal", "invoice"),
  ],
  activity: [
    word("kind", "call", "meeting", "email", "whatsapp", "sms", "message", "other"),
    word("direction", "outbound", "inbound"),
    ...of("day", "occurred_at"),
  ],
  submission: [...of("form", "form"), ...of("day", "submitted_at")],
};

const home = (...names: string[]): FieldSpec[] => names.map((name) => ({ name, kind: "money", home: true }));
const own = (record: "deal" | "company") => RELATED[record].filter(({ name }) => name !== "role");

/** What rows of other lists can be asked for: what is asked of such a record elsewhere, and more. */
export const LISTED: Record<ListOf, readonly FieldSpec[]> = {
  deals: [
    ...own("deal"),
    ...of("day", "touched_at", "updated_at", "closed_on", "starts_on", "ends_on"),
    ...of("text", "reason", "first_source", "first_campaign", "last_source", "last_campaign"),
  ],
  companies: [
    ...own("company"),
    { name: "health", kind: "among", options: ["good", "fair", "poor", "unknown"] },
    ...home("lifetime_value", "contract_value", "recurring_revenue"),
    ...of("day", "cancel_by", "created_at", "updated_at"),
    ...of("text", "domain"),
    ...of("free", "currency"),
  ],
};

/** The record that a row is of. */
export const recordOf = (row: Row): Related => (row === "deals" ? "deal" : row === "companies" ? "company" : row);

const EMPTY: readonly Operator[] = ["empty", "not_empty"];
const CHOICE: readonly Operator[] = ["any_of", "none_of", ...EMPTY];

/** How a field can be compared, the usual way first. */
export function operatorsOf(kind: Kind): readonly Operator[] {
  switch (kind) {
    case "text":
      return ["contains", "not_contains", "is", "is_not", "starts_with", "ends_with", ...EMPTY];
    case "long":
      return ["contains", "not_contains", ...EMPTY];
    case "among":
      return ["any_of", "none_of"];
    case "tags":
    case "words":
      return ["any_of", "all_of", "none_of", ...EMPTY];
    case "number":
    case "money":
      return ["at_least", "at_most", "above", "below", "between", "is", "is_not", ...EMPTY];
    case "day":
      return [
        "in_last_days",
        "more_than_days_ago",
        "in_next_days",
        "more_than_days_ahead",
        "today",
        "this_week",
        "this_month",
        "last_month",
        "next_month",
        "this_year",
        "on",
        "before",
        "after",
        "between",
        ...EMPTY,
      ];
    case "yearly":
      return ["in_next_days", "today", "this_week", "this_month", "next_month", "last_month", "in_last_days", ...EMPTY];
    case "flag":
      return ["yes", "no"];
    default:
      return CHOICE;
  }
}

/** How many values an operator takes. */
export function valuesOf(op: Operator): "none" | "one" | "two" | "days" | "many" {
  if (op === "between") return "two";
  if (["in_last_days", "in_next_days", "more_than_days_ago", "more_than_days_ahead"].includes(op)) return "days";
  if (["any_of", "all_of", "none_of"].includes(op)) return "many";
  if (
    [
      "is",
      "is_not",
      "contains",
      "not_contains",
      "starts_with",
      "ends_with",
      "below",
      "at_most",
      "above",
      "at_least",
      "on",
      "before",
      "after",
    ].includes(op)
  )
    return "one";
  return "none";
}
