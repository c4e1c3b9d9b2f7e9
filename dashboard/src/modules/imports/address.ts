/** A step of preparing an import. */
export type Step = "columns" | "matching" | "start";
const STEPS: readonly string[] = ["columns", "matching", "start"];

export const readStep = ({ step }: Record<string, unknown>): { step?: Step } =>
  typeof step === "string" && STEPS.includes(step) ? { step: step as Step } : {};
