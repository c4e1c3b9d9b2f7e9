import * as fc from "fast-check";
import { expect, test } from "vitest";
import { accentOf, contrast, readableOn } from "@/modules/brand/colour";
import { differing, type Grants, REACHES, reachOf, withReach, withReaches } from "@/modules/team/matrix";

const NAMES = ["contacts.read", "contacts.write", "contacts.export", "identity.members.read", "identity.roles.write"];
const pattern = fc.constantFrom("*", "*.read", "*.export", "contacts.*", "identity.*", "identity.members.*", ...NAMES);
const grants: fc.Arbitrary<Grants> = fc.dictionary(pattern, fc.constantFrom(...REACHES));

test("the most specific entry decides, as on the server", () => {
  const staff: Grants = { "*.read": "all", "contacts.*": "team", "*.export": "no" };
  expect(reachOf(staff, "contacts.read")).toBe("team");
  expect(reachOf(staff, "contacts.export")).toBe("no");
  expect(reachOf(staff, "identity.members.read")).toBe("all");
  expect(reachOf(staff, "identity.roles.write")).toBe("no");
});

test("a change of one permission changes that one and no other, and taken back leaves nothing", () => {
  fc.assert(
    fc.property(grants, fc.constantFrom(...NAMES), fc.constantFrom(...REACHES), (before, name, reach) => {
      const after = withReach(before, name, reach);
      expect(reachOf(after, name)).toBe(reach);
      expect(differing(before, after, NAMES).filter((other) => other !== name)).toEqual([]);
      expect(differing(before, withReach(after, name, reachOf(before, name)), NAMES)).toEqual([]);
    }),
  );
});

test("what was chosen stands on a role that somebody else changes meanwhile, and nothing else of it is touched", () => {
  const chosen = fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom(...REACHES));
  fc.assert(
    fc.property(grants, chosen, (theirs, mine) => {
      const after = withReaches(theirs, mine);
      for (const name of NAMES) expect(reachOf(after, name)).toBe(mine[name] ?? reachOf(theirs, name));
    }),
  );
});

test("a brand colour becomes a hue that we know", () => {
  expect(accentOf("#ff0000")?.hue).toBe(29);
  expect(accentOf("#0000ff")?.hue).toBe(264);
  expect(accentOf("#808080")?.strength).toBe(0);
  expect(accentOf("red")).toBeUndefined();
});

// Between white and near-black there is a grey on which both reach 4.35.
test("text on any colour reads", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (n) => {
      const hex = `#${n.toString(16).padStart(6, "0")}`;
      expect(contrast(hex, readableOn(hex))).toBeGreaterThan(4.3);
    }),
  );
});
