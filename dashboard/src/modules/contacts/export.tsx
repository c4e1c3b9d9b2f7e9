import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useMay } from "@/app/may";
import { Button } from "@/ui/button";
import { save } from "@/ui/save";
import { say, sayError } from "@/ui/toast";
import type { Listed } from "./search";

/** The list with its words and filters as a file for a spreadsheet. */
export function Export({ what }: { what: Listed }) {
  const { t } = useTranslation();
  const allowed = useMay("contacts.export");
  const { q, filter, deleted } = what;
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      ok(api.GET("/v1/contacts/export", { params: { query: { filter, ...(q && { q }) } }, parseAs: "blob" })),
    onSuccess: (file) => {
      save(file as Blob, `contacts-${new Date().toISOString().slice(0, 10)}.csv`);
      say(t("contacts.exported"));
    },
    onError: (error) => sayError(t("contacts.export"), error.message),
  });
  if (!allowed || deleted) return null;
  return (
    <Button icon={<Download />} busy={isPending} onClick={() => mutate()} className="max-md:hidden">
      {t("contacts.export")}
    </Button>
  );
}
