import type { Condition, FieldName, Op } from "./model";

const OPS: readonly string[] = ["eq", "ne", "in", "contains", "prefix", "has", "gte", "lte", "lt", "empty"];
const NAMES: readonly string[] = [
  "stage",
  "score",
  "band",
  "tier",
  "tag",
  "owner",
  "follower",
  "name",
  "company_name",
  "email",
  "phone",
  "source",
  "first_campaign",
  "last_campaign",
  "country",
  "city",
  "language",
  "last_contact_at",
  "created_at",
  "updated_at",
];

/** What an address or a view says; what the editor does not know is none of ours. */
export function parse(filter: string): Condition | undefined {
  const [, field = "", op = "", value = ""] = /^(\w+):(\w+):(.*)$/su.exec(filter) ?? [];
  if (!NAMES.includes(field) || !OPS.includes(op) || value === "") return undefined;
  return { field: field as FieldName, op: op as Op, value };
}
