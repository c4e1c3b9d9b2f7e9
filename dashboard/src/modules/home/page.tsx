import { useTranslation } from "react-i18next";
import { Page } from "@/shell/page";

export function HomePage() {
  const { t } = useTranslation();
  return <Page title={t("home.title")}>…</Page>;
}
