import { useQueryClient } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import type { ApiProblem } from "@/api/problem";
import { me as who } from "@/api/queries";
import { may } from "@/app/may";
import { sayProblem } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { useCountdown } from "@/ui/countdown";
import { Link } from "@/ui/link";
import type { Wrong } from "@/ui/states";
import { useNotInPlan } from "./not-in-plan";

/** Why the server said no, and what helps: somebody to ask, an explanation, or a while. */
export function Refusal({ error, onRetry }: Wrong<ApiProblem>) {
  const { t } = useTranslation();
  // Not asked for here: pages without anybody signed in fail, too.
  const me = useQueryClient().getQueryData(who.queryKey);
  const notInPlan = useNotInPlan();
  const { code, detail, status } = error;
  const named = (kind: string, pattern: RegExp) => (me && code === kind ? pattern.exec(detail)?.[1] : undefined);
  const needs = named("permission_missing", /permission ([\w.]+\w)/);
  const module = named("module_off", /include (\w+)/);
  const left = me && module ? notInPlan(module, me) : undefined;
  const said = sayProblem(code);
  const known = said === code ? undefined : said;
  const otherwise = status === 403 ? t("error.forbidden") : detail || t("error.unknown");
  return (
    <>
      {left && <p className="mt-1 max-w-[44ch] text-[13.5px] font-[560]">{left.title}</p>}
      <p className="mt-1 mb-3.5 max-w-[44ch] text-[13.5px] text-muted">
        {left?.text ?? (status === 404 ? t("error.missing") : (known ?? otherwise))}
      </p>
      {needs && (
        <p className="mb-3 text-sm">
          <Link to="/settings/why" search={{ what: needs }}>
            {t("error.whyNot")}
          </Link>
        </p>
      )}
      {left && may(me, "tenants.read") && (
        <p className="mb-3 text-sm">
          <Link to="/settings/plan">{t("error.seePlan")}</Link>
        </p>
      )}
      {onRetry && <Again error={error} onRetry={onRetry} />}
    </>
  );
}

/** When the server asked for a while, it is waited for and tried again without anybody. */
function Again({ error, onRetry }: { error: ApiProblem; onRetry: () => void }) {
  const { t } = useTranslation();
  const [left, start] = useCountdown();
  const again = useEffectEvent(onRetry);
  useEffect(() => {
    if (!error.retryAfter) return;
    start(error.retryAfter);
    const timer = setTimeout(() => again(), error.retryAfter * 1000);
    return () => clearTimeout(timer);
  }, [error, start]);
  return (
    <>
      {left > 0 && (
        // Every second would be read aloud.
        <p aria-live="off" className="num mb-3 text-sm text-muted">
          {t("error.again", { count: left })}
        </p>
      )}
      <Button icon={<RotateCw />} disabled={left > 0} onClick={onRetry}>
        {t("action.retry")}
      </Button>
    </>
  );
}
