import { useTranslation } from "react-i18next";
import { Page } from "@/shell/page";

export function AccountPage() {
  const { t } = useTranslation();
  return <Page title={t("account.title")}>…</Page>;
}
