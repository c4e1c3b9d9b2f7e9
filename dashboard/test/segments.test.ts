/** What amounts in conditions are of. */
import { describe, expect, test } from "vitest";
import { readSearch as readCompanies } from "@/modules/companies/address";
import { contentOf as companyView, searchOf as companiesOf } from "@/modules/companies/saved";
import { readSearch } from "@/modules/contacts/search";
import { filtersOf, readSearch as readDeals } from "@/modules/deals/address";
import { contentOf as dealView, searchOf as dealsOf } from "@/modules/deals/saved";
import { fits, rulesOf, written } from "@/modules/segments/advanced";
import { LISTED, operatorsOf, RELATED } from "@/modules/segments/catalogue";
import { currencyOf, draftOf, ruleOf } from "@/modules/segments/draft";

const amount = { kind: "field", field: "amount", op: "at_least", values: ["50000"] } as const;
const currency = (op: "any_of" | "none_of", ...values: string[]) =>
  ({ kind: "field", field: "currency", op, values }) as const;

describe("the currency of amounts", () => {
  test.each([
    ["one that is said beside them", "has", [amount, currency("any_of", "jpy")], "JPY"],
    ["none when several may be meant", "has", [amount, currency("any_of", "JPY", "EUR")], undefined],
    ["none when it is what is not meant", "has", [amount, currency("none_of", "JPY")], undefined],
    ["none when only one of the rules has to hold", "any", [amount, currency("any_of", "JPY")], undefined],
    ["any three letters", "all", [amount, currency("any_of", "yen")], "YEN"],
    ["none while it is typed", "all", [amount, currency("any_of", "ye")], undefined],
    ["none when nothing is said", "all", [amount], undefined],
  ] as const)("%s", (_, kind, rules, expected) => {
    const draft = draftOf({ kind, rules: rules.map((rule) => ({ ...rule, values: [...rule.values] })) });
    expect(currencyOf(draft)).toBe(expected);
  });

  test("amounts stay in minor units on their way to the server", () => {
    const draft = draftOf({ ...amount, values: ["50000"] });
    expect(ruleOf(draft)).toEqual({ ...amount, values: ["50000"] });
  });
});

describe("rules as a filter of contacts", () => {
  const rule = { kind: "any", rules: [{ kind: "field", field: "city", op: "is", values: ["Køln: a,b & ü"] }] } as const;
  const text = written({ kind: rule.kind, rules: rule.rules.map((one) => ({ ...one, values: [...one.values] })) });

  test("an address keeps them, and they are read again", () => {
    expect(rulesOf(text)).toEqual(rule);
    expect(readSearch({ f: [text, "rules:eq:x", "rules:ne:{}"] }).f).toEqual([text]);
  });

  test("lists of companies and deals take them too, with their views", () => {
    const asked = [text, "rules:eq:x", "rules:ne:{}", `x${text}`];
    const companies = readCompanies({ f: asked });
    expect(companies.f).toEqual([text]);
    expect(companiesOf({ ...companyView(companies, []), sort: null } as never).f).toEqual([text]);
    const deals = readDeals({ f: asked, owner: "nobody" });
    expect(filtersOf(deals, "2031-01-01")).toEqual(["owner:empty:true", text]);
    expect(dealsOf({ ...dealView(deals), sort: null } as never).f).toEqual([text]);
  });

  test("rows of lists are asked for nothing that stands beside them", () => {
    for (const [list, record] of [
      ["deals", "deal"],
      ["companies", "company"],
    ] as const) {
      const names = LISTED[list].map(({ name }) => name);
      expect(names).not.toContain("role");
      expect(new Set(names).size).toBe(names.length);
      for (const { name } of RELATED[record]) if (name !== "role") expect(names).toContain(name);
    }
    expect(operatorsOf("among")).toEqual(["any_of", "none_of"]);
  });

  test("what is no rule is none", () => {
    expect(["stage:eq:won", "rules:eq:", "rules:eq:{", "rules:eq:null", "rules:eq:{}"].map(rulesOf)).toEqual(
      Array(5).fill(undefined),
    );
    expect(fits({ kind: "field", field: "name", op: "is", values: ["x".repeat(8_000)] })).toBe(false);
  });
});
