import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ChartNoAxesColumn, ListChecks, Plus, Radar, SquareKanban, Table2 } from "lucide-react";
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useShortcuts } from "@/app/keys";
import { may, useMay, useMe } from "@/app/may";
import { Forbidden } from "@/shell/forbidden";
import { withWords } from "@/i18n/words";
import { Page } from "@/shell/page";
import { Button } from "@/ui/button";
import { useChosen, useSome } from "@/ui/chosen";
import { Filter } from "@/ui/filter";
import { Link } from "@/ui/link";
import { Opened } from "@/ui/opened";
import { SearchBox } from "@/ui/search-box";
import { Segments } from "@/ui/segments";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { ANY, filtersOf, KINDS, type Kind, readSearch, type TasksSearch, VIEWS, type View } from "./address";
import { Board } from "./board/board";
import { useTaskChanges } from "./changes";
import { useTaskBulk } from "./bulk/work";
import { board, COLUMNS, type Task, useMembers, type Wish } from "./data";
import { SheetButton } from "@/modules/sheets/export";
import { useTaskDialogs } from "./parts/dialogs";
import { Narrowed } from "./parts/narrowed";
import type { Around } from "./parts/row";
import { contentOf, searchOf } from "./saved";
import { ViewChips } from "../views/chips";

const NewTask = lazy(async () => ({ default: (await import("./parts/panel")).NewTask }));
const TaskPanel = lazy(async () => ({ default: (await import("./parts/panel")).TaskPanel }));
const Figures = lazy(async () => ({ default: (await import("./parts/figures")).Figures }));
const BulkBar = lazy(async () => ({ default: (await withWords(["contacts"], import("./bulk/bar"))).BulkBar }));
const DeletedTasks = lazy(async () => ({ default: (await import("./parts/deleted")).DeletedTasks }));
const TaskTable = lazy(async () => ({ default: (await import("./parts/table")).TaskTable }));

const VIEW_ICONS: Record<View, ReactNode> = {
  board: <SquareKanban aria-hidden="true" className="size-4" />,
  table: <Table2 aria-hidden="true" className="size-4" />,
  figures: <ChartNoAxesColumn aria-hidden="true" className="size-4" />,
};

export function TasksPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "tasks.read")) return <Forbidden title={t("tasks.title")} needs="tasks.read" />;
  return <Tasks />;
}

