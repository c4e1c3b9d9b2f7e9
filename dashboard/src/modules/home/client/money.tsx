import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { toldSum } from "@/modules/deals/sums";
import { openDeals, type Sums, wonDeals } from "../data";
import { Figure } from "../figure";

/** The sum, and what it is made of when that is of several currencies. */
function useSum() {
  const { locale } = useFormats();
  return (sums: Sums | undefined) => {
    const told = sums && toldSum(sums.totals, sums.home, locale);
    return { value: sums && (told?.text ?? "0"), parts: told?.parts };
  };
}

/** How many deals, and the sum's parts. */
const Made = ({ count, parts }: { count: string; parts: string | undefined }) => (
  <span title={parts}>
    {count}
    {parts && <span className="text-muted">, {parts}</span>}
  </span>
);

const countOf = ({ totals }: Sums) => totals.reduce((all, { count }) => all + count, 0);

/** What was won this month, against as many days of the month before. */
export function Won() {
  const { t } = useTranslation();
  const { dayKey } = useFormats();
  const sum = useSum();
  const query = useQuery(wonDeals(dayKey(new Date())));
  const { now, then } = query.data ?? {};
  const { value, parts } = sum(now);
  return (
    <Figure
      label={t("home.won")}
      value={value}
      failed={query.isError && !query.data}
      to="/deals?view=table&status=won&line=all"
      change={now && then && <Than now={now} then={then} parts={parts} />}
    />
  );
}

/** In the account's own currency, and only when all of both months is told in it. */
function Than({ now, then, parts }: { now: Sums; then: Sums; parts: string | undefined }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const [one, other] = [now.home, then.home];
  const comparable = one?.missing.length === 0 && other?.missing.length === 0 && one.currency === other.currency;
  if (!comparable || other.amount === 0)
    return <Made count={t("home.wonDeals", { count: countOf(now) })} parts={parts} />;
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
  const { value, parts } = sum(query.data);
  return (
    <Figure
      label={t("home.openPipeline")}
      value={value}
      failed={query.isError && !query.data}
      to="/deals"
      change={query.data && <Made count={t("home.openDeals", { count: countOf(query.data) })} parts={parts} />}
    />
  );
}
