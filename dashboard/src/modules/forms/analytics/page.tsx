import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { may, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { SheetButton } from "@/modules/sheets/export";
import { Forbidden } from "@/shell/forbidden";
import { Filter } from "@/ui/filter";
import { PlainLink } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { Empty, Failed, Later, Skeleton } from "@/ui/states";
import { FormFrame } from "../builder/frame";
import { moment } from "../builder/zoned";
import { form, versions } from "../data";
import { Days } from "./days";
import { FieldTable, Funnel } from "./funnel";
import { type Period, periodOf } from "./period";

export type Figures = Schema["Analytics"];

const DAYS = ["7", "30", "90", "365"] as const;

export function AnalyticsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { id } = useParams({ from: "/shell/forms/$id/analytics" });
  const { data } = useQuery(form(id));
  if (me && !may(me, "forms.read")) return <Forbidden title={t("forms.analytics")} needs="forms.read" />;
  return (
    <FormFrame id={id} tab="analytics" name={data?.name ?? ""}>
      <Analytics id={id} />
    </FormFrame>
  );
}

function Analytics({ id }: { id: string }) {
  const { t } = useTranslation();
  const { zone } = useFormats();
  const navigate = useNavigate();
  const search = useSearch({ from: "/shell/forms/$id/analytics" });
  const { days = "30", version } = search;
  const period = useMemo(() => periodOf(Number(days), new Date(), zone), [days, zone]);
  const query = useQuery({
    queryKey: ["submissions", "analytics", id, period.from, period.to, version],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/v1/forms/{id}/analytics", {
          params: { path: { id }, query: { from: period.from, to: period.to, version } },
          signal,
        }),
      ),
    placeholderData: (before) => before,
  });
  const known = useQuery(versions(id));
  const change = (next: { days?: (typeof DAYS)[number]; version?: number }) =>
    void navigate({
      to: "/forms/$id/analytics",
      params: { id },
      search: { ...search, ...next },
      replace: true,
    });
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 py-4 md:px-7">
      <div className="mx-auto flex max-w-[1120px] flex-col gap-4">
        <div className="flex flex-wrap items-center gap-2">
          <Segments
            label={t("forms.period")}
            value={days}
            onChange={(next) => change({ days: next })}
            options={DAYS.map((value) => ({ value, label: t("forms.lastDays", { count: Number(value) }) }))}
          />
          {(known.data?.length ?? 0) > 1 && (
            <Filter
              label={t("forms.version")}
              value={version === undefined ? undefined : String(version)}
              choices={(known.data ?? []).map(({ number }) => ({
                value: String(number),
                label: t("forms.versionNumber", { number }),
              }))}
              onChange={(next) => change({ version: next === undefined ? undefined : Number(next) })}
            />
          )}
        </div>
        {query.isError && !query.data ? (
          <Panel label={t("forms.analytics")}>
            <Failed error={query.error} onRetry={() => void query.refetch()} />
          </Panel>
        ) : !query.data ? (
          <Later>
            <div role="status" aria-label={t("state.loading")} className="flex flex-col gap-4">
              <Skeleton className="h-24 rounded-panel" />
              <Skeleton className="h-56 rounded-panel" />
            </div>
          </Later>
        ) : (
          <Charts id={id} figures={query.data} period={period} version={version} />
        )}
      </div>
    </div>
  );
}

function Charts({ id, figures, period, version }: Shown & { figures: Figures }) {
  const { t } = useTranslation();
  const file = (table: Schema["FiguresTable"]) => <TableFile table={table} id={id} period={period} version={version} />;
  const quiet = !figures.views && figures.starts === 0 && figures.completions === 0 && figures.spam === 0;
  return (
    <>
      <Strip id={id} figures={figures} period={period} />
      {quiet ? (
        <Panel label={t("forms.analytics")}>
          <Empty title={t("forms.quietTitle")}>{t("forms.quietText")}</Empty>
        </Panel>
      ) : (
        <>
          <Panel title={t("forms.byDay")} note={t("forms.byDayNote")} more={file("days")}>
            <Days figures={figures} id={id} />
          </Panel>
          {figures.steps.length > 0 && (
            <Panel title={t("forms.wayThrough")} note={t("forms.wayThroughNote")} more={file("steps")}>
              <Funnel figures={figures} />
            </Panel>
          )}
          {figures.fields.length > 0 && (
            <Panel title={t("forms.byField")} note={t("forms.byFieldNote")} more={file("fields")} flush>
              <FieldTable figures={figures} />
            </Panel>
          )}
        </>
      )}
    </>
  );
}

