import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { DealBody } from "@/sky/Deals/DealBody";
import { median } from "@/sky/Deals/deal";
import { OrbitStrip } from "@/sky/Deals/OrbitStrip";
import { Button } from "@/ui/button";
import { useMedia } from "@/ui/media";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { NONE_WON, type Pipeline, replay, type Wish, wonSince } from "../data";
import { daysBetween } from "../../tasks/when";
import { major, money } from "@/ui/money";
import { toldSum } from "../sums";

const DAY = 86_400_000;

/** The board as it was: a day on the line of time, and the cards that stood there at its end. */
export function Replay(props: {
  line: Pipeline;
  at: string;
  /** What narrows it. */
  wish: Wish;
  onAt: (at: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const id = useId();
  const { line, at, wish, onAt } = props;
  const query = useQuery(replay(line.id, at, wish));
  const narrowed = wish.filter.length > 0 || wish.q !== undefined;
  const [now] = useState(() => Date.now());
  const since = query.data?.since;
  const first = since ? Date.parse(since) : now;
  const span = Math.max(0, Math.ceil((now - first) / DAY));
  const asked = Math.max(0, Math.min(span, Math.round((now - Date.parse(at)) / DAY)));
  const [back, setBack] = useState(asked);
  useEffect(() => {
    if (back === asked) return;
    // The fingers rest before the server is asked.
    const timer = setTimeout(() => onAt(new Date(now - back * DAY).toISOString()), 120);
    return () => clearTimeout(timer);
  }, [back, asked, now, onAt]);
  const shownAt = new Date(now - back * DAY);
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3">
      <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 rounded-panel border border-sun/40 bg-sun-soft px-4 py-2.5 text-[13.5px] max-md:mx-4">
        <b className="font-[590]">{t("deals.replay.title")}</b>
        <output htmlFor={id} className="num min-w-40 text-sun-text">
          {back === 0 ? t("deals.replay.today") : formats.day(shownAt)}
        </output>
        <label htmlFor={id} className="sr-only">
          {t("deals.replay.slider")}
        </label>
        <input
          id={id}
          type="range"
          min={0}
          max={Math.max(1, span)}
          value={Math.max(1, span) - back}
          aria-valuetext={formats.day(shownAt)}
          onChange={(event) => setBack(Math.max(1, span) - Number(event.target.value))}
          className="min-w-40 flex-1 accent-(--sun) coarse:h-11 max-md:h-11"
        />
        {since && (
          <span className="text-cap text-muted max-md:hidden">
            {t("deals.replay.since", { day: formats.when(since) })}
          </span>
        )}
        <Button size="small" icon={<X />} onClick={() => onAt(undefined)}>
          {t("deals.replay.close")}
        </Button>
        {narrowed && <p className="w-full text-cap text-muted">{t("deals.replay.asked")}</p>}
      </div>
      {query.isPending ? (
        <SkeletonRows rows={8} tall />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data && query.data.count === 0 ? (
        <Empty title={t(narrowed ? "deals.replay.noneFits" : "deals.replay.none")} />
      ) : (
        query.data && <Past data={query.data} wish={wish} day={formats.dayKey(shownAt)} />
      )}
    </div>
  );
}

const headOf = (sum: ReturnType<typeof toldSum>) => ({ total: sum?.text ?? "–", parts: sum?.parts });

function Past({ data, wish, day }: { data: Schema["Replay"]; wish: Wish; day: string }) {
  const { t } = useTranslation();
  const { dayKey, locale } = useFormats();
  const phone = useMedia("(max-width: 767px)");
  const panel = useId();
  const [tab, setTab] = useState<string>();
  const middle = median(data.stages.flatMap(({ cards }) => cards.map((card) => major(card.amount, card.currency))));
  const strip = data.stages.map(({ id, name, count, totals, cards }) => ({
    id,
    name,
    count,
    ...headOf(toldSum(totals, undefined, locale)),
    deals: cards.map((card) => ({
      id: card.id,
      name: card.title ?? t("deals.replay.gone"),
      value: major(card.amount, card.currency),
      days: card.expected_close ? daysBetween(day, card.expected_close) : 90,
      state: "active" as const,
    })),
  }));
  // Under the sun stands what was won in that month until then, as far as it still is.
  const until = { ...wish, filter: [...wish.filter, `closed_at:lte:${data.at}`] };
  const { data: won = NONE_WON } = useQuery(wonSince(data.pipeline, until, `${day.slice(0, 7)}-01`));
  const month = new Intl.DateTimeFormat(locale, { month: "long" }).format(new Date(`${day}T12:00:00`));
  const sun = {
    id: "won",
    // A tab has room for a word.
    name: phone ? t("sky.deals.won") : t("deals.wonIn", { month }),
    count: won.count,
    ...headOf(toldSum(won.totals, won.home, locale)),
    deals: won.items.map(({ id, title, amount, currency }) => ({
      id,
      name: title,
      value: major(amount, currency),
      days: 0,
      state: "won" as const,
    })),
  };
  const selected = tab ?? data.stages[0]?.id;
  const visible = phone ? data.stages.filter(({ id }) => id === selected) : data.stages;
  return (
    <section
      aria-label={t("deals.replay.title")}
      tabIndex={-1}
      className="min-h-0 flex-1 overflow-auto md:rounded-panel md:border md:border-line md:bg-sunken"
    >
      <div
        className="flex min-h-full flex-col"
        style={{ minWidth: phone ? undefined : `${(data.stages.length + 1) * 208}px` }}
      >
        <div className="sticky top-0 z-3 bg-sunken md:[&_.orbit-sky]:rounded-none md:[&_.orbit-sky]:border-x-0 md:[&_.orbit-sky]:border-t-0 md:[&_.orbit-sky]:border-b">
          <OrbitStrip
            stages={[...strip, sun]}
            currency={data.totals[0]?.currency ?? "USD"}
            selected={selected}
            onSelect={setTab}
            panelId={panel}
          />
        </div>
        <div
          id={panel}
          role={phone ? "tabpanel" : undefined}
          className="grid flex-1 auto-cols-[minmax(0,1fr)] grid-flow-col"
        >
          {visible.map((stage) => (
            <ol
              key={stage.id}
              aria-label={stage.name}
              className="flex min-w-0 flex-col gap-2 border-line p-2 not-first:border-s max-md:px-4"
            >
              {stage.cards.map((card) => (
                <li
                  key={card.id}
                  className="rounded-[14px] border border-line border-dashed bg-surface px-3 py-2.5 text-[13.5px]"
                >
                  <p className="truncate font-[590]">
                    <bdi>{card.title ?? t("deals.replay.gone")}</bdi>
                  </p>
                  <p className="mt-1.5 flex flex-wrap items-center gap-x-2">
                    <DealBody value={major(card.amount, card.currency)} median={middle} state="active" />
                    <b className="num font-[590]">
                      {card.amount > 0 ? money(card.amount, card.currency, locale) : "–"}
                    </b>
                    <span className="ms-auto whitespace-nowrap text-cap text-muted">
                      {t("deals.inStage", { count: Math.max(0, daysBetween(dayKey(card.stage_since), day)) })}
                    </span>
                  </p>
                </li>
              ))}
            </ol>
          ))}
          {!phone && <div className="border-line border-s" />}
        </div>
      </div>
    </section>
  );
}
