import { expect, test } from "vitest";
import { NOBODY, ownerOf } from "@/modules/deals/assignment/owner";

test("whoever makes a deal of a contact says who gets it, leaves it to the rules, or says nobody", () => {
  expect(ownerOf("", true)).toEqual({ by_rules: true });
  expect(ownerOf(NOBODY, true)).toEqual({ owner: null });
  expect(ownerOf("usr_1", true)).toEqual({ owner: "usr_1" });
  // Without rules there is nothing that could decide.
  expect(ownerOf("", false)).toEqual({ owner: null });
});
