import i18next from "i18next";
import { brought } from "./words";
import { ApiProblem, Unreachable } from "@/api/problem";

/**
 * What a problem's code means in the reader's language: among the words that are always there, or under `problem` in
 * those of a module that is on the screen. The server's English words when nobody translated it.
 */
export function sayProblem(code: string, detail?: string, address = ""): string {
  const key = ["problem", ...brought().map((module) => `${module}.problem`)]
    .map((path) => `${path}.${code}`)
    .find((path) => i18next.exists(path));
  if (key) return i18next.t(key as "problem.member_elsewhere", { address });
  return detail || code;
}

/** What an error means in the reader's language: of refused fields the first, as "fields were refused" helps nobody. */
export function sayThrown(error: unknown): string {
  if (error instanceof ApiProblem) {
    const { code, detail } = error.fields[0] ?? error;
    return sayProblem(code, detail, error.address);
  }
  return i18next.t(error instanceof Unreachable ? "error.unreachable" : "error.unknown");
}
