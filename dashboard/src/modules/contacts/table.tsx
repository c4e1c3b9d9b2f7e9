import { useVirtualizer } from "@tanstack/react-virtual";
import { Link, useNavigate } from "@tanstack/react-router";
import { clsx } from "clsx";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/app/keys";
import { useDensity } from "@/app/theme";
import { useFormats } from "@/i18n/format";
import { Avatar } from "@/ui/avatar";
import { Checkbox } from "@/ui/checkbox";
import { Own } from "@/ui/own";
import { useMedia } from "@/ui/media";
import { COLUMNS, type ColumnId, type See, StageChip } from "./columns";
import { type Contact, type Stage, useMembers } from "./data";
import type { Sort } from "./search";

interface Props {
  rows: readonly Contact[];
  stages: readonly Stage[];
  columns: readonly ColumnId[];
  sort: Sort | undefined;
  onSort: (sort: Sort | undefined) => void;
  chosen: ReadonlySet<string>;
  onChoose: (ids: string[], on: boolean) => void;
  onEnd: () => void;
  /** Lists differ; each remembers where it was left. */
  place: string;
  /** Rows can be chosen: who may change many at once. */
  choosable: boolean;
}

/** Where lists were left, for the way back. */
const left = new Map<string, number>();

/**
 * Any number of rows; only those on the screen exist. They are placed by transform, which table elements do not bear,
 * so the table is told by roles; a row's link is what the keyboard reaches, a click beside it is a convenience.
 */
