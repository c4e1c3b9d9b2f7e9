import { clsx } from "clsx";
import {
  Check,
  CircleAlert,
  ClockAlert,
  CornerDownRight,
  EllipsisVertical,
  FileText,
  ListTodo,
  type LucideIcon,
  Mail,
  MessageSquare,
  Moon,
  MoonStar,
  NotebookPen,
  Phone,
  Receipt,
  Repeat,
  SkipForward,
  Sun,
  Trash2,
  Users,
} from "lucide-react";
import { type KeyboardEvent, type ReactNode, type TouchEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Avatar } from "@/ui/avatar";
import { IconButton } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { type Chosen, useHas } from "@/ui/chosen";
import type { RowPlace } from "@/ui/rows";
import { Menu, MenuGroup, MenuItem, MenuLabel, MenuLine } from "@/ui/menu";
import { useLookOnly } from "@/ui/read-only";
import type { useTaskChanges } from "../changes";
import { type Kind, type Task, useNames } from "../data";
import type { Asks } from "./dialogs";
import { sayRule } from "./rules";
import { dayWords, dueDay, monday, plus, snoozes, today as todayIn } from "../when";

export const ICONS: Record<Task["kind"], LucideIcon> = {
  task: ListTodo,
  call: Phone,
  email: Mail,
  message: MessageSquare,
  meeting: Users,
  proposal: FileText,
  invoice: Receipt,
};

/** What a row can do, given by the list it stands in. */
export interface Around {
  changes: ReturnType<typeof useTaskChanges>;
  onOpen: (task: Task) => void;
  asks: Asks;
  /** Several are being chosen: a box stands where the circle was. */
  chosen?: Chosen<Task> | undefined;
}

/** How far a finger goes to finish a task, in pixels. */
const FAR = 96;

/** Something to do: its circle finishes it, its name opens it; a swipe, `x` and the space bar finish it too. */
export function TaskRow(props: {
  task: Task;
  around: Around;
  /** A line of a list instead of a card. */
  plain?: boolean;
  /** It stands on the page of what it is about. */
  within?: Kind;
  /** Of a long list. */
  place?: RowPlace;
}) {
  const { task, around, plain, within } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  const me = useMe();
  const { names } = useNames(task.assignee ? [task.assignee] : []);
  const writes = useMay("tasks.write");
  const looks = useLookOnly(true) !== undefined;
  const open = task.status === "open";
  const can = writes && open && !looks;
  const finish = () => can && around.changes.complete.mutate({ task });
  const choosing = around.chosen;
  const swipe = useSwipe(can && !choosing, finish);
  const Icon = ICONS[task.kind];
  const about =
    (within !== "contact" && task.contact_name) ||
    (within !== "company" && task.company_name) ||
    (within !== "deal" && task.deal_title);
  // Whose it is says nothing to whoever it is.
  const who = task.assignee && task.assignee !== me?.user?.id ? names.get(task.assignee) : undefined;
  const onKey = (event: KeyboardEvent<HTMLButtonElement>) => {
    const { key } = event;
    if ((key === " " || key === "x") && choosing) {
      event.preventDefault();
      choosing.put([task], !choosing.has(task.id));
    } else if (key === " " || key === "x") {
      event.preventDefault();
      // The next one takes the focus: a list is worked through without the mouse.
      beside(event.currentTarget, 1)?.focus();
      finish();
    } else if (key === "ArrowDown" || key === "ArrowUp") {
      const next = beside(event.currentTarget, key === "ArrowDown" ? 1 : -1);
      if (next) event.preventDefault();
      next?.focus();
    }
  };
  return (
    <li
      {...props.place}
      {...swipe.handlers}
      className={clsx(
        "relative overflow-hidden",
        plain ? "border-line border-b last:border-0" : "rounded-[12px] border border-line bg-surface shadow-1",
      )}
    >
      {swipe.away !== 0 && (
        <span
          aria-hidden="true"
          className={clsx(
            "absolute inset-0 flex items-center px-5 text-on-accent",
            swipe.far ? "bg-accent" : "bg-line-2",
            swipe.away > 0 ? "justify-start" : "justify-end",
          )}
        >
          <Check className="size-5" />
        </span>
      )}
      <div
        className="relative flex items-start bg-surface px-2.5 py-2"
        style={swipe.away ? { transform: `translateX(${swipe.away}px)` } : undefined}
      >
        {choosing ? (
          <Choose task={task} chosen={choosing} />
        ) : (
          <button
            type="button"
            aria-label={t(open ? "tasks.completeOne" : "tasks.reopenOne", { title: task.title })}
            disabled={!writes || looks}
            onClick={() => (open ? finish() : around.changes.reopen.mutate(task))}
            className="group -my-2.5 -ms-2.5 grid size-11 shrink-0 place-items-center disabled:cursor-not-allowed"
          >
            <span
              className={clsx(
                "grid size-[18px] place-items-center rounded-full border-[1.5px]",
                open ? "border-control group-hover:border-accent" : "border-transparent bg-accent text-on-accent",
              )}
            >
              <Check
                aria-hidden="true"
                className={clsx("size-3 stroke-3", open && "text-accent-text opacity-0 group-hover:opacity-100")}
              />
            </span>
          </button>
        )}
        <div className="min-w-0 flex-1">
          <button
            type="button"
            data-task={task.id}
            aria-describedby={can ? "task-how" : undefined}
            onClick={() => around.onOpen(task)}
            onKeyDown={onKey}
            className="reach block w-[calc(100%-30px)] rounded-[4px] text-start text-[13.5px] font-[560] hover:underline"
          >
            <bdi className={clsx("line-clamp-2 break-words", !open && "text-muted line-through")}>{task.title}</bdi>
          </button>
          <p className="mt-1 flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5 text-[12.5px] text-muted">
            <Icon role="img" aria-label={t(`tasks.kind.${task.kind}`)} className="size-3.5 shrink-0 stroke-[1.75]" />
            {(task.priority === "high" || task.priority === "urgent") && open && (
              <CircleAlert
                role="img"
                aria-label={t(`tasks.priority.${task.priority}`)}
                className={clsx(
                  "size-3.5 shrink-0 stroke-[1.75]",
                  task.priority === "urgent" ? "text-danger-text" : "text-warning-text",
                )}
              />
            )}
            <Due task={task} />
            {task.rule && (
              <Repeat
                role="img"
                aria-label={sayRule(task.rule, t, formats)}
                className="size-3.5 shrink-0 stroke-[1.75]"
              />
            )}
            {about && <bdi className="max-w-full min-w-0 truncate">{about}</bdi>}
            {who && task.assignee && (
              <span title={who} className="ms-auto">
                <Avatar name={who} id={task.assignee} size="xs" />
                <span className="sr-only">{who}</span>
              </span>
            )}
          </p>
        </div>
        <span className="absolute end-1.5 top-1">
          <TaskMenu task={task} around={around} />
        </span>
      </div>
    </li>
  );
}

