import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/ui/avatar";
import { Checkbox } from "@/ui/checkbox";
import { Own } from "@/ui/own";
import { Skeleton } from "@/ui/states";
import { type Column, type See, StageChip } from "../columns";
import type { Contact } from "../data";

export interface RowProps {
  row: Contact;
  index: number;
  see: See;
  columns: readonly Column[];
  on: boolean;
  choosable: boolean;
  compact: boolean;
  onChoose: (index: number, on: boolean, range: boolean) => void;
}

/** A row of the table. It is drawn once; scrolling only moves it. */
export const TableRow = memo(function TableRow(props: RowProps) {
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
        <Name row={row} />
      </span>
      {columns.map(({ id, cell }) => (
        <span role="cell" key={id} className="min-w-0 truncate px-3">
          {cell(row, see)}
        </span>
      ))}
      <span role="presentation" />
    </>
  );
});

/** On phones a row is a card: title, two facts, one state. */
export const CardRow = memo(function CardRow({ row, see, on, index, choosable, onChoose }: Omit<RowProps, "compact">) {
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
});

/** A row that is on its way. */
export function ComingRow() {
  return (
    <span role="cell" className="flex w-full items-center gap-3 px-[18px]">
      <Skeleton className="size-7 rounded-full" />
      <Skeleton className="h-3 w-40" />
      <Skeleton className="ms-auto h-3 w-24 max-md:hidden" />
    </span>
  );
}

function Name({ row }: { row: Contact }) {
  return (
    <Link
      to="/contacts/$id"
      params={{ id: row.id }}
      preload={false}
      className="flex min-w-0 rounded-chip font-semibold outline-offset-3 coarse:min-h-11 coarse:items-center"
    >
      <Own title={row.display_name}>{row.display_name}</Own>
    </Link>
  );
}
