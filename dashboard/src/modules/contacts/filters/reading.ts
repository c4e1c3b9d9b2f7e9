import type { Asked, ConditionOf, Op } from "./model";

/** How filters of a list are read from an address, and changed there. */
export function conditionsOf<Name extends string>(fields: readonly (Asked & { name: Name })[], ops: readonly string[]) {
  /** What an address says; what the editor does not know is none of ours. */
  function parse(filter: string): ConditionOf<Name> | undefined {
    const [, name, op = "", value = ""] = /^(\w+):(\w+):(.*)$/su.exec(filter) ?? [];
    const field = fields.find((known) => known.name === name);
    if (!field || !ops.includes(op) || value === "") return undefined;
    return { field: field.name, op: op as Op, value };
  }
  /** The filters with this one in the place of its field's; two ends of a time stand beside each other. */
  function put(filters: readonly string[], next: ConditionOf<Name>): string[] {
    const timed = fields.some(({ name, kind }) => name === next.field && (kind === "day" || kind === "date"));
    const rest = filters.filter((filter) => {
      const known = parse(filter);
      return (
        known?.field !== next.field || (timed && known.op !== next.op && known.op !== "empty" && next.op !== "empty")
      );
    });
    return [...rest, `${next.field}:${next.op}:${next.value}`];
  }
  return { parse, put };
}
