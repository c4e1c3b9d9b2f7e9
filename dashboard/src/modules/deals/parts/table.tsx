import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { clsx } from "clsx";
import { ArrowDown, ArrowUp, History, RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { rowsOf } from "@/api/pages";
import { useMay } from "@/app/may";
import { useDensity } from "@/app/theme";
import { useFormats } from "@/i18n/format";
import { withWords } from "@/i18n/words";
import { median } from "@/sky/Deals/deal";
import { DealBody } from "@/sky/Deals/DealBody";
import { Button } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { type Chosen, useCount, useHas, useSome } from "@/ui/chosen";
import { SheetButton } from "@/modules/sheets/export";
import { ButtonLink, PlainLink } from "@/ui/link";
import { useMedia } from "@/ui/media";
import { Panel } from "@/ui/panel";
import { type RowPlace, useRowsIn } from "@/ui/rows";
import { Segments } from "@/ui/segments";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { ColumnChooser } from "../../contacts/views/columns";
import { type DealsSearch, STATUSES, type Sort, type SortField, type Status } from "../address";
import { useEnds } from "../changes";
import type { Left } from "../bulk/work";
import { type ColumnId, USUAL } from "../columns";
import { type Deal, dealList, type Pipeline, stateOf, type Wish } from "../data";
import { usePlace } from "../last";
import { type Column, useColumns } from "./columns";
import { Filters } from "./filters";
import { useAskedMoves } from "./moving";
import { type Go, GoContext } from "./stage-cell";
import { major } from "@/ui/money";

const BulkBar = lazy(async () => ({ default: (await import("../bulk/bar")).BulkBar }));
const Stayed = lazy(async () => ({ default: (await withWords(["runs"], import("../bulk/stayed"))).Stayed }));

/** Deals one under the other, in any order the server knows. */
export function DealTable(props: {
  /** Of one pipeline, or of all of them. */
  lines: readonly Pipeline[];
  search: DealsSearch;
  wish: Wish;
  chosen: Chosen<Deal>;
  columns: ColumnId[];
  onColumns: (next: ColumnId[]) => void;
  onChange: (next: Partial<DealsSearch>) => void;
}) {
  const { t } = useTranslation();
  const { lines, search, wish, chosen, onChange } = props;
  const phone = useMedia("(max-width: 767px)");
  const compact = useDensity() === "compact";
  const { deleted = false, status = "open", f = [] } = search;
  const only = lines.length === 1 && search.line !== "all" ? [`pipeline:eq:${lines[0]?.id}`] : [];
  const filter = [...wish.filter, ...only, ...(deleted ? [] : [`status:eq:${status}`])];
  const by = search.by ?? "-updated_at";
  const list = { ...wish, filter, ...(search.contact && { contact: search.contact }), ...(deleted && { deleted }) };
  const query = useInfiniteQuery(dealList({ ...list, sort: by }));
  const exports = useMay("deals.export");
  const rows = rowsOf(query.data);
  const choosable = useMay("deals.mass_update");
  const some = useSome(chosen);
  const writes = useMay("deals.write");
  const cache = useQueryClient();
  const { move, asking } = useAskedMoves(() => void cache.invalidateQueries({ queryKey: ["deals", "list"] }));
  const go: Go = (deal, stage) => move({ deal, stage: stage.id, index: 0 }, stage.name, { index: 0 });
  const [stayed, setStayed] = useState<readonly Left[]>([]);
  // What is chosen belongs to one list, and so does what stayed of it.
  const name = JSON.stringify(list);
  useEffect(
    () => () => {
      chosen.clear();
      setStayed([]);
    },
    [chosen, name],
  );
  const middle = median(rows.map((deal) => major(deal.amount, deal.currency)));
  const { known, deletedAt } = useColumns(lines);
  // A phone has room for one fact; beside a deleted deal that is the way to bring it back.
  const wanted = !phone ? props.columns : deleted ? [] : (["amount"] as const);
  const columns: Column[] = [
    ...wanted.flatMap((id) => known.find((column) => column.id === id) ?? []),
    ...(deleted && !phone ? [deletedAt] : []),
  ];
  return (
    <Panel label={t("deals.title")} bare fill>
      <div className="flex shrink-0 items-center gap-2 border-line border-b px-3 py-2">
        <Segments<Status | "deleted">
          label={t("deals.field.status")}
          value={deleted ? "deleted" : status}
          onChange={(next) =>
            onChange({
              status: next === "open" || next === "deleted" ? undefined : next,
              deleted: next === "deleted" ? true : undefined,
            })
          }
          options={[
            ...STATUSES.map((value) => ({ value, label: t(`deals.status.${value}`) })),
            { value: "deleted" as const, label: t("deals.deleted") },
          ]}
        />
        <span className="flex-1" />
        <ColumnChooser columns={props.columns} known={known} usual={USUAL} onChange={props.onColumns} />
        {exports && !deleted && (
          <SheetButton
            name="deals"
            load={(look) => api.GET("/v1/deals/export", { params: { query: { ...list, ...look } }, parseAs: "blob" })}
            className="max-md:hidden"
          />
        )}
      </div>
      <div className="flex min-h-12 shrink-0 items-center gap-2 overflow-x-auto border-line border-b px-3 py-1.5 [scrollbar-width:none]">
        <Filters lines={lines} filter={f} onChange={(next) => onChange({ f: next.length > 0 ? next : undefined })} />
        {choosable && (
          <ButtonLink size="small" look="ghost" to="/deals/bulk-runs" className="ms-auto shrink-0">
            <History aria-hidden="true" />
            {t("contacts.runs.title")}
          </ButtonLink>
        )}
      </div>
      {query.isPending ? (
        <SkeletonRows rows={10} />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <Empty
          title={t(deleted ? "deals.noneDeleted" : "deals.noneTitle")}
          actions={
            f.length > 0 && <Button onClick={() => onChange({ f: undefined })}>{t("action.clearFilters")}</Button>
          }
        >
          {t(deleted ? "deals.noneDeletedText" : "deals.noneText")}
        </Empty>
      ) : (
        <GoContext value={writes && !deleted ? go : undefined}>
          <Rows
            name={`${name}/${by}`}
            rows={rows}
            height={phone ? 60 : compact ? 40 : 52}
            head={
              <tr className="h-9 border-line border-b max-md:h-11 coarse:h-11">
                {choosable && (
                  <td className="w-11 ps-[18px]">
                    <All chosen={chosen} rows={rows} />
                  </td>
                )}
                <Heading name={t("deals.field.title")} sort="title" by={by} onSort={(next) => onChange({ by: next })} />
                {columns.map(({ id, ...column }) => (
                  <Heading key={id} {...column} by={by} onSort={(next) => onChange({ by: next })} />
                ))}
                {deleted && <td />}
              </tr>
            }
            more={
              query.hasNextPage && (
                <Button size="small" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {t("deals.table.more")}
                </Button>
              )
            }
          >
            {(deal, place) => (
              <Row
                key={deal.id}
                deal={deal}
                place={place}
                middle={middle}
                columns={columns}
                {...(choosable && { chosen })}
              />
            )}
          </Rows>
        </GoContext>
      )}
      {asking}
      {stayed.length > 0 && (
        <Suspense>
          <Stayed rows={stayed} onClose={() => setStayed([])} />
        </Suspense>
      )}
      {choosable && some && (
        <Suspense>
          <BulkBar
            chosen={chosen}
            lines={lines}
            open={status === "open"}
            deleted={deleted}
            list={list}
            onStayed={setStayed}
          />
        </Suspense>
      )}
      <p
        role="status"
        className="num mt-auto shrink-0 border-line border-t px-[18px] py-2 text-cap text-muted max-md:hidden"
      >
        {query.data && t("deals.table.loaded", { count: rows.length })}
      </p>
    </Panel>
  );
}

/** The rows, where they were left. */
function Rows(props: {
  name: string;
  rows: readonly Deal[];
  height: number;
  head: React.ReactNode;
  more: React.ReactNode;
  children: (deal: Deal, place: RowPlace) => React.ReactNode;
}) {
  const place = usePlace<HTMLDivElement>(props.name);
  const { rows, height, more } = props;
  const long = useRowsIn(place.ref, { count: rows.length, height, kind: "table", more: Boolean(more) });
  return (
    <div {...place} className="min-h-0 flex-1 overflow-auto print:overflow-visible" data-list="" tabIndex={-1}>
      <table aria-rowcount={long.rowCount} className="w-full border-collapse text-[13.5px]">
        <thead className="sticky top-0 z-2 bg-surface text-cap text-muted">{props.head}</thead>
        <tbody {...long.holding}>
          {long.rows((index, at) => {
            const deal = rows[index];
            return deal && props.children(deal, at);
          })}
        </tbody>
      </table>
      {more && <div className="p-3 text-center print:hidden">{more}</div>}
    </div>
  );
}

function Heading(props: { name: string; sort?: SortField; end?: boolean; by: Sort; onSort: (by: Sort) => void }) {
  const { t } = useTranslation();
  const { name, sort, end, by, onSort } = props;
  const down = by.startsWith("-");
  const on = sort !== undefined && by.replace("-", "") === sort;
  return (
    <th
      scope="col"
      aria-sort={on ? (down ? "descending" : "ascending") : undefined}
      className={clsx(
        "px-3 text-start font-[520] whitespace-nowrap first:ps-[18px] last:pe-[18px]",
        end && "text-end!",
      )}
    >
      {sort ? (
        <button
          type="button"
          aria-label={t("deals.table.sortBy", { column: name })}
          onClick={() => onSort(on && !down ? `-${sort}` : sort)}
          className="inline-flex min-h-6 items-center gap-1 rounded-[6px] hover:text-ink coarse:min-h-11"
        >
          {name}
          {on &&
            (down ? (
              <ArrowDown aria-hidden="true" className="size-3" />
            ) : (
              <ArrowUp aria-hidden="true" className="size-3" />
            ))}
        </button>
      ) : (
        name
      )}
    </th>
  );
}

/** Chooses everything that is shown, or nothing. */
function All({ chosen, rows }: { chosen: Chosen<Deal>; rows: readonly Deal[] }) {
  const { t } = useTranslation();
  const count = useCount(chosen);
  return (
    <Checkbox
      label={t("deals.bulk.selectAll")}
      checked={count > 0 && count >= rows.length}
      some={count > 0}
      onChange={(on) => (on ? chosen.put(rows, true) : chosen.clear())}
    />
  );
}

/** Its place in the table, to be chosen. */
function Choose({ chosen, deal }: { chosen: Chosen<Deal>; deal: Deal }) {
  const { t } = useTranslation();
  const on = useHas(chosen, deal.id);
  return (
    <td className="w-11 ps-[18px]">
      <Checkbox
        label={t("deals.bulk.select", { title: deal.title })}
        checked={on}
        onChange={(next) => chosen.put([deal], next)}
      />
    </td>
  );
}

function Row(props: {
  deal: Deal;
  place: RowPlace;
  middle: number;
  columns: readonly Column[];
  chosen?: Chosen<Deal>;
}) {
  const formats = useFormats();
  const { deal, middle, columns } = props;
  const state = stateOf(deal, formats.dayKey(new Date()), formats.dayKey);
  return (
    <tr
      {...props.place}
      className="h-[52px] border-line border-b last:border-0 hover:bg-hover has-[:checked]:bg-selected compact:h-10 max-md:h-[60px]"
    >
      {props.chosen && <Choose chosen={props.chosen} deal={deal} />}
      <th scope="row" className={clsx(CELL, "text-start font-normal max-md:max-w-44")}>
        <span className="flex items-center gap-1.5">
          <span className="grid w-8 shrink-0 place-items-center">
            <DealBody value={major(deal.amount, deal.currency)} median={middle} state={state} />
          </span>
          <span className="min-w-0">
            {deal.deleted_at ? (
              <bdi className="block truncate font-[570]">{deal.title}</bdi>
            ) : (
              <PlainLink to="/deals/$id" params={{ id: deal.id }} className="reach block font-[570] hover:underline">
                <bdi className="block truncate">{deal.title}</bdi>
              </PlainLink>
            )}
            <bdi className="block truncate text-cap text-muted">{deal.contacts[0]?.name ?? deal.source}</bdi>
          </span>
        </span>
      </th>
      {columns.map(({ id, end, cell }) => (
        <td key={id} className={clsx(CELL, end && "text-end")}>
          {cell(deal)}
        </td>
      ))}
      {deal.deleted_at && <Restore deal={deal} />}
    </tr>
  );
}

const CELL = "max-w-72 truncate px-3 first:ps-[18px] last:pe-[18px]";

/** Brings a deleted one back, for whoever may delete. */
function Restore({ deal }: { deal: Deal }) {
  const { t } = useTranslation();
  const { restore } = useEnds();
  const deletes = useMay("deals.delete");
  return (
    <td className="pe-[18px] text-end">
      {deletes && (
        <Button
          writes
          size="small"
          icon={<RotateCcw />}
          busy={restore.isPending}
          aria-label={t("deals.restoreOne", { title: deal.title })}
          onClick={() => restore.mutate(deal.id)}
        >
          {t("deals.restore")}
        </Button>
      )}
    </td>
  );
}
