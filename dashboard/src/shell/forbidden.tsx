import { useTranslation } from "react-i18next";
import { may, missing, useMe } from "@/app/may";
import { ButtonLink } from "@/ui/link";
import { Empty } from "@/ui/states";
import { useNotInPlan } from "./not-in-plan";
import { Page } from "./page";

/** A page that is not in somebody's role, or not in the plan of the account: who can change that. */
export function Forbidden({ title, needs }: { title: string; needs?: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const notInPlan = useNotInPlan();
  const module = needs && missing(me, needs);
  const left = me && module ? notInPlan(module, me) : undefined;
  return (
    <Page title={title}>
      <div className="grid min-h-[60dvh] place-items-center">
        <Empty
          title={left?.title ?? t("error.forbiddenTitle")}
          actions={
            <>
              <ButtonLink to="/" look="primary">
                {t("error.toOverview")}
              </ButtonLink>
              {left && may(me, "tenants.read") && <ButtonLink to="/settings/plan">{t("error.seePlan")}</ButtonLink>}
              {needs && !left && (
                <ButtonLink to="/settings/why" search={{ what: needs }}>
                  {t("error.whyNot")}
                </ButtonLink>
              )}
            </>
          }
        >
          {left?.text ?? t("error.forbiddenText", { place: me?.tenant.name ?? "" })}
        </Empty>
      </div>
    </Page>
  );
}
