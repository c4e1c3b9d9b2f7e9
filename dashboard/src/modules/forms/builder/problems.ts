import type { FieldProblem } from "@/api/problem";
import type { Definition } from "./model";

/** Where on the screen a problem of the server belongs. */
export type Spot =
  | { kind: "field"; step: number; key: string; property: string; index?: number }
  | { kind: "step"; step: number; property: string }
  | { kind: "rule"; rule: number; part?: { kind: "then" | "when"; index: number } }
  | { kind: "outcome"; property: string }
  | { kind: "setting"; name: string }
  | { kind: "form" };

export interface Placed {
  spot: Spot;
  code: string;
  detail: string;
}

/** `/draft/steps/0/fields/2/options/1/value` is the second option of the third field of the first step. */
export function spotOf(pointer: string, draft: Definition): Spot {
  const [top, ...path] = pointer.replace(/^\//, "").split("/");
  if (top !== "draft") return top ? { kind: "setting", name: top } : { kind: "form" };
  if (path[0] === "steps" && path[1] !== undefined) {
    const step = Number(path[1]);
    const field =
      path[2] === "fields" && path[3] !== undefined ? draft.steps[step]?.fields[Number(path[3])] : undefined;
    if (field) {
      const index = path[5] === undefined ? undefined : Number(path[5]);
      return { kind: "field", step, key: field.key, property: path[4] ?? "", ...(index !== undefined && { index }) };
    }
    return { kind: "step", step, property: path[2] ?? "" };
  }
  if (path[0] === "rules" && path[1] !== undefined) {
    const kind = path[2] === "then" || path[2] === "when" ? path[2] : undefined;
    return { kind: "rule", rule: Number(path[1]), ...(kind && { part: { kind, index: Number(path[3] ?? 0) || 0 } }) };
  }
  if (path[0] === "outcome") return { kind: "outcome", property: path[1] ?? "" };
  return { kind: "form" };
}

export const place = (problems: readonly FieldProblem[], draft: Definition): Placed[] =>
  problems.map(({ field, code, detail }) => ({ spot: spotOf(field, draft), code, detail }));

/** Problems of one field, by what of it is meant. */
export function problemsOf(placed: readonly Placed[], key: string): Map<string, Placed> {
  const found = new Map<string, Placed>();
  for (const one of placed) {
    if (one.spot.kind !== "field" || one.spot.key !== key) continue;
    const name = one.spot.index === undefined ? one.spot.property : `${one.spot.property}/${one.spot.index}`;
    if (!found.has(name)) found.set(name, one);
  }
  return found;
}
