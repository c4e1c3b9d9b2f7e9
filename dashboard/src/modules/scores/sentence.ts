import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { type FieldSpec, type Related, RELATED, type Rule, valuesOf } from "../segments/catalogue";
import { useChoicesOf, useFields, useNameOf } from "../segments/fields";
import type { ScoreRule } from "./data";

/** What a rule of scores says, as somebody would say it. */
export function useSentence(): (rule: ScoreRule) => string {
  const { t } = useTranslation();
  const formats = useFormats();
  const own = useFields(undefined);
  const nameOf = useNameOf();
  const choicesOf = useChoicesOf();
  const either = new Intl.ListFormat(formats.locale, { type: "disjunction" });

  const sayValue = (field: FieldSpec, value: string) => {
    const known = choicesOf(field).find((choice) => choice.value === value)?.label;
    if (known) return known;
    // Ids of what is gone mean nothing to anybody.
    if (/^[a-z]{3}_\w{26}$/.test(value)) return t("segments.gone");
    return field.kind === "day" && /^\d{4}-/.test(value) ? formats.when(`${value}T12:00:00Z`) : value;
  };
  const leaf = ({ field, op, values = [] }: Rule, within: Related | undefined) => {
    const spec = (within ? RELATED[within] : own).find(({ name }) => name === field);
    if (!spec || !op) return t("segments.gone");
    const said = values.map((value) => sayValue(spec, value));
    const wanted = valuesOf(op);
    const text =
      wanted === "two"
        ? said.join(t("scores.and"))
        : wanted === "days"
          ? `${said[0]} ${t("segments.days", { count: Number(said[0]) })}`
          : wanted === "none"
            ? ""
            : op === "all_of"
              ? formats.list(said)
              : either.format(said);
    return [nameOf(spec, within), t(`segments.op.${op}`), text].filter(Boolean).join(" ");
  };
  const describe = (rule: Rule, within?: Related): string => {
    const inner = (rule.rules ?? []).map((one) => describe(one, rule.record ?? within));
    switch (rule.kind) {
      case "field":
        return leaf(rule, within);
      case "any":
        return inner.length > 1 ? `(${inner.join(t("scores.or"))})` : inner.join("");
      case "none":
        return t("scores.not", { what: inner.join(t("scores.or")) });
      case "has":
      case "has_not": {
        const first = t(`segments.${rule.kind}.${rule.record ?? "deal"}`);
        return inner.length > 0 ? `${first} (${inner.join(t("scores.and"))})` : first;
      }
      default:
        return inner.join(t("scores.and"));
    }
  };
  return (rule) => {
    const { definition, half_life_days: half, within_days: within } = rule;
    if (rule.kind === "fit") return describe(definition);
    const record = definition.record ?? "activity";
    const inner = (definition.rules ?? []).map((one) => describe(one, record));
    const what = t(`scores.each.${record}`);
    return [
      inner.length > 0 ? `${what} (${inner.join(t("scores.and"))})` : what,
      t("scores.atMost", { count: rule.most }),
      half && t("scores.halves", { count: half }),
      within && t("scores.lasts", { count: within }),
    ]
      .filter(Boolean)
      .join(", ");
  };
}
