import { useQuery } from "@tanstack/react-query";
import { lazy, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { DealBody } from "@/sky/Deals/DealBody";
import { median } from "@/sky/Deals/deal";
import { PipelineSky } from "@/sky/Deals/PipelineSky";
import { PlainLink } from "@/ui/link";
import { useMedia } from "@/ui/media";
import { major, money } from "@/ui/money";
import { Opened } from "@/ui/opened";
import { Failed, SkeletonRows } from "@/ui/states";
import { type Around, Face } from "../board/card";
import { type Lane, others } from "../board/carry";
import { useEnds } from "../changes";
import { type Board, board, type Deal, type Pipeline, stateOf, useMembers, type Wish } from "../data";
import { toldSum } from "../sums";
import { useAskedMoves } from "./moving";
import { useStages } from "./stages";

const CloseDialog = lazy(async () => ({ default: (await import("./close-dialog")).CloseDialog }));

/** The board as a sky: what is new at the rim, what is nearly won around the sun, what closes soon on the early side. */
export function OrbitView({ line, wish }: { line: Pipeline; wish: Wish }) {
  const query = useQuery(board(line.id, wish));
  if (query.isPending) return <SkeletonRows rows={8} tall />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  return query.data ? <Sky board={query.data} /> : null;
}

const Sum = ({ text, parts }: Partial<NonNullable<ReturnType<typeof toldSum>>>) => (
  <span className="num ms-auto shrink-0 font-[420] text-muted" title={parts}>
    {text}
  </span>
);

function Sky({ board: data }: { board: Board }) {
  const { t } = useTranslation();
  const { locale, dayKey } = useFormats();
  const wide = useMedia("(min-width: 768px)");
  const members = useMembers();
  const writes = useMay("deals.write");
  const deletes = useMay("deals.delete");
  const { move, asking } = useAskedMoves();
  const { remove, win } = useEnds();
  const [chosen, setChosen] = useState<string>();
  const [ending, setEnding] = useState<{ deal: Deal; how: "won" | "lost" | "abandoned" }>();
  const today = dayKey(new Date());
  const deals = useMemo(() => data.stages.flatMap(({ cards }) => cards), [data]);
  const middle = median(deals.map(({ amount, currency }) => major(amount, currency)));
  const stages = useStages(data);
  const lanes: Lane[] = data.stages;
  const found = deals.find(({ id }) => id === chosen);
  const worth = (deal: Deal) => (deal.amount > 0 ? money(deal.amount, deal.currency, locale) : "–");
  const end = (deal: Deal, how: "won" | "lost" | "abandoned") => (how === "won" ? win(deal) : setEnding({ deal, how }));
  /** To the top of another stage; back to where it stood. */
  const go = (deal: Deal, stage: string) => {
    const [from, to] = [deal.stage, stage].map((id) => lanes.find((lane) => lane.id === id));
    if (!from || !to || from === to) return;
    const index = from.cards.findIndex(({ id }) => id === deal.id);
    const rest = others(from, deal);
    const back = { index, after: rest[index - 1]?.id, before: rest[index]?.id };
    move({ deal, stage, index: 0, before: to.cards[0]?.id }, to.name, back);
  };
  const drop = (id: string, ring: number) => {
    const deal = deals.find((one) => one.id === id);
    const stage = data.stages[ring];
    if (!deal) return;
    setChosen(id);
    if (stage) go(deal, stage.id);
    else win(deal);
  };
  const around: Around = {
    members,
    median: middle,
    today,
    lanes,
    writes,
    deletes,
    onKey: () => undefined,
    onMove: go,
    onEnd: end,
    onDelete: (deal) => remove.mutate(deal),
  };
  const currency = data.totals[0]?.currency ?? "USD";
  const nameOf = (id: string) => {
    const deal = deals.find((one) => one.id === id);
    const stage = data.stages.find((one) => one.id === deal?.stage)?.name ?? "";
    return deal ? t("deals.orbit.body", { title: deal.title, stage, amount: worth(deal) }) : "";
  };
  return (
    <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)_320px] gap-4 max-lg:grid-cols-[minmax(0,1fr)_260px] max-md:block max-md:overflow-y-auto max-md:px-4 max-md:pb-24">
      <div className="flex min-h-0 flex-col rounded-panel border border-line bg-surface p-4 shadow-1 max-md:p-2">
        <PipelineSky
          page
          stages={stages}
          currency={currency}
          live={
            wide
              ? {
                  label: `${t("deals.orbit.label")}. ${t("deals.orbit.how")}`,
                  selected: chosen,
                  nameOf: ({ id }) => nameOf(id),
                  onSelect: setChosen,
                  ...(writes && { onDrop: drop }),
                }
              : undefined
          }
        />
      </div>
      <aside aria-label={t("deals.orbit.list")} className="min-h-0 overflow-y-auto max-md:mt-4 max-md:overflow-visible">
        {wide && (
          <section aria-label={t("deals.orbit.chosen")} aria-live="polite" className="mb-4">
            {found ? (
              <Face deal={found} around={around} />
            ) : (
              <p className="rounded-[14px] border border-line border-dashed px-3 py-5 text-center text-[12.5px] text-muted">
                {t("deals.orbit.choose")}
              </p>
            )}
          </section>
        )}
        {data.stages.map(({ id, name, count, cards, totals, home }) => (
          <section key={id} className="mb-4">
            <h2 className="mb-1 flex items-baseline gap-2 text-[13.5px] font-[590]">
              <bdi className="min-w-0 truncate">{name}</bdi>
              <span className="font-[420] text-muted">{count}</span>
              <Sum {...toldSum(totals, home, locale)} />
            </h2>
            <ul>
              {cards.map((deal) => (
                <li
                  key={deal.id}
                  className="flex min-h-8 items-center gap-1.5 text-[13px] max-md:min-h-11 coarse:min-h-11"
                >
                  <span className="grid w-8 shrink-0 place-items-center">
                    <DealBody
                      value={major(deal.amount, deal.currency)}
                      median={middle}
                      state={stateOf(deal, today, dayKey)}
                    />
                  </span>
                  <PlainLink to="/deals/$id" params={{ id: deal.id }} className="reach min-w-0 flex-1 hover:underline">
                    <bdi className="block truncate">{deal.title}</bdi>
                  </PlainLink>
                  <span className="num shrink-0">{worth(deal)}</span>
                </li>
              ))}
              {cards.length === 0 && <li className="text-cap text-muted">{t("deals.laneEmpty")}</li>}
              {count > cards.length && (
                <li className="text-cap text-muted">{t("deals.laneMore", { count: count - cards.length })}</li>
              )}
            </ul>
          </section>
        ))}
      </aside>
      {asking}
      <Opened open={ending !== undefined}>
        <CloseDialog ending={ending} onClose={() => setEnding(undefined)} />
      </Opened>
    </div>
  );
}
