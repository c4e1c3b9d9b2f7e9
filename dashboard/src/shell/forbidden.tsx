import { useTranslation } from "react-i18next";
import { useMe } from "@/app/may";
import { ButtonLink } from "@/ui/link";
import { Empty } from "@/ui/states";
import { Page } from "./page";

/** A page that is not in somebody's role: who can change that. */
export function Forbidden({ title, needs }: { title: string; needs?: string }) {
  const { t } = useTranslation();
  const place = useMe()?.tenant.name ?? "";
  return (
    <Page title={title}>
      <div className="grid min-h-[60dvh] place-items-center">
        <Empty
          title={t("error.forbiddenTitle")}
          actions={
            <>
              <ButtonLink to="/" look="primary">
                {t("error.toOverview")}
              </ButtonLink>
              {needs && (
                <ButtonLink to="/settings/why" search={{ what: needs }}>
                  {t("error.whyNot")}
                </ButtonLink>
              )}
            </>
          }
        >
          {t("error.forbiddenText", { place })}
        </Empty>
      </div>
    </Page>
  );
}
