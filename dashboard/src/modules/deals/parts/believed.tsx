import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/api/pages";
import type { Schema } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Chip, type Tone } from "@/ui/chip";
import { Dialog } from "@/ui/dialog";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Link } from "@/ui/link";
import { money } from "@/ui/money";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { forecastDeals, forecastThen, type Pipeline, type Wish } from "../data";
import { dayWords } from "../../tasks/when";
import { type Fate, monthsOf, shapeOf } from "../believed";

const TONE: Record<Fate, Tone> = {
  won: "success",
  open: "accent",
  moved: "sun",
  lost: "danger",
  abandoned: "neutral",
  deleted: "neutral",
};
const FILL: Record<Fate, string> = {
  won: "var(--success)",
  open: "var(--accent)",
  moved: "var(--sun)",
  lost: "var(--danger)",
  abandoned: "var(--muted)",
  deleted: "var(--muted)",
};

/** What somebody wants to see the deals of: a line of the comparison, and what became of them. */
interface Asked {
  title: string;
  filter: string[];
  fate?: Fate;
}

/** The day of which the forecast is asked; without one it is that of now. */
export function DayPicker({ day, onDay }: { day?: string; onDay: (day: string | undefined) => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const id = useId();
  const [typed, setTyped] = useState(day ?? "");
  useEffect(() => setTyped(day ?? ""), [day]);
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 pt-1">
      <label htmlFor={id} className="text-[13.5px] font-[540]">
        {t("deals.believed.day")}
      </label>
      <input
        id={id}
        type="date"
        min="2000-01-01"
        max={formats.dayKey(new Date())}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          // While it is typed there is no day, or one of the first centuries.
          if (target.value !== "" && target.validity.valid) onDay(target.value);
        }}
        className={`${inputLook} ${inputHeight} w-auto! min-w-40`}
      />
      {day && (
        <Button look="ghost" icon={<X />} onClick={() => onDay(undefined)}>
          {t("deals.replay.close")}
        </Button>
      )}
    </div>
  );
}

