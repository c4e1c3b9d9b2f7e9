import { useRouter } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Unreachable } from "@/api/problem";
import { withWords } from "@/i18n/words";
import { Failed } from "@/ui/states";

const Away = lazy(async () => ({ default: (await withWords(["shell"], import("./away"))).Away }));

export function PageFailed({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const router = useRouter();
  if (error instanceof Unreachable)
    return (
      <Suspense>
        <Away error={error} />
      </Suspense>
    );
  return (
    <main className="grid min-h-[70dvh] place-items-center">
      <Failed first title={t("error.page")} error={error} onRetry={() => void router.invalidate()} />
    </main>
  );
}
