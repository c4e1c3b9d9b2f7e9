import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Link, PlainLink } from "@/ui/link";
import { headline } from "@/ui/money";
import { Panel } from "@/ui/panel";
import { Failed, Later, Skeleton } from "@/ui/states";
import { revenue } from "./api";
import { RevenueBars } from "./revenue-bars";
import { churnOf, currenciesOf, type Month, monthsOf, netOf } from "./revenue-months";

/** What plans bring, in the currency of most accounts; the others are one press away. */
export function MoneyAMonth() {
  const { t } = useTranslation();
  const { data, isError, error, refetch } = useQuery(revenue);
  const currency = data && currenciesOf(data)[0];
  const months = monthsOf(data ?? [], currency);
  const now = months.at(-1);
  return (
    <Panel
      title={t("admin.nav.revenue")}
      note={t("admin.revenue.note")}
      more={
        <Link to="/admin/revenue" className="text-sm">
          {t("admin.revenue.all")}
        </Link>
      }
    >
      {/* As high while it comes as when it is there. */}
      <div className="min-h-24 max-md:min-h-[178px]">
        {isError && !data ? (
          <Failed error={error} onRetry={() => void refetch()} />
        ) : !data ? (
          <Later>
            <Skeleton className="h-24 w-full max-md:h-[178px]" />
          </Later>
        ) : now ? (
          <div className="grid items-end gap-x-8 gap-y-4 md:grid-cols-[auto_1fr]">
            <Figures now={now} />
            <RevenueBars months={months} />
          </div>
        ) : (
          <p className="min-h-24 content-center text-center text-sm text-balance text-muted max-md:min-h-[178px]">
            {t("admin.revenue.empty")}. {t("admin.revenue.emptyText")}{" "}
            <Link to="/admin/plans">{t("admin.nav.plans")}</Link>
          </p>
        )}
      </div>
    </Panel>
  );
}

function Figures({ now }: { now: Month }) {
  const { t } = useTranslation();
  const { locale, count } = useFormats();
  const churn = churnOf(now);
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const figures = [
    { label: t("admin.aMonth"), figure: headline(now.end_minor, now.currency, locale) },
    { label: t("admin.revenue.thisMonth"), figure: netOf(now, locale) },
    {
      label: t("admin.revenue.churn"),
      figure: churn === undefined ? "–" : percent.format(churn),
      title: t("admin.revenue.lostOf", { lost: count(now.lost_accounts), all: count(now.start_accounts) }),
    },
  ];
  return (
    <PlainLink
      to="/admin/revenue"
      search={{ currency: now.currency, month: now.month }}
      className="block rounded-chip outline-offset-3 hover:bg-hover"
    >
      <dl className="grid min-h-[66px] grid-cols-3 gap-x-6 md:min-h-24 md:content-center">
        {figures.map(({ label, figure, title }) => (
          <div key={label} className="min-w-0" title={title}>
            <dt className="truncate text-cap text-muted">{label}</dt>
            <dd className="num wider mt-1 truncate text-[22px] leading-[1.2] font-[560] tracking-[-.02em] max-md:text-[18px]">
              {figure}
            </dd>
          </div>
        ))}
      </dl>
    </PlainLink>
  );
}
