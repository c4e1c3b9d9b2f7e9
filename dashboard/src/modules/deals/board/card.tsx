import { useDraggable } from "@dnd-kit/core";
import { clsx } from "clsx";
import { Check, ClockAlert, EllipsisVertical, ListTodo, Moon, Sun } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { DealBody } from "@/sky/Deals/DealBody";
import { Reticle } from "@/sky/Reticle/Reticle";
import { Avatar } from "@/ui/avatar";
import { IconButton } from "@/ui/button";
import { PlainLink } from "@/ui/link";
import { Menu, MenuGroup, MenuItem, MenuLabel, MenuLine } from "@/ui/menu";
import { type Deal, stateOf } from "../data";
import { dayWords, daysBetween } from "../../tasks/when";
import { major, money } from "@/ui/money";
import { type Lane, useCarry, WON } from "./carry";

/** What a card needs of the board it stands on. */
export interface Around {
  members: Map<string, string>;
  /** The deal in the middle, in units of its currency: drawn five pixels wide. */
  median: number;
  today: string;
  lanes: readonly Lane[];
  writes: boolean;
  deletes: boolean;
  /** Where it is written how a card is carried by keys, on a board. */
  how?: string;
  onKey: (event: KeyboardEvent, deal: Deal) => void;
  onMove: (deal: Deal, lane: string) => void;
  onEnd: (deal: Deal, how: "won" | "lost" | "abandoned") => void;
  onDelete: (deal: Deal) => void;
}

/** A deal on the board. Its name is what the keyboard reaches: Enter opens it, Space picks it up. */
export function Card({ deal, around }: { deal: Deal; around: Around }) {
  const carry = useCarry();
  const open = deal.status === "open";
  const { setNodeRef, listeners } = useDraggable({ id: deal.id, data: { deal }, disabled: !around.writes || !open });
  const mine = carry?.deal.id === deal.id;
  return (
    <li
      ref={setNodeRef}
      {...listeners}
      data-card={deal.id}
      className={clsx("touch-manipulation", mine && carry.by === "pointer" && "opacity-35")}
    >
      <Reticle on={mine && carry.by === "keys"}>
        <Face deal={deal} around={around} carried={mine && carry.by === "keys"} />
      </Reticle>
    </li>
  );
}

/** What a card shows. */
export function Face({ deal, around, carried }: { deal: Deal; around: Around; carried?: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { members, median, today, writes } = around;
  const state = stateOf(deal, today, formats.dayKey);
  const owner = deal.owner ? members.get(deal.owner) : undefined;
  const who = [deal.company_name, deal.contacts[0]?.name].filter(Boolean).join(", ");
  return (
    <div
      className={clsx(
        "relative rounded-[14px] border bg-surface px-3 pt-2.5 pb-2 text-[13.5px] shadow-1",
        carried ? "border-accent-line shadow-3" : "border-line",
      )}
    >
      <p className="pe-7">
        <PlainLink
          to="/deals/$id"
          params={{ id: deal.id }}
          draggable={false}
          aria-describedby={writes && deal.status === "open" ? around.how : undefined}
          onKeyDown={(event) => around.onKey(event, deal)}
          className="reach block rounded-[4px] font-[590] hover:underline"
        >
          <span className="line-clamp-2 leading-[1.3] break-words">
            <bdi>{deal.title}</bdi>
          </span>
        </PlainLink>
      </p>
      <p className="min-h-[18px] truncate text-[12.5px] text-muted">
        <bdi>{who || deal.source}</bdi>
      </p>
      <p className="mt-1.5 flex items-center gap-2">
        <DealBody
          value={major(deal.amount, deal.currency)}
          median={median}
          state={state}
          label={t(`sky.deals.state.${state}`)}
        />
        <b className="num text-[15px] font-[590]">
          {deal.amount > 0 ? money(deal.amount, deal.currency, formats.locale) : "–"}
        </b>
        {owner && deal.owner && (
          <span className="ms-auto" title={owner}>
            <Avatar name={owner} id={deal.owner} size="xs" />
            <span className="sr-only">{owner}</span>
          </span>
        )}
      </p>
      <NextStep deal={deal} today={today} quiet={state === "quiet"} />
      <CardMenu deal={deal} around={around} />
    </div>
  );
}

/** Today is the sun's, late is danger, quiet is a warning; else it is just what comes next. */
function NextStep({ deal, today, quiet }: { deal: Deal; today: string; quiet: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { next_step: step, next_step_on: on } = deal;
  const away = on ? daysBetween(today, on) : undefined;
  const won = deal.status === "won";
  const [Icon, look, words] = won
    ? ([Check, "text-ink-2", formats.when(deal.closed_at ?? deal.updated_at)] as const)
    : away !== undefined && away < 0
      ? ([ClockAlert, "text-danger-text", t("deals.stepLate", { step: step ?? "", count: -away })] as const)
      : away === 0
        ? ([Sun, "text-sun-text font-[570]", t("deals.stepToday", { step: step ?? "" })] as const)
        : quiet
          ? ([
              Moon,
              "text-warning-text",
              t("deals.quietFor", { count: quietDays(deal, today, formats.dayKey) }),
            ] as const)
          : step
            ? ([
                ListTodo,
                "text-ink-2",
                on ? t("deals.stepOn", { step, day: dayWords(on, formats.locale) }) : step,
              ] as const)
            : ([ListTodo, "text-muted", t("deals.noStep")] as const);
  return (
    <p className={clsx("mt-2 flex items-center gap-1.5 border-line border-t pt-1.5 text-[12.5px]", look)}>
      <Icon aria-hidden="true" className="size-3.5 shrink-0 stroke-[1.75]" />
      <bdi className="min-w-0 truncate">{words}</bdi>
    </p>
  );
}

const quietDays = (deal: Deal, today: string, dayKey: (at: string) => string) =>
  Math.max(1, daysBetween(dayKey(deal.touched_at), today));

/** Everything a drag can do, and more, without one. */
function CardMenu({ deal, around }: { deal: Deal; around: Around }) {
  const { t } = useTranslation();
  const { writes, deletes, lanes, onMove, onEnd, onDelete } = around;
  if (deal.status !== "open" || (!writes && !deletes)) return null;
  return (
    <span className="absolute end-1 top-1" onPointerDown={(event) => event.stopPropagation()}>
      <Menu
        align="end"
        trigger={
          <IconButton
            small
            label={t("deals.actionsOf", { title: deal.title })}
            onMouseDown={(event) => event.stopPropagation()}
            onTouchStart={(event) => event.stopPropagation()}
          >
            <EllipsisVertical />
          </IconButton>
        }
      >
        {writes && (
          <>
            <MenuGroup>
              <MenuLabel>{t("deals.moveTo")}</MenuLabel>
              {lanes
                .filter(({ id }) => id !== WON && id !== deal.stage)
                .map(({ id, name }) => (
                  <MenuItem key={id} writes onClick={() => onMove(deal, id)}>
                    {name}
                  </MenuItem>
                ))}
            </MenuGroup>
            <MenuLine />
            {(["won", "lost", "abandoned"] as const).map((how) => (
              <MenuItem key={how} writes onClick={() => onEnd(deal, how)}>
                {t(how === "won" ? "deals.win" : how === "lost" ? "deals.lose" : "deals.abandon")}
              </MenuItem>
            ))}
          </>
        )}
        {deletes && (
          <MenuItem danger onClick={() => onDelete(deal)}>
            {t("deals.delete")}
          </MenuItem>
        )}
      </Menu>
    </span>
  );
}
