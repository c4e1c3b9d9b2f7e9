import { useInfiniteQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/api/pages";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { useRowsIn } from "@/ui/rows";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import type { TasksSearch } from "../address";
import type { useTaskChanges } from "../changes";
import { type Task, taskList, type Wish } from "../data";
import { Shown } from "./shown";

type Changes = ReturnType<typeof useTaskChanges>;

/** Tasks that were deleted in the last thirty days, the last one first, each with its way back. */
export function DeletedTasks(props: { wish: Wish; changes: Changes; onChange: (next: Partial<TasksSearch>) => void }) {
  const { t } = useTranslation();
  const { wish, changes, onChange } = props;
  const query = useInfiniteQuery(taskList({ ...wish, sort: "-deleted_at", deleted: true }));
  const rows = rowsOf(query.data);
  return (
    <Panel label={t("tasks.title")} bare fill>
      <div className="flex shrink-0 items-center border-line border-b px-3 py-2">
        <Shown value="deleted" onChange={onChange} />
      </div>
      {query.isPending ? (
        <SkeletonRows rows={10} />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <Empty title={t("tasks.deleted.noneTitle")}>{t("tasks.deleted.noneText")}</Empty>
      ) : (
        <Rows rows={rows} changes={changes} more={query.hasNextPage}>
          {query.hasNextPage && (
            <div className="p-3 text-center">
              <Button size="small" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t("tasks.showMore")}
              </Button>
            </div>
          )}
        </Rows>
      )}
      <p
        role="status"
        className="num mt-auto shrink-0 border-line border-t px-[18px] py-2 text-cap text-muted max-md:hidden"
      >
        {query.data && t("tasks.loaded", { count: rows.length })}
      </p>
    </Panel>
  );
}

function Rows(props: { rows: readonly Task[]; changes: Changes; more: boolean; children: ReactNode }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const deletes = useMay("tasks.delete");
  const { rows, changes, more } = props;
  const frame = useRef<HTMLDivElement>(null);
  const long = useRowsIn(frame, { count: rows.length, height: 57, kind: "list", more });
  return (
    <div ref={frame} className="min-h-0 flex-1 overflow-y-auto print:overflow-visible" data-list="">
      <ul className="divide-y divide-line px-3" {...long.holding}>
        {long.rows((index, place) => {
          const task = rows[index];
          return (
            task && (
              <li key={task.id} {...place} className="flex items-center gap-3 py-2">
                <span className="min-w-0 flex-1">
                  <bdi className="line-clamp-2 break-words text-[13.5px] font-[560]">{task.title}</bdi>
                  <span className="num text-[12.5px] text-muted">
                    {t("tasks.deleted.when", { when: formats.when(task.deleted_at ?? "") })}
                  </span>
                </span>
                {deletes && (
                  <Button
                    writes
                    size="small"
                    icon={<RotateCcw />}
                    aria-label={t("tasks.deleted.restoreOne", { title: task.title })}
                    disabled={changes.restore.isPending && changes.restore.variables?.id === task.id}
                    onClick={() => changes.restore.mutate(task)}
                  >
                    {t("tasks.deleted.restore")}
                  </Button>
                )}
              </li>
            )
          );
        })}
      </ul>
      {props.children}
    </div>
  );
}
