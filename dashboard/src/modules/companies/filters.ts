import { conditionsOf } from "../contacts/filters/reading";
import type { Asked } from "../contacts/filters/model";

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

/** Always offered; the others come when somebody wants them. */
export const USUAL: readonly Field[] = FIELDS.slice(0, 5);

export const { parse, put } = conditionsOf(FIELDS, ["eq", "ne", "in", "contains", "prefix", "gte", "lt", "empty"]);
