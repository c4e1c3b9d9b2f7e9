import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { Panel } from "@/ui/panel";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { simulation } from "../data";
import { dayAs, months } from "../days";
import { useLocale } from "../locale";
import { People } from "./people";

export interface Day {
  day: string;
  sent: number;
  skipped: number;
}

/** Figures of all pages, by day. */
export function summed(pages: readonly Schema["Simulation"][]): Day[] {
  const days = new Map<string, Day>();
  for (const { items } of pages)
    for (const { day, sent, skipped } of items) {
      const known = days.get(day) ?? { day, sent: 0, skipped: 0 };
      known.sent += sent;
      known.skipped += skipped.reduce((sum, { count }) => sum + count, 0);
      days.set(day, known);
    }
  return [...days.values()].sort((a, b) => a.day.localeCompare(b.day));
}

/** A year ahead: bars for the months, then day by day, and each day opens. */
export function Simulation() {
  const { t } = useTranslation();
  const locale = useLocale();
  const [drafts, setDrafts] = useState(true);
  const [open, setOpen] = useState<string>();
  const query = useInfiniteQuery(simulation(drafts));
  const { hasNextPage, isFetching, fetchNextPage, data } = query;
  // All contacts, a part of them at a time: the figures grow meanwhile.
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const days = useMemo(() => summed(data?.pages ?? []), [data]);
  const contacts = data?.pages.reduce((sum, page) => sum + page.contacts, 0) ?? 0;
  return (
    <>
      <Panel
        title={t("occasions.tab.simulation")}
        note={data && t("occasions.lookedAt", { count: contacts })}
        className="mb-4"
      >
        <div className="mb-3 flex items-center justify-between gap-4 max-md:flex-col max-md:items-stretch">
          <p className="text-sm text-muted">{t("occasions.simulationLead")}</p>
          <Switch local label={t("occasions.drafts")} checked={drafts} onChange={setDrafts} />
        </div>
        {query.isPending ? (
          <div className="h-[148px]" />
        ) : query.isError && !data ? (
          <Failed error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Bars days={days} locale={locale} />
        )}
      </Panel>
      {query.isPending ? (
        <SkeletonRows rows={6} tall />
      ) : days.length === 0 ? (
        data && <Empty title={t("occasions.nothingTitle")}>{t("occasions.nothingText")}</Empty>
      ) : (
        <Panel label={t("occasions.tab.simulation")} bare>
          <ul>
            {days.map((one) => (
              <li key={one.day} className="border-line not-first:border-t">
                <button
                  type="button"
                  onClick={() => setOpen(one.day)}
                  className="flex min-h-11 w-full items-center gap-3 px-4 text-start text-sm hover:bg-hover md:px-[18px]"
                >
                  <time dateTime={one.day} className="min-w-0 flex-1 truncate">
                    {dayAs(one.day, locale, { weekday: "short", day: "numeric", month: "long", year: "numeric" })}
                  </time>
                  {one.skipped > 0 && (
                    <span className="num text-warning-text">{t("occasions.leftOut", { count: one.skipped })}</span>
                  )}
                  <span className="num font-[570]">{t("occasions.goesOut", { count: one.sent })}</span>
                </button>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <span role="status" className="sr-only">
        {!hasNextPage && data && t("occasions.lookedAt", { count: contacts })}
      </span>
      <People day={open} drafts={drafts} onClose={() => setOpen(undefined)} />
    </>
  );
}

/** How many go out in each month. */
function Bars({ days, locale }: { days: readonly Day[]; locale: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const first = new Date().toISOString().slice(0, 10);
  const all = Array.from({ length: 13 }, (_, n) => months(first, n));
  const sums = all.map((month) =>
    days.reduce((sum, { day, sent }) => (day.slice(0, 7) === month.slice(0, 7) ? sum + sent : sum), 0),
  );
  const most = Math.max(1, ...sums);
  return (
    <ol className="flex h-[148px] items-end gap-1.5 max-md:gap-0.5">
      {all.map((month, n) => {
        const count = formats.count(sums[n] ?? 0);
        return (
          <li key={month} className="flex h-full min-w-0 flex-1 flex-col items-center justify-end gap-1">
            <span className="sr-only">
              {t("occasions.monthChart", { month: dayAs(month, locale, { month: "long", year: "numeric" }), count })}
            </span>
            <span aria-hidden="true" className="num text-cap text-muted">
              {sums[n] ? count : ""}
            </span>
            <svg aria-hidden="true" className="w-full flex-1" preserveAspectRatio="none" viewBox="0 0 10 100">
              <rect
                x="1"
                width="8"
                rx="1"
                y={100 - (100 * (sums[n] ?? 0)) / most}
                height={(100 * (sums[n] ?? 0)) / most}
                className="fill-accent"
              />
              <rect x="0" y="99" width="10" height="1" className="fill-line-2" />
            </svg>
            <span aria-hidden="true" className="truncate text-cap text-muted">
              {dayAs(month, locale, { month: "narrow" })}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
