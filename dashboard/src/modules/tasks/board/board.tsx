import { clsx } from "clsx";
import { CalendarClock } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { PlainLink } from "@/ui/link";
import type { TasksSearch } from "../address";
import { type Board as Data, COLUMNS, type Column } from "../data";
import { type Around, TaskRow } from "../parts/row";

const TONE: Record<Column, string> = {
  overdue: "text-danger-text",
  today_tasks: "text-sun-text",
  week: "text-ink",
  later: "text-ink",
  undated: "text-ink-2",
};

/** Open tasks by when they come up: beside each other where there is room, else one under the other. */
export function Board({
  board,
  search,
  around,
  onOverdue,
}: {
  board: Data;
  /** What the board is narrowed by. */
  search: TasksSearch;
  around: Around;
  onOverdue?: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  return (
    <div
      data-list=""
      className="grid min-h-0 flex-1 auto-rows-min gap-x-3 gap-y-5 overflow-y-auto pb-4 [scrollbar-width:thin] max-md:px-4 max-md:pb-24 xl:grid-cols-5 xl:grid-rows-1 xl:overflow-hidden xl:pb-0"
    >
      <p id="task-how" className="sr-only">
        {t("tasks.how")}
      </p>
      {COLUMNS.map((column) => (
        <Lane
          key={column}
          column={column}
          board={board}
          search={search}
          around={around}
          onAll={column === "overdue" ? onOverdue : undefined}
        />
      ))}
    </div>
  );
}

function Lane(props: {
  column: Column;
  board: Data;
  search: TasksSearch;
  around: Around;
  onAll: (() => void) | undefined;
}) {
  const { column, board, search, around, onAll } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  const { count, tasks } = board[column];
  const more = count - tasks.length;
  const none = count === 0;
  return (
    <section
      aria-labelledby={`lane-${column}`}
      className={clsx(
        "flex min-h-0 min-w-0 flex-col xl:rounded-panel xl:border xl:border-line xl:bg-sunken xl:px-2 xl:pt-2.5",
        none && "max-xl:hidden",
      )}
    >
      <h2 id={`lane-${column}`} className="flex items-baseline gap-2 px-1 pb-2 text-sm">
        <span className={clsx("snug font-semibold", count > 0 && TONE[column])}>{t(`tasks.column.${column}`)}</span>
        <span className="num text-cap text-muted">{count >= 1000 ? "1000+" : formats.count(count)}</span>
      </h2>
      {onAll && !none && (
        <Button writes size="small" icon={<CalendarClock />} onClick={onAll} className="mb-2 shrink-0 self-start">
          {t("tasks.bulk.overdue")}
        </Button>
      )}
      {none ? (
        <p className="px-1 pb-3 text-[12.5px] text-muted">{t(`tasks.none.${column}`)}</p>
      ) : (
        <ul className="flex min-h-0 flex-col gap-2 xl:overflow-y-auto xl:pb-2 xl:[scrollbar-width:thin]">
          {tasks.map((task) => (
            <TaskRow key={task.id} task={task} around={around} />
          ))}
          {more > 0 && (
            <li className="py-1 text-center text-[12.5px]">
              <PlainLink
                to="/tasks"
                search={{ ...search, view: "table", task: undefined, new: undefined }}
                className="reach text-accent-text hover:underline"
              >
                {t("tasks.more", { count: more })}
              </PlainLink>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}
