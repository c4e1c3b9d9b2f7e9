import { useTranslation } from "react-i18next";
import { Page } from "@/shell/page";

export function ContactsPage() {
  const { t } = useTranslation();
  return <Page title={t("contacts.title")}>…</Page>;
}
