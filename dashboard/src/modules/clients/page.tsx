import { useTranslation } from "react-i18next";
import { Page } from "@/shell/page";

export function ClientsPage() {
  const { t } = useTranslation();
  return <Page title={t("clients.title")}>…</Page>;
}
