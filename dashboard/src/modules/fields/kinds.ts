/** Records that have custom fields, in the order of their tabs. */
export const RECORDS = ["contact", "company", "deal"] as const;
export type RecordKind = (typeof RECORDS)[number];