function Choose({ task, chosen }: { task: Task; chosen: Chosen<Task> }) {
  const { t } = useTranslation();
  const on = useHas(chosen, task.id);
  return (
    <span className="-my-2.5 -ms-2.5 grid size-11 shrink-0 place-items-center">
      <Checkbox
        label={t("tasks.bulk.choose", { title: task.title })}
        checked={on}
        onChange={(next) => chosen.put([task], next)}
      />
    </span>
  );
}

/** The name beside another one in the order of the page. */
function beside(name: HTMLElement, step: number): HTMLElement | undefined {
  const all = [...document.querySelectorAll<HTMLElement>("[data-task]")];
  return all[all.indexOf(name) + step];
}

/** Late is danger, today is the sun's; else it is just when. */
export function Due({ task }: { task: Task }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = Date.now();
  if (task.status !== "open") return <span className="truncate">{t(`tasks.status.${task.status}`)}</span>;
  const asleep = task.snoozed_until && Date.parse(task.snoozed_until) > now;
  if (asleep)
    return (
      <Mark icon={Moon} look="text-ink-2">
        {t("tasks.until", { when: formats.when(task.snoozed_until ?? "") })}
      </Mark>
    );
  if (!task.due_on || !task.due_at) return null;
  const { due_on, due_at, due_time, zone } = task;
  const on = dueDay({ due_on, due_at, due_time, zone }, formats.zone ?? zone, now);
  const away = on.away;
  const late = Date.parse(due_at) < now;
  const time = due_time && formats.time(due_at);
  const day =
    away === 0
      ? t("tasks.today")
      : away === 1
        ? t("tasks.tomorrow")
        : away === -1
          ? t("tasks.yesterday")
          : dayWords(on.day, formats.locale);
  return (
    <Mark
      icon={late ? ClockAlert : away === 0 ? Sun : undefined}
      look={late ? "text-danger-text" : away === 0 ? "text-sun-text font-[570]" : "text-ink-2"}
    >
      {time ? t("tasks.dayAt", { day, time }) : day}
    </Mark>
  );
}

function Mark({ icon: Icon, look, children }: { icon?: LucideIcon; look: string; children: ReactNode }) {
  return (
    <span className={clsx("num flex shrink-0 items-center gap-1 whitespace-nowrap", look)}>
      {Icon && <Icon aria-hidden="true" className="size-3.5 shrink-0 stroke-[1.75]" />}
      {children}
    </span>
  );
}

