import type { Schema } from "@/api/client";

/** What a device dials: the first number in its international form, or as it was typed where it has none. */
export const dialled = ({ phones: [first] }: Pick<Schema["Contact"], "phones">): string | undefined =>
  (first?.e164 ?? first?.number)?.replace(/[^\d+*#]/g, "");