function Tasks() {
  const { t } = useTranslation();
  const search = readSearch({ ...useSearch({ from: "/shell/tasks" }) });
  const navigate = useNavigate();
  const me = useMe();
  const writes = useMay("tasks.write");
  const exports = useMay("tasks.export");
  const radar = useMay("followups.read");
  const members = useMembers();
  const box = useRef<HTMLInputElement>(null);
  const changes = useTaskChanges();
  const { asks, dialogs } = useTaskDialogs(changes);
  const change = (next: Partial<TasksSearch>) =>
    void navigate({ to: "/tasks", search: { ...search, ...next }, replace: true });
  const view = search.view ?? "board";
  const mine = me?.user?.id;
  const wish: Wish = { filter: filtersOf(search, mine), ...(search.q && { q: search.q }) };
  const chosen = useChosen<Task>();
  const some = useSome(chosen);
  const [choosing, setChoosing] = useState(false);
  const bulk = useTaskBulk();
  const shown = JSON.stringify({ view, wish, status: search.status });
  // What is meant is what is seen.
  useEffect(() => chosen.clear, [chosen, shown]);
  const leave = () => {
    chosen.clear();
    setChoosing(false);
  };
  const create = () => change({ new: true });
  useShortcuts([
    { keys: "/", label: t("keys.search"), run: () => box.current?.focus() },
    ...(writes ? [{ keys: "n", label: t("tasks.create"), run: create }] : []),
    ...(choosing ? [{ keys: "Escape", label: t("tasks.bulk.clear"), run: leave }] : []),
    ...(writes ? [{ keys: "x", label: t("tasks.complete"), run: () => undefined, listed: "only" as const }] : []),
  ]);
  const people = [
    { value: "everybody", label: t("tasks.everybody") },
    ...[...members].filter(([id]) => id !== mine).map(([value, label]) => ({ value, label })),
  ];
  const around: Around = {
    changes,
    onOpen: ({ id }) => change({ task: id }),
    asks,
    chosen: choosing ? chosen : undefined,
  };
  const narrowed = Object.keys(ANY).some((name) => search[name as keyof typeof ANY] !== undefined);
  const clear = () => change(ANY);
  return (
    <Page title={t("tasks.title")} fixed>
      <div className="flex items-center gap-2 px-7 pt-3.5 pb-3 md:flex-wrap max-md:overflow-x-auto max-md:px-4 max-md:[scrollbar-width:none]">
        <Segments<View>
          label={t("tasks.viewLabel")}
          value={view}
          onChange={(next) => change({ view: next === "board" ? undefined : next, deleted: undefined })}
          options={VIEWS.map((value) => ({
            value,
            label: (
              <>
                {VIEW_ICONS[value]}
                {t(`tasks.view.${value}`)}
              </>
            ),
          }))}
        />
        {view !== "figures" && (
          <>
            <SearchBox
              field={box}
              label={t("tasks.search")}
              value={search.q ?? ""}
              onChange={(q) => change({ q: q || undefined })}
            />
            <Filter label={t("tasks.whose")} value={search.who} choices={people} onChange={(who) => change({ who })} />
            <Filter
              label={t("tasks.field.kind")}
              value={search.kind}
              choices={KINDS.map((value) => ({ value, label: t(`tasks.kind.${value}`) }))}
              onChange={(kind) => change({ kind: kind as Kind | undefined })}
            />
            <Filter
              label={t("tasks.field.priority")}
              value={search.priority}
              choices={(["high", "urgent"] as const).map((value) => ({ value, label: t(`tasks.atLeast.${value}`) }))}
              onChange={(priority) => change({ priority: priority as TasksSearch["priority"] })}
            />
            <Narrowed search={search} members={members} onChange={change} />
          </>
        )}
        {/* Where they have no room beside the filters they go to the next row together. */}
        <div className="ms-auto flex shrink-0 items-center gap-2">
          {writes && view !== "figures" && !search.deleted && (
            <Button
              icon={<ListChecks />}
              aria-pressed={choosing}
              onClick={choosing ? leave : () => setChoosing(true)}
              className="shrink-0"
            >
              {t(choosing ? "tasks.bulk.leave" : "tasks.bulk.begin")}
            </Button>
          )}
          {radar && (
            <Link
              to="/tasks/radar"
              className="inline-flex h-9 shrink-0 items-center gap-1.5 whitespace-nowrap px-2 text-sm coarse:h-11"
            >
              <Radar aria-hidden="true" className="size-4" />
              {t("tasks.radar")}
            </Link>
          )}
          {exports && (
            <SheetButton
              name="tasks"
              load={(look) => api.GET("/v1/tasks/export", { params: { query: { ...wish, ...look } }, parseAs: "blob" })}
              className="max-md:hidden"
            />
          )}
          {writes && (
            <Button look="primary" icon={<Plus />} onClick={create} className="max-md:hidden">
              {t("tasks.create")}
            </Button>
          )}
        </div>
      </div>
      {view !== "figures" && (
        <ViewChips
          list="tasks"
          search={{ ...search, saved: undefined, task: undefined, new: undefined }}
          shown={search.saved}
          contentOf={contentOf}
          searchOf={searchOf}
          onShow={(saved, next) =>
            void navigate({ to: "/tasks", search: { ...next, task: search.task, saved }, replace: true })
          }
        />
      )}
      <div className="relative flex min-h-0 flex-1 flex-col px-7 pb-5 max-md:px-0 max-md:pb-0">
        {!me ? (
          <SkeletonRows rows={8} tall />
        ) : (
          <Opened key={search.deleted ? "deleted" : view} open>
            {view === "figures" ? (
              <Figures />
            ) : search.deleted ? (
              <DeletedTasks wish={wish} changes={changes} onChange={change} />
            ) : view === "table" ? (
              <TaskTable search={search} wish={wish} around={around} onChange={change} />
            ) : (
              <Live
                wish={wish}
                search={search}
                around={around}
                narrowed={narrowed}
                onCreate={writes ? create : undefined}
                onClear={clear}
                onOverdue={writes ? () => void bulk.postponeOverdue(wish) : undefined}
              />
            )}
          </Opened>
        )}
        <Suspense>
          {choosing && some && (
            <BulkBar chosen={chosen} open={view === "board" || (search.status ?? "open") === "open"} onClose={leave} />
          )}
        </Suspense>
        {writes && !some && (
          <Button
            look="primary"
            icon={<Plus />}
            onClick={create}
            className="absolute end-4 bottom-4 z-4 h-13! rounded-full! px-5! shadow-2! [&&[aria-disabled=true]]:bg-surface! md:hidden"
          >
            {t("tasks.create")}
          </Button>
        )}
      </div>
      {writes && (
        <Opened open={search.new === true}>
          <NewTask open={search.new === true} onClose={() => change({ new: undefined })} />
        </Opened>
      )}
      <Opened open={search.task !== undefined}>
        <TaskPanel id={search.task} around={around} onClose={() => change({ task: undefined })} />
      </Opened>
      {dialogs}
    </Page>
  );
}

/** The board as it is now. */
function Live(props: {
  wish: Wish;
  search: TasksSearch;
  around: Around;
  narrowed: boolean;
  onCreate?: (() => void) | undefined;
  onClear: () => void;
  /** Puts off all that is overdue. */
  onOverdue?: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const { wish, around, narrowed, onCreate, onClear } = props;
  const query = useQuery(board(wish));
  if (query.isPending) return <SkeletonRows rows={8} tall />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const none = query.data && COLUMNS.every((column) => query.data[column].count === 0);
  if (none)
    return (
      <Empty
        title={t(narrowed ? "tasks.noneTitle" : "tasks.emptyTitle")}
        actions={
          narrowed ? (
            <Button onClick={onClear}>{t("action.clearFilters")}</Button>
          ) : (
            onCreate && (
              <Button look="primary" icon={<Plus />} onClick={onCreate}>
                {t("tasks.create")}
              </Button>
            )
          )
        }
      >
        {t(narrowed ? "tasks.noneText" : "tasks.emptyText")}
      </Empty>
    );
  return query.data && <Board board={query.data} search={props.search} around={around} onOverdue={props.onOverdue} />;
}
