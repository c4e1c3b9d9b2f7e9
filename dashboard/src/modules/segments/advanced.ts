import type { Rule } from "./catalogue";

const SAID = "rules:eq:";
/** Longest filter that the server takes. */
const LONGEST = 8_000;

/** Rules as a filter of a list. */
export const written = (rule: Rule): string => SAID + JSON.stringify(rule);
export const fits = (rule: Rule): boolean => written(rule).length <= LONGEST;

/** The rules that a filter says; none when it says something else. */
export function rulesOf(filter: string): Rule | undefined {
  if (!filter.startsWith(SAID)) return undefined;
  try {
    const rule: unknown = JSON.parse(filter.slice(SAID.length));
    return rule !== null && typeof rule === "object" && "kind" in rule ? (rule as Rule) : undefined;
  } catch {
    return undefined;
  }
}
