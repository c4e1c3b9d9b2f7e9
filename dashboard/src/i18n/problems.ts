import i18next from "i18next";

/** What a problem's code means in the reader's language; the server's English words when nobody translated it. */
export function sayProblem(code: string, detail?: string): string {
  const key = `problem.${code}`;
  if (i18next.exists(key)) return i18next.t(key as "problem.required");
  return detail || code;
}
