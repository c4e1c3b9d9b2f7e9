import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { money } from "@/ui/money";
import { openDeals, wonDeals } from "../data";
import { Figure } from "../figure";

type Total = Schema["StatusTotal"];

/** Amounts of different currencies are never added. */
function useSum() {
  const { locale } = useFormats();
  return (totals: readonly Total[] | undefined) =>
    totals && (totals.map(({ amount, currency }) => money(amount, currency, locale)).join(" + ") || "0");
}

/** What was won this month, against as many days of the month before. */
export function Won() {
  const { t } = useTranslation();
  const { dayKey } = useFormats();
  const sum = useSum();
  const query = useQuery(wonDeals(dayKey(new Date())));
  const { now, then } = query.data ?? {};
  return (
    <Figure
      label={t("home.won")}
      value={sum(now)}
      failed={query.isError && !query.data}
      to="/deals?view=table&status=won&line=all"
      change={now && then && <Than now={now} then={then} />}
    />
  );
}

function Than({ now, then }: { now: readonly Total[]; then: readonly Total[] }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const [one, other] = [now[0], then[0]];
  const comparable = now.length === 1 && then.length === 1 && one?.currency === other?.currency;
  const count = now.reduce((all, { count }) => all + count, 0);
  if (!comparable || !one || !other || other.amount === 0) return <>{t("home.wonDeals", { count })}</>;
  const change = one.amount / other.amount - 1;
  const percent = new Intl.NumberFormat(locale, { style: "percent", signDisplay: "exceptZero" }).format(change);
  return (
    <span title={t("home.thanMonthLong")}>
      <b className={`font-[560] ${change > 0 ? "text-success-text" : "text-ink"}`}>{percent}</b> {t("home.thanMonth")}
    </span>
  );
}

/** What may still be won. */
export function Open() {
  const { t } = useTranslation();
  const sum = useSum();
  const query = useQuery(openDeals);
  const count = query.data?.reduce((all, { count }) => all + count, 0);
  return (
    <Figure
      label={t("home.openPipeline")}
      value={sum(query.data)}
      failed={query.isError && !query.data}
      to="/deals"
      change={count !== undefined && t("home.openDeals", { count })}
    />
  );
}
