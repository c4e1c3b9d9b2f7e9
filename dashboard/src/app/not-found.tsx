import { useTranslation } from "react-i18next";
import { ButtonLink } from "@/ui/link";
import { Empty } from "@/ui/states";
import { useTitle } from "./title";

export function NotFound() {
  const { t } = useTranslation();
  useTitle(t("error.notFoundTitle"));
  return (
    <main className="grid min-h-[70dvh] place-items-center">
      <Empty
        first
        title={t("error.notFoundTitle")}
        actions={
          <ButtonLink to="/" look="primary">
            {t("error.toOverview")}
          </ButtonLink>
        }
      >
        {t("error.notFoundText")}
      </Empty>
    </main>
  );
}
