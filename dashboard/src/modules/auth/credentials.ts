import type { StandardSchemaV1 } from "@standard-schema/spec";

/** What an address looks like. */
export const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/u;
/** Digits of an authenticator; a recovery code is longer. */
export const DIGITS = 6;

/** By hand: whoever is on his way in waits for no library. All other schemas are `zod`'s, `schemas.ts`. */
function schema<V extends Record<string, string>>(
  tidy: (typed: V) => V,
  wrong: (value: V) => { [K in keyof V]: string | false },
): StandardSchemaV1<V> {
  const validate = (typed: unknown): StandardSchemaV1.Result<V> => {
    const value = tidy(typed as V);
    const issues = Object.entries(wrong(value)).flatMap(([key, code]) =>
      code ? [{ message: code, path: [key] }] : [],
    );
    return issues.length > 0 ? { issues } : { value };
  };
  return { "~standard": { version: 1, vendor: "upzento", validate } };
}

export const credentials = schema<{ email: string; password: string }>(
  ({ email, password }) => ({ email: email.trim(), password }),
  ({ email, password }) => ({
    email: email === "" ? "required" : !ADDRESS.test(email) && "email_invalid",
    password: password === "" && "required",
  }),
);
export const second = schema<{ code: string }>(
  ({ code }) => ({ code: code.trim() }),
  ({ code }) => ({ code: code.length < DIGITS && "digits" }),
);
