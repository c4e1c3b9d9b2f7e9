import { useMutation, useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useMay } from "@/app/may";
import { Button } from "@/ui/button";
import { sayError } from "@/ui/toast";
import { stages } from "./data";
import { type ListSearch, queryOf } from "./search";

/** The list with its filters as a file for a spreadsheet. Words that are searched for do not narrow it: the API has no such export. */
export function Export({ search }: { search: ListSearch }) {
  const { t } = useTranslation();
  const allowed = useMay("contacts.export");
  const { data: known = [] } = useQuery(stages);
  const { filter } = queryOf(search, known);
  const { mutate, isPending } = useMutation({
    mutationFn: () => ok(api.GET("/v1/contacts/export", { params: { query: { filter } }, parseAs: "blob" })),
    onSuccess: (file) => save(file as Blob, `contacts-${new Date().toISOString().slice(0, 10)}.csv`),
    onError: (error) => sayError(t("contacts.export"), error.message),
  });
  if (!allowed || search.view === "deleted" || search.q) return null;
  return (
    <Button icon={<Download />} busy={isPending} onClick={() => mutate()} className="max-xl:hidden">
      {t("contacts.export")}
    </Button>
  );
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
