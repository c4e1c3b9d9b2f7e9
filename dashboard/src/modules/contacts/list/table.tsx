import { useVirtualizer } from "@tanstack/react-virtual";
import { useNavigate } from "@tanstack/react-router";
import { startTransition, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/app/keys";
import { useDensity } from "@/app/theme";
import { useFormats } from "@/i18n/format";
import { Checkbox } from "@/ui/checkbox";
import { useMedia } from "@/ui/media";
import { useKeptRows } from "@/ui/rows";
import { type ColumnId, nameOf, type See, useColumns } from "../columns";
import { type Stage, useMembers } from "../data";
import type { Listed, Sort } from "../search";
import { type Chosen, useCount, useEverything } from "./chosen";
import { Head } from "./head";
import { Row } from "./row";
import { type Rows, useRows } from "./rows";

interface Props {
  tenant: string;
  what: Listed;
  /** Until views and stages are known, nobody knows what the list is. */
  ready: boolean;
  stages: readonly Stage[];
  columns: readonly ColumnId[];
  onSort: (sort: Sort | undefined) => void;
  chosen: Chosen;
  /** Rows can be chosen: who may change many at once. */
  choosable: boolean;
  /** In place of the rows, while there are none. */
  none: (rows: Rows) => React.ReactNode;
  /** What was to be shown first was painted. */
  onPainted: () => void;
}

/** Which pages are read is thought about once in so many rows, not at each. */
const STEP = 25;
const around = (from: number, to: number) => ({
  from: Math.floor(from / STEP) * STEP,
  to: Math.ceil(to / STEP) * STEP,
});

/** What stands above and below the rows of a window without a banner, in pixels. */
const AROUND = 290;

/** Where lists were left, for the way back. */
const left = new Map<string, number>();

/**
 * Any number of rows; only those on the screen exist. They are placed by transform, which table elements do not bear,
 * so the table is told by roles; a row's link is what the keyboard reaches, a click beside it is a convenience.
 */
export function ContactTable(props: Props) {
  const { what, chosen, choosable, tenant } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const formats = useFormats();
  const owners = useMembers();
  const frame = useRef<HTMLDivElement>(null);
  const phone = useMedia("(max-width: 767px)");
  const coarse = useMedia("(pointer: coarse)");
  const compact = useDensity() === "compact";
  const [at, setAt] = useState(-1);
  // The same at once, for keys: what is drawn may come to it later.
  const spot = useRef(-1);
  const last = useRef(-1);
  const wanted = useRef<number>(undefined);
  const height = phone ? 84 : coarse ? 56 : compact ? 36 : 52;
  const place = `${tenant}/${JSON.stringify(what)}`;
  const [seen, setSeen] = useState(() => {
    const first = Math.floor((left.get(place) ?? 0) / height);
    return around(first, first + 20);
  });
  const rows = useRows(tenant, what, seen.from, seen.to, props.ready);
  const { stages } = props;
  const see = useMemo<See>(() => ({ stages, owners, formats, t }), [stages, owners, formats, t]);
  const ids = props.columns.join();
  const known = useColumns();
  const columns = useMemo(
    () => ids.split(",").flatMap((id) => known.find((column) => column.id === id) ?? []),
    [ids, known],
  );
  const template = [
    choosable ? "46px" : "18px",
    "minmax(200px,1.5fr)",
    ...columns.map(({ width }) => width),
    "18px",
  ].join(" ");

  // What lies beyond the screen is not drawn before what is on it.
  const [beyond, setBeyond] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => setBeyond(8), 500);
    return () => clearTimeout(timer);
  }, []);
  // On paper, everything that was read.
  const kept = useKeptRows(rows.ended ? rows.count : rows.read, at);
  const rowsView = useVirtualizer({
    count: rows.count,
    getScrollElement: () => frame.current,
    estimateSize: () => height,
    overscan: beyond,
    rangeExtractor: kept.rangeExtractor,
    // A guess until it is measured, so that the first drawing has rows.
    initialRect: { width: 0, height: Math.max(innerHeight / 2, innerHeight - AROUND) },
    initialOffset: () => left.get(place) ?? 0,
  });
  useLayoutEffect(() => rowsView.measure(), [height]);
  const items = rowsView.getVirtualItems();
  // What is kept besides may stand far away: it is not looked around.
  const from = rowsView.range?.startIndex ?? 0;
  const to = rowsView.range?.endIndex ?? 0;
  useEffect(() => {
    // A page more or less is what matters.
    const next = around(from, to);
    if (rows.count > 0 && !kept.paper) setSeen((old) => (old.from === next.from && old.to === next.to ? old : next));
  }, [from, to, rows.count, kept.paper]);
  const settled = props.ready && !rows.first.isPending;
  const { onPainted } = props;
  useEffect(() => {
    if (!settled) return;
    // Behind the frame that is drawn now.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(onPainted);
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [settled, onPainted]);
  useEffect(() => {
    const index = wanted.current;
    const link = index !== undefined && frame.current?.querySelector<HTMLElement>(`[data-row="${index}"] a`);
    if (!link) return;
    wanted.current = undefined;
    link.focus({ preventScroll: true });
  });

  const focus = (index: number) => {
    const next = Math.max(0, Math.min(rows.count - 1, index));
    setAt(next);
    spot.current = next;
    wanted.current = next;
    rowsView.scrollToIndex(next, { align: "auto" });
  };
  const latest = useRef(rows);
  latest.current = rows;
  const { put } = chosen;
  const choose = useCallback(
    (index: number, on: boolean, range: boolean) => {
      const begin = range && last.current >= 0 ? last.current : index;
      last.current = index;
      const [low, high] = [Math.min(begin, index), Math.max(begin, index)];
      const picked = Array.from({ length: high - low + 1 }, (_, n) => latest.current.row(low + n));
      put(
        picked.filter((row) => row !== undefined),
        on,
      );
    },
    [put],
  );
  const open = useCallback((id: string) => void navigate({ to: "/contacts/$id", params: { id } }), [navigate]);
  // Nothing on the screen waits for the row that has the focus.
  const onFocus = useCallback((index: number) => {
    spot.current = index;
    startTransition(() => setAt(index));
  }, []);
  const select = () => {
    const here = spot.current < 0 ? undefined : rows.row(spot.current);
    if (here) choose(spot.current, !chosen.has(here.id), false);
  };
  useShortcuts([
    { keys: "j", label: t("keys.next"), run: () => focus(spot.current + 1) },
    { keys: "k", label: t("keys.previous"), run: () => focus(spot.current - 1) },
    { keys: "Enter", label: t("keys.openRow"), run: () => undefined, listed: "only" },
    ...(choosable ? [{ keys: "x", label: t("keys.select"), run: select }] : []),
  ]);

  if (rows.count === 0 || !props.ready) return props.none(rows);
  const tracks = { gridTemplateColumns: template };
  return (
    <>
      <div
        ref={frame}
        data-list=""
        onScroll={(event) => left.set(place, event.currentTarget.scrollTop)}
        className="min-h-0 flex-1 overflow-auto overscroll-contain [overflow-anchor:none] [scrollbar-gutter:stable] print:overflow-visible"
      >
        <div
          role="table"
          aria-label={t("contacts.title")}
          aria-rowcount={rows.ended ? rows.count + 1 : -1}
          aria-busy={rows.fetching}
          className="max-md:block md:min-w-fit"
        >
          <div role="rowgroup" className="sticky top-0 z-3 max-md:sr-only">
            <div
              role="row"
              style={tracks}
              className="grid h-9 items-center border-line border-b bg-surface text-cap coarse:h-11"
            >
              <span role="columnheader" className="sticky start-0 z-1 flex h-full items-center bg-surface ps-[18px]">
                {choosable && <All chosen={chosen} rows={rows} />}
              </span>
              <Head label={t("contacts.name")} field="name" sort={what.sort} onSort={props.onSort} first={choosable} />
              {columns.map((column) => (
                <Head
                  key={column.id}
                  label={nameOf(column, t)}
                  field={column.sort}
                  sort={what.sort}
                  onSort={props.onSort}
                />
              ))}
              <span role="presentation" />
            </div>
          </div>
          <div role="rowgroup" className="relative" style={{ height: rowsView.getTotalSize() }}>
            {items.map(({ index, start }) => {
              const row = rows.row(index);
              return (
                <Row
                  key={row?.id ?? index}
                  {...{ row, index, start, height, see, columns, chosen, choosable, compact, phone }}
                  tracks={template}
                  onChoose={choose}
                  onFocus={onFocus}
                  onOpen={open}
                />
              );
            })}
          </div>
        </div>
      </div>
      <p role="status" className="num shrink-0 border-line border-t px-[18px] py-2 text-cap text-muted max-md:hidden">
        {rows.ended ? t("contacts.loaded", { count: rows.count }) : t("contacts.loadedMore", { count: rows.read })}
      </p>
    </>
  );
}

/** Chooses everything that was read, or nothing. */
function All({ chosen, rows }: { chosen: Chosen; rows: Rows }) {
  const { t } = useTranslation();
  const count = useCount(chosen);
  const everything = useEverything(chosen);
  return (
    <Checkbox
      label={t("contacts.selectAll")}
      checked={everything ? everything.but.size === 0 : count > 0 && count >= rows.read}
      some={count > 0}
      onChange={(on) => (on ? chosen.put(rows.loaded(), true) : chosen.clear())}
    />
  );
}