/** The forecast of a past day, and what became of it, month by month. Each number shows its deals. */
export function Believed(props: { line: Pipeline; wish: Wish; day: string; weigh: Schema["Weigh"] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { line, wish, day, weigh } = props;
  const query = useQuery(forecastThen(line.id, wish, weigh, day));
  const [asked, setAsked] = useState<Asked>();
  if (query.isPending) return <SkeletonRows rows={6} tall />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const { then, outcomes } = query.data;
  const exact = then.believed?.exact_since;
  const at = then.believed?.at;
  const monthly = new Intl.DateTimeFormat(formats.locale, { month: "long", year: "numeric", timeZone: "UTC" });
  const named = (month?: string) =>
    month ? monthly.format(new Date(`${month}T12:00:00Z`)) : t("deals.forecast.undated");
  const lines = monthsOf(then, outcomes);
  const narrowed = wish.filter.length > 0 || wish.q !== undefined;
  return (
    <>
      {exact && at && at < exact && (
        <p className="px-4 pb-2 text-cap text-warning-text md:px-[18px]">
          {t("deals.believed.inexact", { day: formats.day(exact) })}
        </p>
      )}
      {narrowed && <p className="px-4 pb-2 text-cap text-muted md:px-[18px]">{t("deals.replay.asked")}</p>}
      {lines.length === 0 ? (
        <Empty title={t("deals.believed.none")} />
      ) : (
        <ul aria-label={t("deals.believed.label", { day: dayWords(day, formats.locale) })}>
          {lines.map(({ key, month, currency, count, amount, weighted, fates, filter }) => {
            const title = key.startsWith("all") ? `${t("deals.forecast.total")} (${currency})` : named(month);
            const sum = (minor: number) => money(minor, currency, formats.locale);
            return (
              <li
                key={key}
                className="num flex flex-col gap-2.5 border-line border-b px-4 py-3 text-[13.5px] last:border-0 md:grid md:grid-cols-[minmax(150px,1fr)_minmax(190px,1fr)_3fr] md:items-center md:px-[18px]"
              >
                <div>
                  <b className="font-[590]">{title}</b>
                  <svg
                    aria-hidden="true"
                    viewBox="0 0 100 4"
                    preserveAspectRatio="none"
                    className="mt-1.5 block h-1 w-full max-w-80 rtl:-scale-x-100"
                  >
                    {shapeOf(fates, amount).map(({ fate, from, width }) => (
                      <rect key={fate} x={from} width={width} height="4" fill={FILL[fate]} />
                    ))}
                  </svg>
                </div>
                <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                  <Button size="small" look="ghost" onClick={() => setAsked({ title, filter })}>
                    <span className="sr-only">{title}: </span>
                    {t("deals.table.loaded", { count })}
                  </Button>
                  <span>
                    <span className="block font-[590]">{sum(amount)}</span>
                    <span className="block text-cap text-muted">{t("deals.weighted", { amount: sum(weighted) })}</span>
                  </span>
                </div>
                <div className="flex flex-wrap gap-2">
                  {fates.map(({ fate, count, amount }) => (
                    <Button
                      key={fate}
                      size="small"
                      onClick={() => setAsked({ title: `${title}: ${t(`deals.believed.fate.${fate}`)}`, filter, fate })}
                    >
                      <span className="sr-only">{title}: </span>
                      <Chip tone={TONE[fate]}>{t(`deals.believed.fate.${fate}`)}</Chip>
                      {formats.count(count)} · {sum(amount)}
                    </Button>
                  ))}
                </div>
              </li>
            );
          })}
        </ul>
      )}
      <Dialog
        open={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={asked?.title ?? ""}
        lead={`${t("deals.believed.day")} ${dayWords(day, formats.locale)}`}
        wide
      >
        {asked && <Deals line={line} wish={wish} day={day} asked={asked} />}
      </Dialog>
    </>
  );
}

function Deals({ line, wish, day, asked }: { line: Pipeline; wish: Wish; day: string; asked: Asked }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const narrowed = { ...wish, filter: [...wish.filter, ...asked.filter] };
  const query = useInfiniteQuery(forecastDeals(line.id, narrowed, day, asked.fate));
  if (query.isPending) return <SkeletonRows rows={4} />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const deals = rowsOf(query.data);
  if (deals.length === 0) return <Empty title={t("deals.believed.none")} />;
  const worth = (amount: number, currency: string, close: string | null | undefined) =>
    [money(amount, currency, locale), close ? dayWords(close, locale) : t("deals.forecast.undated")].join(" · ");
  return (
    <div className="max-h-[60dvh] overflow-y-auto">
      <ul>
        {deals.map((deal) => (
          <li key={deal.id} className="flex min-h-14 items-center gap-3 border-line border-b py-2 last:border-0">
            <div className="min-w-0 flex-1">
              {deal.fate === "deleted" ? (
                <p className="truncate text-muted">
                  <bdi>{deal.title ?? t("deals.replay.gone")}</bdi>
                </p>
              ) : (
                <Link
                  to="/deals/$id"
                  params={{ id: deal.id }}
                  className="block truncate max-md:leading-[44px] coarse:leading-[44px]"
                >
                  <bdi>{deal.title}</bdi>
                </Link>
              )}
              <p className="num text-cap text-muted">
                {worth(deal.amount, deal.currency, deal.expected_close)}
                {deal.fate !== "deleted" && typeof deal.amount_now === "number" && (
                  <>
                    <span aria-hidden="true" className="inline-block rtl:-scale-x-100">
                      {" → "}
                    </span>
                    <span className="sr-only">{t("deals.believed.now")} </span>
                    {worth(
                      deal.amount_now,
                      deal.currency_now ?? deal.currency,
                      deal.closed_on ?? deal.expected_close_now,
                    )}
                  </>
                )}
              </p>
            </div>
            <Chip tone={TONE[deal.fate]}>{t(`deals.believed.fate.${deal.fate}`)}</Chip>
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <div className="p-2 text-center">
          <Button look="ghost" size="small" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t("action.more")}
          </Button>
        </div>
      )}
    </div>
  );
}
