import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useMay } from "@/app/may";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { sayError } from "@/ui/toast";
import { type Asked, filterOf } from "./data";

/** What the filters show, as a file for a spreadsheet. */
export function ExportLog({ asked }: { asked: Asked }) {
  const { t } = useTranslation();
  const may = useMay("privacy.audit.export");
  const { mutate, isPending } = useMutation({
    mutationFn: () => {
      const query = { filter: filterOf(asked) };
      return ok(api.GET("/v1/audit/export", { params: { query }, parseAs: "blob" }));
    },
    onSuccess: (file) => {
      const url = URL.createObjectURL(file as Blob);
      const link = document.createElement("a");
      link.href = url;
      link.download = `audit-${new Date().toISOString().slice(0, 10)}.csv`;
      link.click();
      // The browser has begun to read it by then.
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    },
    onError: (error) => sayError(t("audit.export"), sayThrown(error)),
  });
  if (!may) return null;
  return (
    <Button writes icon={<Download />} busy={isPending} onClick={() => mutate()}>
      {t("audit.export")}
    </Button>
  );
}
