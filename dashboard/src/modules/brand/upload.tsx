import { useMutation } from "@tanstack/react-query";
import { Upload as Icon } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { sayError } from "@/ui/toast";

/** The bytes of a file in base64, without what a browser puts in front of them. */
const base64 = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });

/** A picture from this machine becomes a logo; it is worn when the brand is saved. */
export function Upload({ onDone }: { onDone: (url: string) => void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const send = useMutation({
    mutationFn: async (file: File) => ok(api.POST("/v1/logos", { body: { content: await base64(file) } })),
    onSuccess: ({ url }) => onDone(url),
    onError: (error) => sayError(t("brand.upload"), sayThrown(error)),
  });
  return (
    <span className="flex items-center gap-3">
      <input
        ref={field}
        type="file"
        accept="image/png,image/jpeg,image/webp"
        aria-label={t("brand.upload")}
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) send.mutate(file);
          event.target.value = "";
        }}
      />
      <Button writes size="small" icon={<Icon />} busy={send.isPending} onClick={() => field.current?.click()}>
        {t("brand.upload")}
      </Button>
      <span className="text-cap text-muted">{t("brand.uploadHelp")}</span>
    </span>
  );
}
