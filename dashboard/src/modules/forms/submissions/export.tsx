import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useMay } from "@/app/may";
import { Button } from "@/ui/button";
import { sayError } from "@/ui/toast";

/** Everything that was sent with a form, without spam, as a file for a spreadsheet. */
export function Export({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation();
  const allowed = useMay("forms.export");
  const { mutate, isPending } = useMutation({
    mutationFn: () => ok(api.GET("/v1/forms/{id}/submissions/export", { params: { path: { id } }, parseAs: "blob" })),
    onSuccess: (file) => {
      const plain =
        name
          .replace(/[^\p{L}\p{N}]+/gu, "-")
          .replace(/^-|-$/g, "")
          .slice(0, 60) || "form";
      save(file as unknown as Blob, `${plain}-${new Date().toISOString().slice(0, 10)}.csv`);
    },
    onError: (error) => sayError(t("forms.export"), error.message),
  });
  if (!allowed) return null;
  return (
    <Button icon={<Download />} busy={isPending} onClick={() => mutate()}>
      <span className="max-sm:sr-only">{t("forms.export")}</span>
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
