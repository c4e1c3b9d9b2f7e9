import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Failed } from "@/ui/states";

export function PageFailed({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const router = useRouter();
  return (
    <main className="grid min-h-[70dvh] place-items-center">
      <Failed title={t("error.page")} error={error} onRetry={() => void router.invalidate()} />
    </main>
  );
}
