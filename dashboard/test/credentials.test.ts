import fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { credentials, second } from "@/modules/auth/credentials";
import { code, email, secret } from "@/modules/auth/schemas";

type Checked = { value?: unknown; issues?: readonly { message: string; path?: readonly unknown[] | undefined }[] };
/** What a form shows: the values, or the first code at each field. */
const shown = ({ value, issues }: Checked) =>
  issues ? Object.fromEntries([...issues].reverse().map(({ message, path }) => [path?.join("."), message])) : { value };
const typed = fc.oneof(
  fc.string(),
  fc.constantFrom("", " ", " ada@example.com ", "ada@example", "ada@@example.com", "12345", " 123456 "),
);

test("what a sign-in asks of a text is what every other form asks of it", () => {
  const library = z.object({ email, password: secret });
  fc.assert(
    fc.property(typed, typed, (email, password) => {
      const values = { email, password };
      const own = credentials["~standard"].validate(values) as Checked;
      expect(shown(own)).toEqual(shown(library["~standard"].validate(values) as Checked));
    }),
  );
});

test("and so is what it asks of a code", () => {
  const library = z.object({ code });
  fc.assert(
    fc.property(typed, (code) => {
      const own = second["~standard"].validate({ code }) as Checked;
      expect(shown(own)).toEqual(shown(library["~standard"].validate({ code }) as Checked));
    }),
  );
});
