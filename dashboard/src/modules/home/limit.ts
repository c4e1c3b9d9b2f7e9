/** What a plan limits. */
const LIMITS = ["clients", "contacts", "members", "widgets"] as const;
/** A limit that has a word of its own. */
export const limitName = (name: string | null): (typeof LIMITS)[number] | "other" =>
  LIMITS.find((known) => known === name) ?? "other";
