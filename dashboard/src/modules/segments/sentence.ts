import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { tenant } from "@/api/queries";
import { useFormats } from "@/i18n/format";
import { money } from "@/ui/money";
import { type ListOf, type Row, type Rule, valuesOf } from "./catalogue";
import { currencyOf, draftOf } from "./draft";
import { useChoicesOf, useFields, useNameOf } from "./fields";

/** Where a rule stands: of which row its fields are, and of what its amounts. */
interface Place {
  within?: Row | undefined;
  currency?: string | undefined;
}

/** Rules as a sentence, of contacts or of rows of another list: groups in each other stand in brackets. */
export function useSentence(of?: ListOf): (rule: Rule) => string {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data: account } = useQuery(tenant);
  const nameOf = useNameOf();
  const choicesOf = useChoicesOf();
  const fields = {
    contact: useFields(undefined),
    deal: useFields("deal"),
    company: useFields("company"),
    task: useFields("task"),
    activity: useFields("activity"),
    submission: useFields("submission"),
    deals: useFields("deals"),
    companies: useFields("companies"),
  };

  const comparison = (rule: Rule, { within, currency }: Place) => {
    const field = fields[within ?? "contact"].find((one) => one.name === rule.field);
    if (!field) return t("segments.gone");
    const op = rule.op ?? "is";
    const values = rule.values ?? [];
    const choices = choicesOf(field);
    const unit = field.currency ?? (field.home ? undefined : currency) ?? account?.currency ?? "EUR";
    const labels = values.map((value) =>
      field.kind === "money"
        ? money(Number(value), unit, formats.locale)
        : (choices.find((choice) => choice.value === value)?.label ?? value),
    );
    const days = valuesOf(op) === "days" ? [t("segments.days", { count: Number(values[0] ?? 0) })] : [];
    return [nameOf(field, within), t(`segments.op.${op}`), formats.list(labels), ...days].filter(Boolean).join(" ");
  };
  const joined = (rules: Rule[], word: "and" | "or", place: Place) =>
    rules
      .map((rule) => {
        const text = said(rule, place);
        return (rule.kind === "all" || rule.kind === "any") && (rule.rules?.length ?? 0) > 1 ? `(${text})` : text;
      })
      .join(` ${t(`segments.${word}`)} `);
  const said = (rule: Rule, place: Place): string => {
    const { kind, rules = [] } = rule;
    if (kind === "field") return comparison(rule, place);
    const own = currencyOf(draftOf(rule));
    const inside = { within: place.within, currency: own ?? place.currency };
    if (kind === "all") return joined(rules, "and", inside);
    if (kind === "any") return joined(rules, "or", inside);
    if (kind === "none") return `${t("segments.noneOf")} (${joined(rules, "or", inside)})`;
    const record = rule.record ?? "deal";
    const what = t(`segments.${kind}.${record}`);
    return rules.length === 0 ? what : `${what} (${joined(rules, "and", { within: record, currency: own })})`;
  };
  return (rule) => said(rule, { within: of });
}
