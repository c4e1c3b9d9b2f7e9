import { parse } from "./parse";
export { parse } from "./parse";

/** A condition, in the words of the API: `field:op:value`. */
export interface ConditionOf<Name extends string> {
  field: Name;
  op: Op;
  value: string;
}
export type Condition = ConditionOf<FieldName>;

export type Op = "eq" | "ne" | "in" | "contains" | "prefix" | "has" | "gte" | "lte" | "lt" | "empty";
/** What one can say about a field: the operators, as a person chooses them. */
export type Saying =
  | "is"
  | "isNot"
  | "contains"
  | "begins"
  | "has"
  | "after"
  | "before"
  | "atLeast"
  | "atMost"
  | "empty"
  | "filled";

/** A field that can be asked about: what it is and what one can say about it. A `day` is one of a moment, a `date` has none. */
export interface Asked {
  name: string;
  kind: "text" | "stage" | "owner" | "tag" | "choice" | "day" | "date" | "number" | "band" | "tier";
  sayings: readonly Saying[];
}

/** Its values are a list. */
export const isListed = ({ kind }: Asked): boolean => !["text", "day", "date", "number"].includes(kind);

export interface Field extends Asked {
  name: FieldName;
  /** Its name in the words of the module. */
  word:
    | "stage"
    | "score"
    | "band"
    | "tier"
    | "tag"
    | "owner"
    | "follower"
    | "name"
    | "company"
    | "email"
    | "phone"
    | "source"
    | "campaign"
    | "lastCampaign"
    | "country"
    | "city"
    | "language"
    | "lastContact"
    | "createdAt"
    | "updatedAt";
}

export type FieldName =
  | "stage"
  | "score"
  | "band"
  | "tier"
  | "tag"
  | "owner"
  | "follower"
  | "name"
  | "company_name"
  | "email"
  | "phone"
  | "source"
  | "first_campaign"
  | "last_campaign"
  | "country"
  | "city"
  | "language"
  | "last_contact_at"
  | "created_at"
  | "updated_at";

export const FIELDS: readonly Field[] = [
  { name: "stage", kind: "stage", sayings: ["is", "isNot"], word: "stage" },
  { name: "tag", kind: "tag", sayings: ["has", "empty", "filled"], word: "tag" },
  { name: "owner", kind: "owner", sayings: ["is", "isNot", "empty", "filled"], word: "owner" },
  { name: "follower", kind: "owner", sayings: ["is"], word: "follower" },
  { name: "name", kind: "text", sayings: ["contains", "begins"], word: "name" },
  { name: "company_name", kind: "text", sayings: ["contains", "is", "empty", "filled"], word: "company" },
  { name: "email", kind: "text", sayings: ["contains", "is", "empty", "filled"], word: "email" },
  { name: "phone", kind: "text", sayings: ["contains", "empty", "filled"], word: "phone" },
  { name: "source", kind: "text", sayings: ["is", "contains", "empty"], word: "source" },
  { name: "first_campaign", kind: "text", sayings: ["is", "contains", "empty", "filled"], word: "campaign" },
  { name: "last_campaign", kind: "text", sayings: ["is", "contains", "empty", "filled"], word: "lastCampaign" },
  { name: "country", kind: "choice", sayings: ["is", "isNot", "empty", "filled"], word: "country" },
  { name: "city", kind: "text", sayings: ["is", "begins", "empty", "filled"], word: "city" },
  { name: "language", kind: "choice", sayings: ["is", "isNot", "empty", "filled"], word: "language" },
  { name: "last_contact_at", kind: "day", sayings: ["after", "before", "empty", "filled"], word: "lastContact" },
  { name: "score", kind: "number", sayings: ["atLeast", "atMost"], word: "score" },
  { name: "band", kind: "band", sayings: ["is", "isNot"], word: "band" },
  { name: "tier", kind: "tier", sayings: ["is", "isNot", "empty", "filled"], word: "tier" },
  { name: "created_at", kind: "day", sayings: ["after", "before"], word: "createdAt" },
  { name: "updated_at", kind: "day", sayings: ["after", "before"], word: "updatedAt" },
];

/** Always offered; the others come when somebody wants them. */
export const USUAL_FIELDS: readonly FieldName[] = ["stage", "tag", "owner"];

export const fieldOf = (name: FieldName): Field => FIELDS.find((field) => field.name === name) as Field;

export const written = ({ field, op, value }: ConditionOf<string>): string => `${field}:${op}:${value}`;

export function sayingOf({ field, op, value }: ConditionOf<string>): Saying {
  if (op === "empty") return value === "true" ? "empty" : "filled";
  if (op === "gte" && FIELDS.find(({ name }) => name === field)?.kind === "number") return "atLeast";
  return (
    {
      eq: "is",
      in: "is",
      ne: "isNot",
      contains: "contains",
      prefix: "begins",
      has: "has",
      gte: "after",
      lte: "atMost",
      lt: "before",
    } as const
  )[op];
}

/** Values of a condition that names several. */
export const valuesOf = ({ op, value }: ConditionOf<string>): string[] => (op === "in" ? value.split(",") : [value]);

/** The condition that says this; none while its value is missing. */
export function condition<Name extends string>(
  field: Name,
  saying: Saying,
  values: readonly string[],
): ConditionOf<Name> | undefined {
  if (saying === "empty" || saying === "filled") return { field, op: "empty", value: String(saying === "empty") };
  const given = values.map((value) => value.trim()).filter(Boolean);
  const [first] = given;
  if (first === undefined) return undefined;
  if (saying === "is" && given.length > 1) return { field, op: "in", value: given.join(",") };
  const op = {
    is: "eq",
    isNot: "ne",
    contains: "contains",
    begins: "prefix",
    has: "has",
    after: "gte",
    before: "lt",
    atLeast: "gte",
    atMost: "lte",
  } as const;
  return { field, op: op[saying], value: first };
}

/** The filters with this one in the place of its field's; tags stand beside each other, and so do two ends of a time. */
export function put(filters: readonly string[], next: Condition): string[] {
  const same = (filter: string) => {
    const known = parse(filter);
    if (known?.field !== next.field) return false;
    if (known.field === "tag") return known.value === next.value || known.op !== next.op;
    if (known.op === "empty" || next.op === "empty") return true;
    return ["day", "number"].includes(fieldOf(next.field).kind) ? known.op === next.op : true;
  };
  const at = filters.findIndex(same);
  const rest = filters.filter((filter) => !same(filter));
  rest.splice(at < 0 ? rest.length : at, 0, written(next));
  return rest;
}
