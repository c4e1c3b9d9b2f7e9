import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, Gift, Settings2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { rowsOf } from "@/api/pages";
import { tenant } from "@/api/queries";
import { useShortcuts } from "@/app/keys";
import { may, useMay, useMe } from "@/app/may";
import { Forbidden } from "@/shell/forbidden";
import { SheetButton } from "@/modules/sheets/export";
import { Page } from "@/shell/page";
import { Button, IconButton } from "@/ui/button";
import { ButtonLink } from "@/ui/link";
import { Segments } from "@/ui/segments";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { today as dayIn } from "../tasks/when";
import { type CalendarSearch, readCalendar, VIEWS, type View } from "./address";
import { Agenda, left } from "./calendar/agenda";
import { Month } from "./calendar/month";
import { ofDay, PER_DAY, type UpcomingDay, upcoming } from "./data";
import { dayAs, spanOf, turned, weekStart } from "./days";
import { useLocale } from "./locale";

export function OccasionsPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "occasions.read")) return <Forbidden title={t("occasions.title")} needs="occasions.read" />;
  return <Calendar />;
}

function Calendar() {
  const { t } = useTranslation();
  const search = readCalendar({ ...useSearch({ from: "/shell/occasions" }) });
  const navigate = useNavigate();
  const locale = useLocale();
  const greets = useMay("occasions.greetings.read");
  const exports = useMay("occasions.export");
  const { data: account } = useQuery({ ...tenant, enabled: false });
  const today = dayIn(account?.zone ?? "UTC");
  const view: View = search.view ?? "month";
  const on = search.on ?? today;
  const span = spanOf(view, on, weekStart(locale));
  const query = useQuery(upcoming({ ...span, per_day: PER_DAY[view] }));
  const whole = useWholeDay(on, view === "day" && !query.isPlaceholderData ? query.data?.items : undefined);
  const days = whole.days ?? query.data?.items ?? [];
  const change = (next: Partial<CalendarSearch>) =>
    void navigate({ to: "/occasions", search: { ...search, ...next }, replace: true });
  const turn = (by: 1 | -1) => change({ on: turned(view, on, by) });
  useShortcuts([
    { keys: "t", label: t("occasions.today"), run: () => change({ on: undefined }) },
    { keys: "m", label: t("occasions.view.month"), run: () => change({ view: undefined }) },
    { keys: "w", label: t("occasions.view.week"), run: () => change({ view: "week" }) },
    { keys: "d", label: t("occasions.view.day"), run: () => change({ view: "day" }) },
    { keys: "[", label: t("occasions.before"), run: () => turn(-1) },
    { keys: "]", label: t("occasions.after"), run: () => turn(1) },
  ]);
  const open = (day: string) => change({ view: "day", on: day });
  return (
    <Page title={t("occasions.title")}>
      <div className="flex items-center gap-2 px-7 pt-3.5 pb-3 max-md:overflow-x-auto max-md:px-4 max-md:[scrollbar-width:none]">
        <Segments<View>
          label={t("occasions.viewLabel")}
          value={view}
          onChange={(next) => change({ view: next === "month" ? undefined : next })}
          options={VIEWS.map((value) => ({ value, label: t(`occasions.view.${value}`) }))}
        />
        <span className="flex-1" />
        {exports && (
          <SheetButton
            name="occasions"
            load={(look) => api.GET("/v1/occasions/export", { params: { query: { ...look } }, parseAs: "blob" })}
            className="max-md:hidden"
          />
        )}
        {greets && (
          <ButtonLink to="/occasions/greetings">
            <Gift aria-hidden="true" />
            {t("occasions.greetings")}
          </ButtonLink>
        )}
        <ButtonLink to="/occasions/settings">
          <Settings2 aria-hidden="true" />
          {t("occasions.settings")}
        </ButtonLink>
      </div>
      <div className="px-7 pb-8 max-md:px-4">
        <div className="mb-3 flex items-center gap-1.5">
          <h2 className="wide me-auto text-h2 font-semibold">{titleOf(view, on, span, locale)}</h2>
          <IconButton label={t("occasions.before")} onClick={() => turn(-1)}>
            <ChevronLeft className="rtl:-scale-x-100" />
          </IconButton>
          <Button size="small" onClick={() => change({ on: undefined })}>
            {t("occasions.today")}
          </Button>
          <IconButton label={t("occasions.after")} onClick={() => turn(1)}>
            <ChevronRight className="rtl:-scale-x-100" />
          </IconButton>
        </div>
        {query.isPending ? (
          <div className={view === "month" ? "h-[660px]" : undefined}>
            <SkeletonRows rows={view === "month" ? 10 : 6} tall />
          </div>
        ) : query.isError && !query.data ? (
          <Failed error={query.error} onRetry={() => void query.refetch()} />
        ) : view === "month" ? (
          <Month days={days} span={span} on={on} today={today} locale={locale} onOpen={open} />
        ) : days.length === 0 ? (
          <Empty
            title={t("occasions.emptyTitle")}
            actions={<ButtonLink to="/contacts">{t("occasions.toContacts")}</ButtonLink>}
          >
            {t("occasions.emptyText")}
          </Empty>
        ) : (
          <Agenda
            days={days}
            today={today}
            locale={locale}
            halves={view === "next" && on === today}
            from={span.from}
            busy={whole.busy}
            onOpen={view === "day" ? whole.more : open}
          />
        )}
      </div>
    </Page>
  );
}

/** A day with all of its occasions, as far as somebody has asked for them: it begins with those that every view would name. */
function useWholeDay(on: string, days: UpcomingDay[] | undefined) {
  const day = days?.find(({ day }) => day === on);
  const query = useInfiniteQuery({ ...ofDay(on), enabled: day !== undefined && left(day) > 0 });
  const read = day && query.data && !query.isPlaceholderData ? rowsOf(query.data) : undefined;
  return {
    days: day && read && [{ ...day, occasions: read }],
    busy: query.isFetching,
    more: query.hasNextPage ? () => void query.fetchNextPage() : query.isError ? () => void query.refetch() : undefined,
  };
}

function titleOf(view: View, on: string, span: { from: string; to: string }, locale: string): string {
  if (view === "month") return dayAs(on, locale, { month: "long", year: "numeric" });
  if (view === "day") return dayAs(on, locale, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const format = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  return format.formatRange(new Date(`${span.from}T12:00:00Z`), new Date(`${span.to}T12:00:00Z`));
}
