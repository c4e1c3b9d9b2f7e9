import { conditionsOf } from "../contacts/filters/reading";
import type { Asked } from "../contacts/filters/model";

const MOMENT = ["after", "before"] as const;
const DATE = ["after", "before", "empty", "filled"] as const;
const WORDS = ["is", "contains", "empty", "filled"] as const;

/** What deals can be asked for, in the words of the API; `word` is what a field is called. */
export const FIELDS = [
  { name: "stage", kind: "choice", sayings: ["is", "isNot"], word: "stage" },
  { name: "source", kind: "text", sayings: WORDS, word: "source" },
  { name: "created_at", kind: "day", sayings: MOMENT, word: "created_at" },
  { name: "first_campaign", kind: "text", sayings: WORDS, word: "first_campaign" },
  { name: "last_campaign", kind: "text", sayings: WORDS, word: "last_campaign" },
  { name: "first_source", kind: "text", sayings: WORDS, word: "first_source" },
  { name: "last_source", kind: "text", sayings: WORDS, word: "last_source" },
  { name: "closed_on", kind: "date", sayings: DATE, word: "closed_on" },
  { name: "reason", kind: "text", sayings: WORDS, word: "reason" },
  { name: "next_step_on", kind: "date", sayings: DATE, word: "step_on" },
  { name: "starts_on", kind: "date", sayings: DATE, word: "starts_on" },
  { name: "ends_on", kind: "date", sayings: DATE, word: "ends_on" },
  { name: "stage_since", kind: "day", sayings: MOMENT, word: "stage_since" },
  { name: "updated_at", kind: "day", sayings: MOMENT, word: "updated_at" },
] as const satisfies readonly (Asked & { word: string })[];
export type Field = (typeof FIELDS)[number];

/** Always offered; the others come when somebody wants them. */
export const USUAL: readonly Field[] = FIELDS.slice(0, 3);

export const { parse, put } = conditionsOf(FIELDS, ["eq", "ne", "in", "contains", "gte", "lt", "empty"]);

/** Amounts between two ends, in minor units of one currency: what a thousand is worth depends on what it is a thousand of. */
export interface Amounts {
  currency: string;
  from?: number;
  to?: number;
}

const AMOUNTS = /^(currency:eq:([A-Z]{3})|amount:(gte|lte):(\d{1,15}))$/;

/** The ends that filters say; none when they say no end, or not of which currency. */
export function amountsOf(filters: readonly string[]): Amounts | undefined {
  let currency: string | undefined;
  const ends: Omit<Amounts, "currency"> = {};
  for (const filter of filters) {
    const [, , code, end, value] = AMOUNTS.exec(filter) ?? [];
    if (code) currency = code;
    if (end) ends[end === "gte" ? "from" : "to"] = Number(value);
  }
  return currency && (ends.from !== undefined || ends.to !== undefined) ? { currency, ...ends } : undefined;
}

/** The filters with these ends in the place of others, or with none. */
export function putAmounts(filters: readonly string[], next: Amounts | undefined): string[] {
  const rest = filters.filter((filter) => !/^(amount|currency):/.test(filter));
  if (!next || (next.from === undefined && next.to === undefined)) return rest;
  return [
    ...rest,
    `currency:eq:${next.currency}`,
    ...(next.from === undefined ? [] : [`amount:gte:${next.from}`]),
    ...(next.to === undefined ? [] : [`amount:lte:${next.to}`]),
  ];
}
