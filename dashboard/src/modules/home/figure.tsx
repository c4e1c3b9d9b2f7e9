import { clsx } from "clsx";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Go } from "@/ui/go";
import { Skeleton } from "@/ui/states";

export interface FigureProps {
  label: string;
  /** Absent while it is on its way. */
  value: string | undefined;
  /** In place of the value, when it could not be had. */
  failed?: boolean | undefined;
  /** The rows it is made of; absent only where the console has no page for them. */
  to: string | undefined;
  /** What it was before, in words that name the period. */
  change?: ReactNode;
  days?: readonly number[] | undefined;
  sun?: boolean;
}

/** Up to four figures in one panel, divided by hairlines: never cards in cards. */
export function Strip({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section
      aria-label={label}
      className="grid min-h-[110px] shrink-0 break-inside-avoid grid-cols-[repeat(auto-fit,minmax(min(100%,215px),1fr))] md:max-[1000px]:grid-cols-2 overflow-hidden rounded-panel border border-line bg-surface shadow-1 max-md:min-h-[210px] max-md:grid-cols-2 max-md:rounded-[14px] print:grid-cols-4"
    >
      {children}
    </section>
  );
}

/** A number that leads to its rows, with the change against a named period. */
export function Figure({ label, value, failed, to, change, days, sun }: FigureProps) {
  const { t } = useTranslation();
  const look =
    "group relative flex min-w-0 flex-col px-[18px] py-4 -outline-offset-2 before:absolute before:inset-y-4 before:start-[-1px] before:w-px before:bg-line max-md:px-4 max-md:py-3.5 max-md:before:inset-y-3 max-md:[&:nth-child(n+3)]:border-line max-md:[&:nth-child(n+3)]:border-t";
  const content = (
    <>
      <span className="flex w-full items-end justify-between gap-3">
        <span className="min-w-0">
          <span className="block truncate text-[12.5px] leading-[18px] text-muted">{label}</span>
          <span
            className={clsx(
              "wide mt-0.5 flow-root h-[38px] truncate leading-[38px] font-[560] tracking-[-.025em]",
              // Half a phone has room for seven wide letters.
              value && value.length > 8 ? "text-[26px] max-md:text-[20px]" : "text-[29px] max-md:text-[25px]",
              sun && "text-sun-text",
            )}
          >
            {failed ? "–" : (value ?? <Skeleton className="mt-2 h-6 w-20" />)}
          </span>
        </span>
        {days && days.length > 1 && <Sparkline days={days} />}
      </span>
      <span className="mt-0.5 block h-[18px] truncate text-[12.5px] leading-[18px] text-ink-2">
        {failed ? t("home.notKnown") : change}
      </span>
    </>
  );
  if (to === undefined) return <div className={look}>{content}</div>;
  return (
    <Go to={to} className={`${look} hover:bg-hover`}>
      {content}
    </Go>
  );
}

/** How much it changed, and against what. */
export function Change({ now, before, unit }: { now: number; before: number; unit?: "points" }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const change = now - before;
  if (change === 0) return <>{t("home.same")}</>;
  const number = new Intl.NumberFormat(locale, { signDisplay: "exceptZero" }).format(change);
  const text = unit === "points" ? t("home.points", { count: Math.abs(change), change: number }) : number;
  return (
    <>
      <b className={`font-[560] ${change > 0 ? "text-success-text" : "text-ink"}`}>{text}</b> {t("home.than")}
    </>
  );
}

const [WIDE, HIGH] = [82, 26];

/** The days as a line, today at its end. The figure beside it says it in words. */
function Sparkline({ days }: { days: readonly number[] }) {
  const most = Math.max(1, ...days);
  const step = (WIDE - 6) / (days.length - 1);
  const at = (value: number, day: number) => [3 + day * step, HIGH - 3 - (value / most) * (HIGH - 6)] as const;
  const points = days.map(at);
  const [x, y] = points.at(-1) ?? [0, 0];
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${WIDE} ${HIGH}`}
      className="mb-1.5 h-[26px] w-[82px] shrink-0 max-xl:hidden rtl:-scale-x-100 print:hidden"
    >
      <polyline
        points={points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(" ")}
        fill="none"
        stroke="var(--chart-1)"
        strokeWidth="1.75"
        strokeLinejoin="round"
      />
      <circle cx={x} cy={y} r="2.4" fill="var(--chart-1)" />
    </svg>
  );
}
