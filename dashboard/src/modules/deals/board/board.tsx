import {
  DndContext,
  type DragMoveEvent,
  DragOverlay,
  type DragStartEvent,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { clsx } from "clsx";
import { Fragment, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { median } from "@/sky/Deals/deal";
import { OrbitStrip } from "@/sky/Deals/OrbitStrip";
import { DropMark } from "@/sky/Reticle/Reticle";
import { Kbd } from "@/ui/kbd";
import { useMedia } from "@/ui/media";
import type { Move } from "../changes";
import { type Board as Data, type Deal, stateOf, useMembers, type Won } from "../data";
import { daysBetween } from "../../tasks/when";
import { major } from "@/ui/money";
import { tabs, usePlace } from "../last";
import { toldSum } from "../sums";
import { type Around, Card, Face } from "./card";
import { type Carry, CarryContext, type Lane, others, placeOf, shown, stepped, useCarry, WON } from "./carry";

export interface BoardProps {
  board: Data;
  /** What it is narrowed by: another board begins at its own place. */
  name: string;
  won: Won;
  writes: boolean;
  deletes: boolean;
  onMove: (move: Move, name: string, back: Omit<Move, "deal" | "stage">) => void;
  onEnd: (deal: Deal, how: "won" | "lost" | "abandoned") => void;
  onDelete: (deal: Deal) => void;
}

/** Where a pointer is during a drag: mouse and touch tell it differently. */
function pointerOf({ activatorEvent, delta }: DragMoveEvent): { x: number; y: number } | undefined {
  const begun =
    activatorEvent instanceof MouseEvent
      ? activatorEvent
      : "touches" in activatorEvent
        ? (activatorEvent as TouchEvent).touches[0]
        : undefined;
  return begun && { x: begun.clientX + delta.x, y: begun.clientY + delta.y };
}

/** The lane under a point, and between which of its cards the point is. */
function landing(point: { x: number; y: number }, deal: Deal): { lane: string; index: number } | undefined {
  for (const lane of document.querySelectorAll<HTMLElement>("[data-lane]")) {
    const box = lane.getBoundingClientRect();
    if (point.x < box.left || point.x >= box.right || point.y < box.top - 140 || point.y > box.bottom) continue;
    const cards = [...lane.querySelectorAll<HTMLElement>("[data-card]")].filter(
      (card) => card.dataset.card !== deal.id,
    );
    const middle = (card: HTMLElement) => {
      const { top, height } = card.getBoundingClientRect();
      return top + height / 2;
    };
    return { lane: lane.dataset.lane ?? "", index: cards.filter((card) => middle(card) < point.y).length };
  }
  return undefined;
}

/** Deals by stage: the orbits over their columns, cards that are dragged by mouse, finger and keys. */
export function Board({ board, name, won, writes, deletes, onMove, onEnd, onDelete }: BoardProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  const phone = useMedia("(max-width: 767px)");
  const panel = useId();
  const [tab, showTab] = useState(tabs.get(board.pipeline));
  const setTab = (next: string) => {
    tabs.set(board.pipeline, next);
    showTab(next);
  };
  const place = usePlace<HTMLElement>(`${board.pipeline}/${name}`);
  const [carry, setCarry] = useState<Carry>();
  const [said, setSaid] = useState("");
  const refocus = useRef<{ deal: string; lane: string }>(undefined);
  const today = formats.dayKey(new Date());
  const month = new Intl.DateTimeFormat(formats.locale, { month: "long" }).format(new Date(`${today}T12:00:00`));
  // A tab has room for a word.
  const sunName = phone ? t("sky.deals.won") : t("deals.wonIn", { month });
  const sun: Lane = { id: WON, name: sunName, cards: won.items, count: won.count };
  const lanes: Lane[] = [...board.stages, sun];
  const views = shown(lanes, carry);
  const middle = median(
    [...board.stages.flatMap(({ cards }) => cards), ...won.items].map((d) => major(d.amount, d.currency)),
  );
  const currency = board.totals[0]?.currency ?? won.items[0]?.currency ?? "USD";

  useEffect(() => {
    const wanted = refocus.current;
    if (!wanted) return;
    const link = document.querySelector<HTMLElement>(`[data-lane="${wanted.lane}"] [data-card="${wanted.deal}"] a`);
    const at = document.activeElement;
    // A card that went to another lane lost the focus on its way; who has gone elsewhere meanwhile stays there.
    if (at !== document.body && at?.closest("[data-card]") === null) refocus.current = undefined;
    else if (link) {
      if (carry === undefined) refocus.current = undefined;
      if (at !== link) link.focus();
    }
  });

  const tell = (words: "lifted" | "over" | "dropped", { deal, lane, index }: Carry) => {
    const there = lanes.find(({ id }) => id === lane);
    if (!there) return;
    const of = others(there, deal).length + 1;
    const told = { title: deal.title, stage: there.name, n: index + 1, of };
    setSaid(lane === WON && words === "over" ? t("deals.drag.overWon", told) : t(`deals.drag.${words}`, told));
  };

  const drop = ({ deal, lane, index }: Carry) => {
    const from = placeOf(lanes, deal.id);
    const to = lanes.find(({ id }) => id === lane);
    if (!from || !to) return;
    if (lane === WON) return onEnd(deal, "won");
    if (from.lane.id === lane && from.index === index) return;
    const [rest, old] = [others(to, deal), others(from.lane, deal)];
    const move = { deal, stage: lane, index, after: rest[index - 1]?.id, before: rest[index]?.id };
    const back = { index: from.index, after: old[from.index - 1]?.id, before: old[from.index]?.id };
    onMove(move, to.name, back);
  };

  const onKey = (event: KeyboardEvent, deal: Deal) => {
    const mine = carry?.by === "keys" && carry.deal.id === deal.id;
    if (!mine) {
      const from = placeOf(lanes, deal.id);
      if (event.key !== " " || !writes || deal.status !== "open" || !from) return;
      event.preventDefault();
      const next: Carry = { deal, by: "keys", lane: from.lane.id, index: from.index };
      refocus.current = { deal: deal.id, lane: from.lane.id };
      setCarry(next);
      return tell("lifted", next);
    }
    if (!["Enter", " ", "Escape", "Tab"].includes(event.key) && !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key.startsWith("Arrow")) {
      const next = stepped(lanes, carry, event.key, document.documentElement.dir === "rtl");
      if (phone) setTab(next.lane);
      refocus.current = { deal: deal.id, lane: next.lane };
      setCarry(next);
      return tell("over", next);
    }
    setCarry(undefined);
    if (event.key === "Enter" || event.key === " ") {
      tell("dropped", carry);
      return drop(carry);
    }
    if (phone) setTab(deal.stage);
    refocus.current = { deal: deal.id, lane: deal.stage };
    setSaid(t("deals.drag.cancelled", { title: deal.title }));
  };

  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 4 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 200, tolerance: 6 } }),
  );
  const onStart = ({ active }: DragStartEvent) => {
    const deal = active.data.current?.deal as Deal;
    const from = placeOf(lanes, deal.id);
    if (from) setCarry({ deal, by: "pointer", lane: from.lane.id, index: from.index });
  };
  const onDragged = (event: DragMoveEvent) => {
    const point = pointerOf(event);
    setCarry((old) => {
      const to = old && point && landing(point, old.deal);
      return !old || !to || (to.lane === old.lane && to.index === old.index) ? old : { ...old, ...to };
    });
  };
  const onDropped = () => {
    setCarry(undefined);
    if (carry) drop(carry);
  };

  const around: Around = {
    members,
    median: middle,
    today,
    lanes,
    writes,
    deletes,
    how: "deal-how",
    onKey,
    onEnd,
    onDelete,
    onMove: (deal, lane) => {
      const to = lanes.find(({ id }) => id === lane);
      if (to) drop({ deal, by: "keys", lane, index: 0 });
    },
  };
  const likely = ({ configured, history, sample }: Data["stages"][number]["probability"]) =>
    typeof history === "number"
      ? t("deals.likelyOf", { percent: configured, history, count: sample })
      : t("deals.likely", { percent: configured });
  const strip = views.map((lane) => {
    const stage = board.stages.find(({ id }) => id === lane.id);
    const { totals, home } = stage ?? won;
    const sum = toldSum(totals, home, formats.locale);
    return {
      id: lane.id,
      name: lane.name,
      count: (stage ?? won).count,
      total: sum?.text ?? "–",
      parts: sum?.parts,
      note: stage && likely(stage.probability),
      deals: lane.cards.map((deal) => ({
        id: deal.id,
        name: deal.title,
        value: major(deal.amount, deal.currency),
        days: deal.expected_close ? daysBetween(today, deal.expected_close) : 90,
        state: lane.id === WON ? ("won" as const) : stateOf(deal, today, formats.dayKey),
        atRisk: typeof deal.next_step_on === "string" && daysBetween(today, deal.next_step_on) < 0,
      })),
    };
  });
  const selected = tab ?? lanes[0]?.id ?? "";
  const visible = phone ? views.filter(({ id }) => id === selected) : views;
  const wide = { minWidth: phone ? undefined : `${lanes.length * 208}px` };
  return (
    <CarryContext value={carry}>
      <DndContext
        sensors={sensors}
        onDragStart={onStart}
        onDragMove={onDragged}
        onDragEnd={onDropped}
        onDragCancel={() => setCarry(undefined)}
        accessibility={{ announcements: SILENT, screenReaderInstructions: { draggable: "" } }}
      >
        <p id="deal-how" className="sr-only">
          {t("deals.drag.how")}
        </p>
        <p role="status" className="sr-only" data-said="">
          {said}
        </p>
        <section
          {...place}
          aria-label={t("deals.title")}
          tabIndex={-1}
          className="relative min-h-0 flex-1 overflow-auto overscroll-contain md:rounded-panel md:border md:border-line md:bg-sunken"
        >
          <div style={wide} className="flex min-h-full flex-col">
            <div className="sticky top-0 z-3 shrink-0 bg-sunken max-md:bg-void md:[&_.orbit-sky]:rounded-none md:[&_.orbit-sky]:border-x-0 md:[&_.orbit-sky]:border-t-0 md:[&_.orbit-sky]:border-b">
              <OrbitStrip stages={strip} currency={currency} selected={selected} onSelect={setTab} panelId={panel} />
            </div>
            <div
              id={panel}
              {...(phone && { role: "tabpanel", "aria-label": views.find(({ id }) => id === selected)?.name })}
              className="grid flex-1 auto-cols-[minmax(0,1fr)] grid-flow-col"
            >
              {visible.map((lane) => (
                <Column key={lane.id} lane={lane} around={around} all={lanes} />
              ))}
            </div>
          </div>
        </section>
        {carry?.by === "keys" && (
          <div
            aria-hidden="true"
            className="fixed bottom-5 start-1/2 z-20 flex -translate-x-1/2 items-center gap-3 rounded-[12px] border border-line-2 bg-overlay px-4 py-2.5 text-[13px] shadow-3 max-md:hidden rtl:translate-x-1/2"
          >
            <b className="max-w-60 truncate font-[590]">{t("deals.drag.moving", { title: carry.deal.title })}</b>
            <span className="flex items-center gap-1.5 text-muted">
              <Kbd>←</Kbd>
              <Kbd>→</Kbd> {t("deals.drag.stage")} <Kbd>↑</Kbd>
              <Kbd>↓</Kbd> {t("deals.drag.place")} <Kbd>↵</Kbd> {t("deals.drag.drop")} <Kbd>esc</Kbd>{" "}
              {t("deals.drag.cancel")}
            </span>
          </div>
        )}
        <DragOverlay dropAnimation={null}>
          {carry?.by === "pointer" && (
            <div className="rotate-1 cursor-grabbing">
              <Face deal={carry.deal} around={{ ...around, writes: false, deletes: false }} carried />
            </div>
          )}
        </DragOverlay>
      </DndContext>
    </CarryContext>
  );
}

