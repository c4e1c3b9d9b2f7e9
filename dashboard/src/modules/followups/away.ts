import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { useMembers } from "@/modules/tasks/data";
import { dayInFull } from "@/modules/tasks/when";
import type { FollowUp } from "./data";

/** What becomes of a follow-up whose assignee is away on its day; nothing while he is there. */
export function useAway(): (one: FollowUp) => string | undefined {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  return ({ away_until, stand_in }) => {
    if (!away_until) return undefined;
    const day = dayInFull(away_until, formats.locale);
    if (!stand_in) return t("followups.awayUntil", { day });
    return t("followups.awayStandIn", { day, name: members.get(stand_in) ?? t("followups.mine.somebody") });
  };
}
