import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { tags } from "@/modules/contacts/data";
import { money } from "@/ui/money";
import { pipelines, useMembers } from "../data";
import type { NewRule } from "./data";

/** What a rule does, as somebody would say it; also of one that is still being written. */
export function useSentence() {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  const lines = useQuery(pipelines).data ?? [];
  const known = useQuery(tags).data ?? [];
  const either = (words: readonly string[]) =>
    new Intl.ListFormat(formats.locale, { type: "disjunction" }).format([...words]);
  const countries = new Intl.DisplayNames(formats.locale, { type: "region", fallback: "code" });
  const country = (code: string) => {
    try {
      return countries.of(code) ?? code;
    } catch {
      return code;
    }
  };
  return (rule: NewRule): string => {
    const amount = (value: number) => money(value, rule.currency ?? "", formats.locale);
    const { amount_from: from, amount_to: to, currency } = rule;
    const name = (list: readonly { id: string; name: string }[], id: string) =>
      list.find((one) => one.id === id)?.name ?? t("deals.assignment.gone");
    const parts = [
      rule.pipelines?.length &&
        t("deals.assignment.in", { names: either(rule.pipelines.map((id) => name(lines, id))) }),
      rule.sources?.length && t("deals.assignment.from", { names: either(rule.sources) }),
      currency && from != null && t("deals.assignment.atLeast", { amount: amount(from) }),
      currency && to != null && t("deals.assignment.atMost", { amount: amount(to) }),
      currency && from == null && to == null && t("deals.assignment.currency", { currency }),
      rule.countries?.length && t("deals.assignment.countries", { names: either(rule.countries.map(country)) }),
      rule.tags?.length && t("deals.assignment.tagged", { names: either(rule.tags.map((id) => name(known, id))) }),
      rule.industries?.length && t("deals.assignment.industries", { names: either(rule.industries) }),
    ].filter((part) => typeof part === "string");
    const people = rule.members.map(({ member, weight, most_open: most }) => {
      const notes = [
        (weight ?? 1) > 1 && t("deals.assignment.share", { weight: formats.count(weight ?? 1) }),
        most != null && t("deals.assignment.upTo", { count: most }),
      ].filter((note) => note !== false);
      const who = members.get(member) ?? t("deals.assignment.former");
      return notes.length > 0 ? `${who} (${notes.join(", ")})` : who;
    });
    const sentence = t(`deals.assignment.does.${rule.mode}`, {
      what: [t("deals.assignment.newDeals"), ...parts].join(" "),
      who: people.length > 0 ? formats.list(people) : "…",
    });
    // An open end is no full stop.
    return people.length > 0 ? sentence : sentence.replace("….", "…");
  };
}