export function ContactTable(props: Props) {
  const { rows, chosen, onChoose, onEnd, place, choosable } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const formats = useFormats();
  const owners = useMembers();
  const frame = useRef<HTMLDivElement>(null);
  const phone = useMedia("(max-width: 767px)");
  const coarse = useMedia("(pointer: coarse)");
  const compact = useDensity() === "compact";
  const [at, setAt] = useState(-1);
  const last = useRef<number>(-1);
  const height = phone ? 84 : coarse ? 56 : compact ? 36 : 52;
  const see: See = { stages: props.stages, owners, formats, t };
  const columns = COLUMNS.filter(({ id }) => props.columns.includes(id));
  const template = [
    choosable ? "46px" : "18px",
    "minmax(200px,1.5fr)",
    ...columns.map(({ width }) => width),
    "18px",
  ].join(" ");

  const rowsView = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => height,
    overscan: 12,
    getItemKey: (index) => rows[index]?.id ?? index,
    initialOffset: left.get(place) ?? 0,
  });
  useLayoutEffect(() => rowsView.measure(), [height]);
  const items = rowsView.getVirtualItems();
  const end = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && end >= rows.length - 30) onEnd();
  }, [end, rows.length, onEnd]);

  const focus = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setAt(next);
    rowsView.scrollToIndex(next, { align: "auto" });
    requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`[data-row="${next}"] a`)?.focus());
  };
  const choose = (index: number, on: boolean, range: boolean) => {
    const from = range && last.current >= 0 ? last.current : index;
    last.current = index;
    onChoose(
      rows.slice(Math.min(from, index), Math.max(from, index) + 1).map(({ id }) => id),
      on,
    );
  };
  const here = rows[at];
  useShortcuts([
    { keys: "j", label: t("keys.next"), run: () => focus(at + 1) },
    { keys: "k", label: t("keys.previous"), run: () => focus(at - 1) },
    ...(choosable
      ? [{ keys: "x", label: t("keys.select"), run: () => here && choose(at, !chosen.has(here.id), false) }]
      : []),
  ]);

  const tracks = { gridTemplateColumns: template };
  const all = rows.length > 0 && rows.every(({ id }) => chosen.has(id));
  return (
    <div
      ref={frame}
      onScroll={(event) => left.set(place, event.currentTarget.scrollTop)}
      className="min-h-0 flex-1 overflow-auto overscroll-contain [overflow-anchor:none]"
    >
      <div
        role="table"
        aria-label={t("contacts.title")}
        aria-rowcount={rows.length + 1}
        className="max-md:block md:min-w-fit"
      >
        <div role="rowgroup" className="sticky top-0 z-3 max-md:sr-only">
          <div
            role="row"
            style={tracks}
            className="grid h-9 items-center border-line border-b bg-surface text-cap coarse:h-11"
          >
            <span role="columnheader" className="sticky start-0 z-1 flex h-full items-center bg-surface ps-[18px]">
              {choosable && (
                <Checkbox
                  label={t("contacts.selectAll")}
                  checked={all}
                  some={chosen.size > 0}
                  onChange={(on) =>
                    onChoose(
                      rows.map(({ id }) => id),
                      on,
                    )
                  }
                />
              )}
            </span>
            <Head label={t("contacts.name")} field="name" sort={props.sort} onSort={props.onSort} first={choosable} />
            {columns.map(({ id, sort }) => (
              <Head key={id} label={t(`contacts.${id}`)} field={sort} sort={props.sort} onSort={props.onSort} />
            ))}
            <span role="presentation" />
          </div>
        </div>
        <div role="rowgroup" className="relative" style={{ height: rowsView.getTotalSize() }}>
          {items.map(({ index, start, key }) => {
            const row = rows[index];
            if (!row) return null;
            const on = chosen.has(row.id);
            return (
              <div
                key={key}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={choosable ? on : undefined}
                data-row={index}
                onFocus={() => setAt(index)}
                onClick={(event) => {
                  if ((event.target as HTMLElement).closest("a,button,input,label")) return;
                  void navigate({ to: "/contacts/$id", params: { id: row.id } });
                }}
                style={{
                  transform: `translateY(${start}px)`,
                  height,
                  ...(!phone && tracks),
                }}
                className={clsx(
                  "group absolute inset-x-0 top-0 cursor-pointer border-line border-b text-[13.5px]",
                  phone ? "flex items-center gap-3 px-4" : "grid items-center",
                  on
                    ? "bg-selected [--row:var(--selected)]"
                    : "[--row:var(--surface)] hover:bg-hover hover:[--row:var(--hover)]",
                )}
              >
                {phone ? (
                  <Card row={row} see={see} />
                ) : (
                  <>
                    <span role="cell" className="sticky start-0 z-1 flex h-full items-center bg-(--row) ps-[18px]">
                      {choosable && (
                        <Checkbox
                          label={t("contacts.selectRow", { name: row.display_name })}
                          checked={on}
                          onChange={(next, range) => choose(index, next, range)}
                        />
                      )}
                    </span>
                    <span
                      role="cell"
                      className={clsx(
                        "sticky z-1 flex h-full min-w-0 items-center gap-2.5 bg-(--row) pe-3",
                        choosable ? "start-[46px]" : "start-0",
                      )}
                    >
                      <Avatar name={row.display_name} id={row.id} size={compact ? "xs" : "md"} />
                      <Name row={row} />
                    </span>
                    {columns.map(({ id, cell }) => (
                      <span role="cell" key={id} className="min-w-0 truncate px-3">
                        {cell(row, see)}
                      </span>
                    ))}
                    <span role="presentation" />
                  </>
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Name({ row }: { row: Contact }) {
  return (
    <Link to="/contacts/$id" params={{ id: row.id }} className="min-w-0 rounded-chip font-semibold outline-offset-3">
      <Own title={row.display_name}>{row.display_name}</Own>
    </Link>
  );
}

/** On phones a row is a card: title, two facts, one state. */
function Card({ row, see }: { row: Contact; see: See }) {
  return (
    <>
      <Avatar name={row.display_name} id={row.id} size="lg" />
      <span role="cell" className="min-w-0 flex-1">
        <span className="flex min-w-0">
          <Name row={row} />
        </span>
        <span className="block truncate text-[12.5px] text-muted">
          {[row.company_name, row.email ?? row.phone].filter(Boolean).join(" · ")}
        </span>
      </span>
      <span role="cell">
        <StageChip stage={row.stage} stages={see.stages} />
      </span>
    </>
  );
}

type Field = "name" | "created_at" | "updated_at";

function Head(props: {
  label: string;
  field?: Field;
  sort: Sort | undefined;
  onSort: Props["onSort"];
  first?: boolean;
}) {
  const { t } = useTranslation();
  const { label, field, sort, first } = props;
  const up = field !== undefined && sort === field;
  const down = field !== undefined && sort === `-${field}`;
  const place = clsx(
    "narrow flex h-full min-w-0 items-center font-[540] text-muted",
    first !== undefined && (first ? "sticky start-[46px] z-1 bg-surface" : "sticky start-0 z-1 bg-surface"),
    first === undefined && "px-3",
  );
  if (!field)
    return (
      <span role="columnheader" className={place}>
        <span className="truncate">{label}</span>
      </span>
    );
  const next: Sort | undefined =
    field === "name" ? (up ? "-name" : down ? undefined : "name") : down ? field : up ? undefined : `-${field}`;
  return (
    <span role="columnheader" aria-sort={up ? "ascending" : down ? "descending" : "none"} className={place}>
      <button
        type="button"
        title={t("contacts.sortBy", { column: label })}
        onClick={() => props.onSort(next)}
        className="-mx-1.5 flex h-7 coarse:h-11 min-w-0 items-center gap-1 rounded-chip px-1.5 hover:bg-hover hover:text-ink"
      >
        <span className="truncate">{label}</span>
        {up && <ArrowUp aria-hidden="true" className="size-3.5 text-accent-text" />}
        {down && <ArrowDown aria-hidden="true" className="size-3.5 text-accent-text" />}
      </button>
    </span>
  );
}
