import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { useMembers } from "@/modules/tasks/data";
import type { Rule } from "../data";

type Part = Pick<Rule, "cancel_on" | "assignee" | "member">;

/** What a rule does, as somebody would say it. */
export function useSentences() {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  const either = new Intl.ListFormat(formats.locale, { type: "disjunction" });
  const who = ({ assignee, member }: Part) =>
    t(`followups.who.${assignee}`, { name: (member && members.get(member)) ?? t("followups.field.member") });
  const unless = ({ cancel_on }: Part) =>
    cancel_on.length === 0
      ? t("followups.sentence.always")
      : t("followups.sentence.unless", {
          conditions: either.format(cancel_on.map((condition) => t(`followups.condition.${condition}`))),
        });
  const cause = (rule: Rule, stage: string) =>
    rule.cause === "activity"
      ? t("followups.sentence.activity", {
          what: t(`followups.what.${rule.activity_kind ?? "any"}`),
          from: rule.direction ? t(`followups.from.${rule.direction}`) : "",
          about: rule.topic ? t(`followups.about.${rule.topic}`) : "",
        })
          .replace(/\s+/g, " ")
          .trim()
      : t(`followups.sentence.${rule.cause}`, { stage });
  const wait = ({ wait_days: count, days, at_time: time }: Rule) =>
    [
      count === 0 ? t("followups.sentence.at_once") : t(`followups.sentence.${days}`, { count }),
      time && t("followups.sentence.time", { time }),
    ]
      .filter(Boolean)
      .join(", ");
  const makes = (rule: Rule, sequence?: string) =>
    rule.sequence
      ? t("followups.sentence.sequence", { name: sequence ?? "" })
      : t("followups.sentence.task", { title: rule.task_title, who: who(rule) });
  return { cause, wait, makes, unless, who };
}
