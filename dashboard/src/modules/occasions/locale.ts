import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { tenant } from "@/api/queries";
import { localeOf } from "@/i18n/format";

/** The locale that days are written in. */
export function useLocale(): string {
  const { i18n } = useTranslation();
  const { data } = useQuery({ ...tenant, enabled: false });
  return localeOf(i18n.language, data?.locale, data?.country ?? undefined);
}
