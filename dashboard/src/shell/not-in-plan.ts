import { useTranslation } from "react-i18next";
import type { Me } from "@/app/may";
import { useModuleName } from "@/modules/team/modules";

/** What is said of a module that the account does not have, and who can add it. */
export function useNotInPlan(): (module: string, me: Me) => { title: string; text: string } {
  const { t } = useTranslation();
  const name = useModuleName();
  return (module, { tenant }) => ({
    title: t("error.notInPlan", { module: name(module) }),
    text: t(tenant.kind === "client" ? "error.askAgency" : "error.askPlatform", { place: tenant.name }),
  });
}
