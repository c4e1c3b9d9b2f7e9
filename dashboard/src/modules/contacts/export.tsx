import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useMay } from "@/app/may";
import { ExportButton } from "@/ui/export";
import type { Listed } from "./search";

/** The list with its words and filters as a file for a spreadsheet. */
export function Export({ what }: { what: Listed }) {
  const { t } = useTranslation();
  const allowed = useMay("contacts.export");
  const { q, filter, deleted } = what;
  const query = { filter, ...(q && { q }) };
  if (!allowed || deleted) return null;
  return (
    <ExportButton
      name="contacts"
      label={t("contacts.export")}
      load={() => ok(api.GET("/v1/contacts/export", { params: { query }, parseAs: "blob" }))}
      className="max-md:hidden"
    />
  );
}
