import { RotateCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { takeNewVersion } from "@/app/version";
import { Button } from "@/ui/button";

/** Never by itself: somebody may be in the middle of a sentence. */
export function NewVersion() {
  const { t } = useTranslation();
  return (
    <p
      role="status"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-accent-line border-b bg-accent-soft px-7 py-1.5 text-sm max-md:px-4"
    >
      <span className="min-w-0 flex-1">{t("state.newVersion")}</span>
      <Button size="small" icon={<RotateCw />} onClick={takeNewVersion}>
        {t("state.reload")}
      </Button>
    </p>
  );
}