interface Shown {
  id: string;
  period: Period;
  /** All versions when absent. */
  version?: number;
}

/** One table of the figures as a file. */
function TableFile({ table, id, period: { from, to }, version }: Shown & { table: Schema["FiguresTable"] }) {
  return (
    <SheetButton
      small
      name={`form-${table}`}
      load={(look) =>
        api.GET("/v1/forms/{id}/analytics/export", {
          params: { path: { id }, query: { table, from, to, version, ...look } },
          parseAs: "blob",
        })
      }
    />
  );
}

/** Four figures in one panel; those with rows behind them lead there. */
function Strip({ id, figures, period }: { id: string; figures: Figures; period: Period }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const range = {
    from: moment(`${period.from}T00:00`, formats.zone) ?? undefined,
    to: moment(`${period.after}T00:00`, formats.zone) ?? undefined,
  };
  const percent = new Intl.NumberFormat(formats.locale, { style: "percent", maximumFractionDigits: 0 });
  const seconds = figures.median_fill_ms == null ? undefined : figures.median_fill_ms / 1000;
  const time =
    seconds === undefined
      ? "–"
      : new Intl.NumberFormat(formats.locale, {
          style: "unit",
          unit: seconds >= 90 ? "minute" : "second",
          maximumFractionDigits: seconds >= 90 ? 1 : 0,
        }).format(seconds >= 90 ? seconds / 60 : seconds);
  const rows = (text: ReactNode, state?: "quarantined" | "spam") => (
    <PlainLink
      to="/forms/$id/submissions"
      params={{ id }}
      search={{ state, ...range }}
      className="reach rounded-chip underline-offset-4 hover:underline"
    >
      {text}
    </PlainLink>
  );
  return (
    <Panel label={t("forms.figures")} bare>
      <dl className="grid grid-cols-4 max-lg:grid-cols-2 [&>div]:border-line [&>div]:px-[18px] [&>div]:py-3.5 lg:[&>div+div]:border-s max-lg:[&>div:nth-child(even)]:border-s max-lg:[&>div:nth-child(n+3)]:border-t">
        <Figure label={t("forms.views")} note={figures.views == null ? t("forms.viewsOfAll") : t("forms.viewsNote")}>
          {figures.views == null ? "–" : formats.count(figures.views)}
        </Figure>
        <Figure label={t("forms.starts")} note={share(figures.starts, figures.views, percent, t("forms.ofViews"))}>
          {formats.count(figures.starts)}
        </Figure>
        <Figure
          label={t("forms.completions")}
          note={
            <>
              {figures.completion_rate == null
                ? t("forms.noStarts")
                : t("forms.ofStarts", { share: percent.format(figures.completion_rate) })}
              {figures.quarantined > 0 && (
                <> · {rows(t("forms.toDecide", { count: figures.quarantined }), "quarantined")}</>
              )}
              {figures.spam > 0 && <> · {rows(t("forms.spamCount", { count: figures.spam }), "spam")}</>}
            </>
          }
        >
          {rows(formats.count(figures.completions))}
        </Figure>
        <Figure label={t("forms.timeToFill")} note={t("forms.timeToFillNote")}>
          {time}
        </Figure>
      </dl>
    </Panel>
  );
}

function share(part: number, whole: number | null | undefined, percent: Intl.NumberFormat, words: string): string {
  return whole ? `${percent.format(Math.min(1, part / whole))} ${words}` : "";
}

function Figure({ label, note, children }: { label: string; note: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt className="text-[12.5px] text-muted">{label}</dt>
      <dd className="wide mt-0.5 text-figure font-[560]">{children}</dd>
      <dd className="min-h-[18px] text-[12.5px] text-muted">{note}</dd>
    </div>
  );
}