/** When else, and what else, without opening it. */
function TaskMenu({ task, around }: { task: Task; around: Around }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const writes = useMay("tasks.write");
  const deletes = useMay("tasks.delete");
  const { changes, asks } = around;
  const open = task.status === "open";
  if (!writes && !deletes) return null;
  const zone = formats.zone ?? task.zone;
  const today = todayIn(task.zone);
  const days = [
    ["today", today],
    ["tomorrow", plus(today, 1)],
    ["monday", monday(today)],
    ["week", plus(today, 7)],
  ] as const;
  return (
    <Menu
      align="end"
      trigger={
        <IconButton small label={t("tasks.actionsOf", { title: task.title })}>
          <EllipsisVertical />
        </IconButton>
      }
    >
      {writes && open && (
        <>
          <MenuItem writes icon={<Check />} onClick={() => changes.complete.mutate({ task })}>
            {t("tasks.complete")}
          </MenuItem>
          <MenuItem writes icon={<NotebookPen />} onClick={() => asks.onNote(task)}>
            {t("tasks.completeNote")}
          </MenuItem>
          {!task.rule && (
            <MenuItem writes icon={<CornerDownRight className="rtl:-scale-x-100" />} onClick={() => asks.onNext(task)}>
              {t("tasks.completeThen")}
            </MenuItem>
          )}
          <MenuLine />
          <MenuGroup>
            <MenuLabel>{t("tasks.snooze")}</MenuLabel>
            {snoozes(zone).map(({ name, until }) => (
              <MenuItem key={name} writes icon={<Moon />} onClick={() => changes.snooze.mutate({ task, until })}>
                {t(`tasks.snoozes.${name}`)}
                <span className="num ms-auto ps-4 text-cap text-muted">
                  {t("tasks.dayAt", {
                    day: dayWords(formats.dayKey(until), formats.locale),
                    time: formats.time(until),
                  })}
                </span>
              </MenuItem>
            ))}
            <MenuItem writes icon={<MoonStar />} onClick={() => asks.onSnooze(task)}>
              {t("tasks.snoozes.other")}
            </MenuItem>
            {task.snoozed_until && (
              <MenuItem writes icon={<Sun />} onClick={() => changes.snooze.mutate({ task })}>
                {t("tasks.wake")}
              </MenuItem>
            )}
          </MenuGroup>
          <MenuLine />
          <MenuGroup>
            <MenuLabel>{t("tasks.moveTo")}</MenuLabel>
            {days.map(([name, day]) => (
              <MenuItem key={name} writes onClick={() => changes.move.mutate({ task, due_on: day })}>
                {t(`tasks.moves.${name}`)}
                <span className="num ms-auto ps-4 text-cap text-muted">{dayWords(day, formats.locale)}</span>
              </MenuItem>
            ))}
          </MenuGroup>
          <MenuLine />
          <MenuItem writes icon={<SkipForward />} onClick={() => asks.onSkip(task)}>
            {t("tasks.skip")}
          </MenuItem>
        </>
      )}
      {writes && !open && (
        <MenuItem writes onClick={() => changes.reopen.mutate(task)}>
          {t("tasks.reopen")}
        </MenuItem>
      )}
      {deletes && (
        <MenuItem danger icon={<Trash2 />} onClick={() => changes.remove.mutate(task)}>
          {t("tasks.delete")}
        </MenuItem>
      )}
    </Menu>
  );
}

/** A finger that draws a row aside, to either side, far enough to mean it. */
function useSwipe(on: boolean, onFar: () => void) {
  const start = useRef<{ x: number; y: number; sideways?: boolean }>(undefined);
  const [away, setAway] = useState(0);
  const far = Math.abs(away) >= FAR;
  if (!on) return { away: 0, far: false, handlers: {} };
  return {
    away,
    far,
    handlers: {
      onTouchStart: (event: TouchEvent) => {
        const touch = event.touches[0];
        start.current = touch ? { x: touch.clientX, y: touch.clientY } : undefined;
      },
      onTouchMove: (event: TouchEvent) => {
        const touch = event.touches[0];
        const from = start.current;
        if (!from || !touch) return;
        const [x, y] = [touch.clientX - from.x, touch.clientY - from.y];
        // What begins by going up or down scrolls the list, and goes on doing so.
        if (from.sideways === undefined && Math.hypot(x, y) > 12) from.sideways = Math.abs(x) > 1.5 * Math.abs(y);
        if (from.sideways) setAway(x);
      },
      onTouchEnd: () => {
        start.current = undefined;
        setAway(0);
        if (far) onFar();
      },
      onTouchCancel: () => {
        start.current = undefined;
        setAway(0);
      },
    },
  };
}
