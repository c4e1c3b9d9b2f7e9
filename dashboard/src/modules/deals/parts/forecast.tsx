import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { Believed, DayPicker } from "./believed";
import { board, forecast, type Pipeline, type Wish } from "../data";
import { money } from "@/ui/money";
import { isMixed, missingWords } from "../sums";

type Weigh = Schema["Weigh"];

/** What open deals may bring, month by month, now or as it was believed on a day. */
export function ForecastView(props: {
  line: Pipeline;
  wish: Wish;
  day?: string;
  onDay: (day: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const { line, wish, day, onDay } = props;
  const [weigh, setWeigh] = useState<Weigh>("configured");
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto max-md:px-4 max-md:pb-20">
      <DayPicker day={day} onDay={onDay} />
      <Panel
        title={t("deals.view.forecast")}
        flush
        more={
          <Segments<Weigh>
            label={t("deals.forecast.by")}
            value={weigh}
            onChange={setWeigh}
            options={(["configured", "history"] as const).map((value) => ({
              value,
              label: t(`deals.forecast.${value}`),
            }))}
          />
        }
      >
        {day ? (
          <Believed line={line} wish={wish} day={day} weigh={weigh} />
        ) : (
          <Present line={line} wish={wish} weigh={weigh} />
        )}
      </Panel>
      {!day && <Likelihoods line={line} wish={wish} />}
    </div>
  );
}

function Present({ line, wish, weigh }: { line: Pipeline; wish: Wish; weigh: Weigh }) {
  const query = useQuery(forecast(line.id, wish, weigh));
  if (query.isPending) return <SkeletonRows rows={8} />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  return query.data && <Months data={query.data} />;
}

/** Each bar is the whole, its solid part what is likely. */
function Months({ data }: { data: Schema["Forecast"] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  if (data.months.length === 0) return <Empty title={t("deals.forecast.empty")} />;
  const month = new Intl.DateTimeFormat(formats.locale, { month: "long", year: "numeric", timeZone: "UTC" });
  // Bars of one currency are compared with each other, each in its own.
  const most = new Map<string, number>();
  for (const { currency, amount } of data.months) most.set(currency, Math.max(most.get(currency) ?? 1, amount));
  const cells = "px-3 text-end first:ps-[18px] last:pe-[18px]";
  return (
    <div className="overflow-x-auto">
      <table className="num w-full border-collapse text-[13.5px]">
        <caption className="sr-only">{t("deals.forecast.label")}</caption>
        <thead className="text-cap text-muted">
          <tr className="h-9 border-line border-b">
            <th scope="col" className="px-3 text-start font-[520] first:ps-[18px]">
              {t("deals.forecast.month")}
            </th>
            <th scope="col" className={`${cells} font-[520]`}>
              {t("deals.forecast.count")}
            </th>
            <th scope="col" className={`${cells} font-[520]`}>
              {t("deals.forecast.amount")}
            </th>
            <th scope="col" className={`${cells} font-[520]`}>
              {t("deals.forecast.weighted")}
            </th>
          </tr>
        </thead>
        <tbody>
          {data.months.map(({ month: first, currency, count, amount, weighted }) => (
            <tr key={`${first}${currency}`} className="h-12 border-line border-b">
              <th scope="row" className="px-3 py-2 text-start font-[540] first:ps-[18px]">
                {first ? month.format(new Date(`${first}T12:00:00Z`)) : t("deals.forecast.undated")}
                {data.totals.length > 1 && <span className="font-normal text-muted"> {currency}</span>}
                <svg
                  aria-hidden="true"
                  viewBox="0 0 100 4"
                  preserveAspectRatio="none"
                  className="mt-1.5 block h-1 w-full max-w-80"
                >
                  <rect width={(100 * amount) / (most.get(currency) ?? 1)} height="4" fill="var(--accent-soft)" />
                  <rect width={(100 * weighted) / (most.get(currency) ?? 1)} height="4" fill="var(--accent)" />
                </svg>
              </th>
              <td className={cells}>{formats.count(count)}</td>
              <td className={cells}>{money(amount, currency, formats.locale)}</td>
              <td className={`${cells} font-[590]`}>{money(weighted, currency, formats.locale)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          {data.totals.map(({ currency, count, amount, weighted }) => (
            <tr key={currency} className="h-11 font-[590]">
              <th scope="row" className="px-3 text-start first:ps-[18px]">
                {t("deals.forecast.total")}
                {data.totals.length > 1 && <span className="font-normal text-muted"> {currency}</span>}
              </th>
              <td className={cells}>{formats.count(count)}</td>
              <td className={cells}>{money(amount, currency, formats.locale)}</td>
              <td className={cells}>{money(weighted, currency, formats.locale)}</td>
            </tr>
          ))}
          {isMixed(data.totals, data.home) && (
            <tr className="h-11 border-line border-t font-[590]">
              <th scope="row" className="px-3 py-2 text-start first:ps-[18px]">
                {t("deals.home.total", { currency: data.home.currency })}
                {data.home.missing.length > 0 && (
                  <span className="block text-cap font-normal text-warning-text">
                    {missingWords(data.home, t, formats.locale)}
                  </span>
                )}
              </th>
              <td className={cells}>{formats.count(data.home.count)}</td>
              <td className={cells}>{money(data.home.amount, data.home.currency, formats.locale)}</td>
              <td className={cells}>{money(data.home.weighted ?? 0, data.home.currency, formats.locale)}</td>
            </tr>
          )}
        </tfoot>
      </table>
    </div>
  );
}

/** What was set beside what happened, and of how many deals that speaks. */
function Likelihoods({ line, wish }: { line: Pipeline; wish: Wish }) {
  const { t } = useTranslation();
  const { data } = useQuery(board(line.id, wish));
  if (!data) return null;
  const cells = "px-3 text-end first:ps-[18px] last:pe-[18px]";
  return (
    <Panel title={t("deals.forecast.stages")} flush>
      <table className="num w-full border-collapse text-[13.5px]">
        <thead className="text-cap text-muted">
          <tr className="h-9 border-line border-b">
            <th scope="col" className="px-3 text-start font-[520] first:ps-[18px]">
              {t("deals.field.stage")}
            </th>
            {(["set", "was", "sample"] as const).map((column) => (
              <th key={column} scope="col" className={`${cells} font-[520]`}>
                {t(`deals.forecast.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.stages.map(({ id, name, probability: { configured, history, sample, won } }) => (
            <tr key={id} className="h-11 border-line border-b last:border-0">
              <th scope="row" className="px-3 text-start font-[540] first:ps-[18px]">
                <bdi>{name}</bdi>
              </th>
              <td className={cells}>{configured}%</td>
              <td className={cells}>{typeof history === "number" ? `${history}%` : "–"}</td>
              <td className={`${cells} text-muted`}>
                {sample > 0 ? t("deals.forecast.sampleOf", { won, count: sample }) : t("deals.forecast.noSample")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
