import { clsx } from "clsx";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Sort } from "../search";
import type { SortField } from "../address";

/** A heading; where the server can sort, a press does: once, the other way round, not at all. */
export function Head(props: {
  label: string;
  field?: SortField;
  sort: Sort | undefined;
  onSort: (sort: Sort | undefined) => void;
  /** The first column stays in sight: whether a box stands in front of it. */
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
