import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { money } from "@/ui/money";
import { type Month, nameOf } from "./revenue-months";

const [WIDE, HIGH] = [600, 96];

/** What was paid at the end of each month, along time. */
export function RevenueBars({ months }: { months: readonly Month[] }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const [first, last] = [months[0], months.at(-1)];
  if (!first || !last) return null;
  const most = Math.max(1, ...months.map(({ end_minor }) => end_minor));
  const step = WIDE / months.length;
  const said = (month: Month) => money(month.end_minor, month.currency, locale);
  const label = t("admin.revenue.chart", {
    from: said(first),
    first: nameOf(first, locale),
    to: said(last),
    last: nameOf(last, locale),
  });
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDE} ${HIGH}`}
      preserveAspectRatio="none"
      className="block h-24 w-full rtl:-scale-x-100"
    >
      <line x1="0" x2={WIDE} y1={HIGH - 1} y2={HIGH - 1} stroke="var(--chart-grid)" vectorEffect="non-scaling-stroke" />
      {months.map((month, at) => {
        const tall = (month.end_minor / most) * (HIGH - 4);
        return (
          <rect
            key={month.month}
            x={at * step + step * 0.2}
            y={HIGH - 1 - tall}
            width={step * 0.6}
            height={tall}
            rx="2"
            fill={month === last ? "var(--chart-1)" : "var(--chart-2)"}
          >
            <title>{`${nameOf(month, locale)}: ${said(month)}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}