/** The board speaks for itself; one voice is enough. */
const nothing = () => undefined;
const SILENT = { onDragStart: nothing, onDragOver: nothing, onDragEnd: nothing, onDragCancel: nothing };

function Column({ lane, around, all }: { lane: Lane; around: Around; all: readonly Lane[] }) {
  const { t } = useTranslation();
  const carry = useCarry();
  const target = carry?.by === "pointer" && carry.lane === lane.id;
  const from = carry && placeOf(all, carry.deal.id);
  const still = from?.lane.id === lane.id && from.index === carry?.index;
  const mark = target && !still ? <DropMark label={carry.deal.title} /> : undefined;
  // Counted without the card itself, as the place is.
  let place = 0;
  return (
    <div
      data-lane={lane.id}
      className={clsx(
        "min-w-0 border-line p-2 not-first:border-s max-md:border-0 max-md:px-4",
        target && "bg-[color-mix(in_oklab,var(--accent)_5%,transparent)]",
      )}
    >
      <ol aria-label={lane.name} className="flex flex-col gap-2 pb-16">
        {lane.cards.map((deal) => {
          const own = carry?.deal.id === deal.id;
          const here = !own && mark && place === carry?.index && lane.id !== WON;
          if (!own) place += 1;
          return (
            <Fragment key={deal.id}>
              {here && (
                <li aria-hidden="true" className="h-0">
                  {mark}
                </li>
              )}
              <Card deal={deal} around={around} />
            </Fragment>
          );
        })}
        {mark && (lane.id === WON || (carry?.index ?? 0) >= place) && <li aria-hidden="true">{mark}</li>}
        {lane.cards.length === 0 && !mark && (
          <li className="rounded-[14px] border border-line border-dashed px-3 py-6 text-center text-[12.5px] text-muted">
            {t("deals.laneEmpty")}
          </li>
        )}
        {lane.count > lane.cards.length && carry === undefined && (
          <li className="px-1 text-cap text-muted">{t("deals.laneMore", { count: lane.count - lane.cards.length })}</li>
        )}
      </ol>
    </div>
  );
}
