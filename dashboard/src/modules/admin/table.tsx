import { clsx } from "clsx";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/app/keys";
import { Button } from "@/ui/button";
import { useMedia } from "@/ui/media";
import { Panel } from "@/ui/panel";
import { Lines, useRowsOfPage } from "@/ui/rows";
import { Failed, SkeletonRows } from "@/ui/states";

export interface Column<T> {
  id: string;
  label: string;
  /** Figures stand at the end. */
  end?: boolean;
  /** Only where there is room. */
  roomy?: boolean;
  /** Name of the order in the API. */
  sort?: string;
  cell: (row: T) => ReactNode;
}

const HEAD =
  "narrow h-9 border-line border-b px-3 text-cap font-[540] whitespace-nowrap text-muted first:ps-[18px] last:pe-[18px]";
const CELL = "h-[52px] border-line border-b px-3 group-last:border-0 first:ps-[18px] last:pe-[18px] compact:h-9";

interface TableProps<T> {
  label: string;
  rows: readonly T[];
  keyOf: (row: T) => string;
  /** The first is the row's name; it carries the link, if the row opens. */
  columns: readonly Column<T>[];
  sort?: string;
  onSort?: (sort: string | undefined) => void;
  /** At the end of the row, and of the card. */
  action?: (row: T) => ReactNode;
}

/** Rows with a strong first column. On phones each is a card of its first column, its facts and what can be done. */
export function Table<T>(props: TableProps<T>) {
  return useMedia("(max-width: 767px)") ? <Cards {...props} /> : <Wide {...props} />;
}

function Wide<T>(props: TableProps<T>) {
  const { t } = useTranslation();
  const { rows, keyOf, columns, action, label } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(-1);
  const focus = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setAt(next);
    frame.current?.querySelector<HTMLElement>(`tr[data-row="${next}"] a, tr[data-row="${next}"] button`)?.focus();
  };
  useShortcuts([
    { keys: "j", label: t("keys.next"), run: () => focus(at + 1) },
    { keys: "k", label: t("keys.previous"), run: () => focus(at - 1) },
  ]);
  const long = useRowsOfPage<HTMLTableSectionElement>({
    count: rows.length,
    height: 52,
    kind: "table",
    more: false,
    at,
  });
  return (
    <div ref={frame} className="overflow-x-auto">
      <table aria-label={label} aria-rowcount={long.rowCount} className="w-full text-[13.5px]">
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
            {action && (
              <th scope="col" className={HEAD}>
                <span className="sr-only">{t("admin.actions")}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody ref={long.list} {...long.holding}>
          {long.rows((index, place) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <tr
                key={keyOf(row)}
                {...place}
                data-row={index}
                onFocus={() => setAt(index)}
                className="group hover:bg-hover"
              >
                {columns.map((column, place) => {
                  const look = clsx(
                    CELL,
                    column.end ? "num text-end whitespace-nowrap" : "text-start",
                    column.roomy && "max-xl:hidden",
                    place === 0 && "max-w-[340px] font-normal",
                  );
                  return place === 0 ? (
                    <th key={column.id} scope="row" className={look}>
                      {column.cell(row)}
                    </th>
                  ) : (
                    <td key={column.id} className={look}>
                      {column.cell(row)}
                    </td>
                  );
                })}
                {action && <td className={`${CELL} text-end whitespace-nowrap`}>{action(row)}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Cards<T>({ rows, keyOf, columns: [first, ...facts], action, label }: TableProps<T>) {
  return (
    <Lines items={rows} height={110} more={false} label={label}>
      {(row, place) => (
        <li key={keyOf(row)} {...place} className="border-line border-b px-4 py-3.5 last:border-0">
          <div className="min-w-0">{first?.cell(row)}</div>
          <dl className="mt-2 flex flex-wrap gap-x-5 gap-y-1.5 text-[12.5px]">
            {facts.map((column) => (
              <div key={column.id} className="flex min-w-0 max-w-full items-baseline gap-1.5 has-[svg]:items-center">
                <dt className="shrink-0 text-muted">{column.label}</dt>
                <dd className="num min-w-0 break-words">{column.cell(row)}</dd>
              </div>
            ))}
          </dl>
          {action && <div className="mt-2.5 flex flex-wrap gap-2 empty:hidden">{action(row)}</div>}
        </li>
      )}
    </Lines>
  );
}

function Head<T>(props: { column: Column<T>; sort?: string; onSort?: (sort: string | undefined) => void }) {
  const { t } = useTranslation();
  const { label, end, roomy, sort } = props.column;
  const look = clsx(HEAD, end ? "text-end" : "text-start", roomy && "max-xl:hidden");
  if (!sort || !props.onSort)
    return (
      <th scope="col" className={look}>
        {label}
      </th>
    );
  const up = props.sort === sort;
  const down = props.sort === `-${sort}`;
  return (
    <th scope="col" aria-sort={up ? "ascending" : down ? "descending" : "none"} className={look}>
      <button
        type="button"
        title={t("admin.sortBy", { column: label })}
        onClick={() => props.onSort?.(up ? `-${sort}` : down ? undefined : sort)}
        className="-mx-1.5 inline-flex h-7 items-center gap-1 rounded-chip px-1.5 hover:bg-hover hover:text-ink"
      >
        {label}
        {up && <ArrowUp aria-hidden="true" className="size-3.5 text-accent-text" />}
        {down && <ArrowDown aria-hidden="true" className="size-3.5 text-accent-text" />}
      </button>
    </th>
  );
}

interface Listed {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  refetch: () => unknown;
  hasNextPage?: boolean;
  isFetchingNextPage?: boolean;
  fetchNextPage?: () => unknown;
}

/** A panel with rows that come: what waits, what failed, what is not there, and more of what is. */
export function Rows(props: { query: Listed; empty: ReactNode; isEmpty: boolean; rows?: number; children: ReactNode }) {
  const { t } = useTranslation();
  const { query } = props;
  return (
    <Panel bare>
      {query.isPending ? (
        <SkeletonRows rows={props.rows ?? 8} tall />
      ) : query.isError && props.isEmpty ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : props.isEmpty ? (
        props.empty
      ) : (
        props.children
      )}
      {query.hasNextPage && (
        <div className="grid place-items-center border-line border-t py-3">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage?.()}>
            {t("action.more")}
          </Button>
        </div>
      )}
    </Panel>
  );
}
