import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/api/pages";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { useRowsIn } from "@/ui/rows";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { SORTS, type Sort, type TasksSearch } from "../address";
import { type Task, taskList, type Wish } from "../data";
import { type Around, TaskRow } from "./row";
import { Shown } from "./shown";

/** Tasks one under the other, open or ended, in any order the server knows. */
export function TaskTable(props: {
  search: TasksSearch;
  wish: Wish;
  around: Around;
  onChange: (next: Partial<TasksSearch>) => void;
}) {
  const { t } = useTranslation();
  const { search, wish, around, onChange } = props;
  const status = search.status ?? "open";
  const by: Sort = search.by ?? (status === "open" ? "due" : "-closed_at");
  const query = useInfiniteQuery(taskList({ ...wish, filter: [...wish.filter, `status:eq:${status}`], sort: by }));
  const rows = rowsOf(query.data);
  return (
    <Panel label={t("tasks.title")} bare fill>
      <div className="flex shrink-0 items-center justify-between gap-3 border-line border-b px-3 py-2 max-md:gap-2">
        <Shown value={status} onChange={onChange} />
        <span className="w-44 max-md:w-auto max-md:min-w-0 max-md:flex-1">
          <Select
            aria-label={t("tasks.sortBy")}
            value={by}
            className="max-md:ps-2.5 max-md:pe-7"
            onChange={(event) => onChange({ by: event.target.value as Sort })}
          >
            {SORTS.map((sort) => (
              <option key={sort} value={sort}>
                {t(`tasks.sort.${sort}`)}
              </option>
            ))}
          </Select>
        </span>
      </div>
      <p id="task-how" className="sr-only">
        {t("tasks.how")}
      </p>
      {query.isPending ? (
        <SkeletonRows rows={10} />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <Empty title={t("tasks.noneTitle")}>{t("tasks.noneText")}</Empty>
      ) : (
        <Rows rows={rows} around={around} more={query.hasNextPage}>
          {query.hasNextPage && (
            <div className="p-3 text-center print:hidden">
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

function Rows(props: { rows: readonly Task[]; around: Around; more: boolean; children: ReactNode }) {
  const { rows, around, more } = props;
  const frame = useRef<HTMLDivElement>(null);
  const long = useRowsIn(frame, { count: rows.length, height: 57, kind: "list", more });
  return (
    <div ref={frame} className="min-h-0 flex-1 overflow-y-auto print:overflow-visible" data-list="">
      <ul className="px-1" {...long.holding}>
        {long.rows((index, place) => {
          const task = rows[index];
          return task && <TaskRow key={task.id} task={task} around={around} place={place} plain />;
        })}
      </ul>
      {props.children}
    </div>
  );
}
