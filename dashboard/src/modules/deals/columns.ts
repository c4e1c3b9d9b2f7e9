/** What a table of deals can show beside the title; values of the tenant's own fields come by their keys. */
export const PLAIN = [
  "company",
  "contacts",
  "stage",
  "amount",
  "expected_close",
  "owner",
  "next_step",
  "next_step_on",
  "source",
  "first_source",
  "first_campaign",
  "last_source",
  "last_campaign",
  "starts_on",
  "ends_on",
  "stage_since",
  "closed_on",
  "created_at",
  "updated_at",
] as const;
export type ColumnId = (typeof PLAIN)[number] | `custom.${string}`;

export const USUAL: readonly ColumnId[] = [
  "company",
  "stage",
  "amount",
  "expected_close",
  "owner",
  "next_step",
  "updated_at",
];

export const isColumn = (id: string): id is ColumnId =>
  id.startsWith("custom.") || PLAIN.some((column) => column === id);
