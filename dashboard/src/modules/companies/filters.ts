import type { Asked, ConditionOf, Op } from "../contacts/filters/model";

const MOMENT = ["after", "before"] as const;
const DATE = ["after", "before", "empty", "filled"] as const;
const WORDS = ["contains", "is", "empty", "filled"] as const;

/** What companies can be asked for, in the words of the API. */
export const FIELDS = [
  { name: "tier", kind: "choice", sayings: ["is", "isNot", "empty", "filled"] },
  { name: "owner", kind: "owner", sayings: ["is", "isNot", "empty", "filled"] },
  { name: "industry", kind: "text", sayings: WORDS },
  { name: "country", kind: "choice", sayings: ["is", "isNot", "empty", "filled"] },
  { name: "renews_on", kind: "date", sayings: DATE },
  { name: "status", kind: "choice", sayings: ["is", "isNot"] },
  { name: "name", kind: "text", sayings: ["contains", "begins"] },
  { name: "size", kind: "choice", sayings: ["is", "isNot", "empty", "filled"] },
  { name: "health", kind: "choice", sayings: ["is"] },
  { name: "domain", kind: "text", sayings: ["is", "contains", "empty"] },
  { name: "client_since", kind: "date", sayings: DATE },
  { name: "cancel_by", kind: "date", sayings: DATE },
  { name: "created_at", kind: "day", sayings: MOMENT },
  { name: "updated_at", kind: "day", sayings: MOMENT },
] as const satisfies readonly Asked[];
export type Field = (typeof FIELDS)[number];
type Condition = ConditionOf<Field["name"]>;

/** Always offered; the others come when somebody wants them. */
export const USUAL: readonly Field[] = FIELDS.slice(0, 5);

const OPS: readonly string[] = ["eq", "ne", "in", "contains", "prefix", "gte", "lt", "empty"];

/** What an address says; what the editor does not know is none of ours. */
export function parse(filter: string): Condition | undefined {
  const [, name, op = "", value = ""] = /^(\w+):(\w+):(.*)$/su.exec(filter) ?? [];
  const field = FIELDS.find((known) => known.name === name);
  if (!field || !OPS.includes(op) || value === "") return undefined;
  return { field: field.name, op: op as Op, value };
}

/** The filters with this one in the place of its field's; two ends of a time stand beside each other. */
export function put(filters: readonly string[], next: Condition): string[] {
  const timed = FIELDS.some(({ name, kind }) => name === next.field && (kind === "day" || kind === "date"));
  const rest = filters.filter((filter) => {
    const known = parse(filter);
    return (
      known?.field !== next.field || (timed && known.op !== next.op && known.op !== "empty" && next.op !== "empty")
    );
  });
  return [...rest, `${next.field}:${next.op}:${next.value}`];
}
