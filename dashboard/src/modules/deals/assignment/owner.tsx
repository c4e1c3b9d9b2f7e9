import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMe } from "@/app/may";
import { useMembers } from "../data";
import { rules } from "./data";

/** Nobody shall have it, whatever the rules say. */
export const NOBODY = "nobody";

/** Whether rules give a new deal to somebody when nobody is named; `undefined` until that is known. */
export function useRuled(): boolean | undefined {
  // Whoever does not see all deals gets what he makes.
  const all = useMe()?.grants["deals.write"] === "all";
  const given = useQuery({ ...rules, enabled: all });
  return given.isLoading ? undefined : (given.data?.some(({ enabled }) => enabled) ?? false);
}

/** Who may have a new deal: whomever the rules choose, nobody, or a member. */
export function OwnerOptions({ ruled }: { ruled: boolean | undefined }) {
  const { t } = useTranslation();
  const members = useMembers();
  return (
    <>
      {ruled && <option value="">{t("deals.assignment.auto")}</option>}
      <option value={ruled ? NOBODY : ""}>{t("deals.nobody")}</option>
      {[...members].map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </>
  );
}

/** The owner of a deal that is made of a contact, as it is sent: a member, nobody, or whomever the rules choose. */
export function ownerOf(chosen: string, ruled: boolean): { owner: string | null } | { by_rules: true } {
  if (chosen === "" && ruled) return { by_rules: true };
  return { owner: chosen === "" || chosen === NOBODY ? null : chosen };
}
