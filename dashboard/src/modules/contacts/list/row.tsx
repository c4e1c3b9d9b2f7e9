import { clsx } from "clsx";
import { type MouseEvent, memo } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/ui/avatar";
import { Checkbox } from "@/ui/checkbox";
import { Own } from "@/ui/own";
import { Skeleton } from "@/ui/states";
import { type Column, type See, StageChip } from "../columns";
import type { Contact } from "../data";
import { type Chosen, useHas } from "./chosen";

interface Drawn {
  row: Contact;
  index: number;
  see: See;
  columns: readonly Column[];
  choosable: boolean;
  compact: boolean;
  onChoose: (index: number, on: boolean, range: boolean) => void;
  onOpen: (id: string) => void;
}

export interface RowProps extends Omit<Drawn, "row"> {
  /** Nothing while it is on its way. */
  row: Contact | undefined;
  /** Where it stands, and how high it is, in pixels. */
  start: number;
  height: number;
  /** The tracks of the table. */
  tracks: string;
  phone: boolean;
  chosen: Chosen;
  onFocus: (index: number) => void;
}

/** A row of the table. It is drawn once: neither scrolling nor choosing another one draws it anew. */
export const Row = memo(function Row(props: RowProps) {
  const { row, index, start, height, tracks, phone, chosen, choosable } = props;
  const on = useHas(chosen, row?.id ?? "");
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={choosable && row ? on : undefined}
      data-row={index}
      onFocus={() => props.onFocus(index)}
      onClick={(event) => {
        if (row && !(event.target as HTMLElement).closest("a,button,input,label")) props.onOpen(row.id);
      }}
      style={{ transform: `translateY(${start}px)`, height, ...(!phone && row && { gridTemplateColumns: tracks }) }}
      className={clsx(
        "group absolute inset-x-0 top-0 cursor-pointer border-line border-b text-[13.5px]",
        phone || !row ? "flex items-center gap-3 px-4" : "grid items-center",
        on ? "bg-selected [--row:var(--selected)]" : "[--row:var(--surface)] hover:bg-hover hover:[--row:var(--hover)]",
      )}
    >
      {!row ? <ComingRow /> : phone ? <Card {...props} row={row} on={on} /> : <Cells {...props} row={row} on={on} />}
    </div>
  );
});

/** Each cell of a row; what is chosen changes the first one alone. */
function Cells(props: Drawn & { on: boolean }) {
  const { t } = useTranslation();
  const { row, see, columns, choosable } = props;
  return (
    <>
      <span role="cell" className="sticky start-0 z-1 flex h-full items-center bg-(--row) ps-[18px]">
        {choosable && (
          <Checkbox
            label={t("contacts.selectRow", { name: row.display_name })}
            checked={props.on}
            onChange={(next, range) => props.onChoose(props.index, next, range)}
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
        <Avatar name={row.display_name} id={row.id} size={props.compact ? "xs" : "md"} />
        <Name row={row} onOpen={props.onOpen} />
      </span>
      <Facts row={row} see={see} columns={columns} />
      <span role="presentation" />
    </>
  );
}

const Facts = memo(function Facts({ row, see, columns }: Pick<Drawn, "row" | "see" | "columns">) {
  return columns.map(({ id, cell }) => (
    <span role="cell" key={id} className="min-w-0 truncate px-3">
      {cell(row, see)}
    </span>
  ));
});

/** On phones a row is a card: title, two facts, one state. */
function Card({ row, see, on, index, choosable, onChoose, onOpen }: Drawn & { on: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      {choosable && (
        <span role="cell" className="contents">
          <Checkbox
            label={t("contacts.selectRow", { name: row.display_name })}
            checked={on}
            onChange={(next) => onChoose(index, next, false)}
          />
        </span>
      )}
      <Avatar name={row.display_name} id={row.id} size="lg" />
      <span role="cell" className="min-w-0 flex-1">
        <span className="flex min-w-0">
          <Name row={row} onOpen={onOpen} />
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

/** A row that is on its way. */
function ComingRow() {
  return (
    <span role="cell" className="flex w-full items-center gap-3 px-[18px]">
      <Skeleton className="size-7 rounded-full" />
      <Skeleton className="h-3 w-40" />
      <Skeleton className="ms-auto h-3 w-24 max-md:hidden" />
    </span>
  );
}

/** A plain link: the router's own looks at the address and for what it could fetch ahead, in every row. */
function Name({ row, onOpen }: Pick<Drawn, "row" | "onOpen">) {
  const open = (event: MouseEvent) => {
    // Another window, or another tab, is the browser's.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onOpen(row.id);
  };
  return (
    <a
      href={`/contacts/${row.id}`}
      onClick={open}
      className="flex min-w-0 rounded-chip font-semibold outline-offset-3 coarse:-my-3 coarse:min-h-11 coarse:items-center"
    >
      <Own title={row.display_name}>{row.display_name}</Own>
    </a>
  );
}
