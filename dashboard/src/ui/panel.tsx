import { clsx } from "clsx";
import type { ReactNode } from "react";

/** A surface to work on: a title, a quiet line, one thing at the end. Never a panel in a panel. */
export function Panel(props: {
  title?: ReactNode;
  note?: ReactNode;
  more?: ReactNode;
  label?: string;
  className?: string;
  /** The content reaches the edges: lists and tables. */
  flush?: boolean;
  /** No padding at all. */
  bare?: boolean;
  /** As tall as there is room; the content scrolls inside. On phones it reaches from edge to edge. */
  fill?: boolean;
  children: ReactNode;
}) {
  const { title, note, more, label, className, flush, bare, fill, children } = props;
  return (
    <section
      aria-label={label}
      className={clsx(
        "relative min-w-0 border border-line bg-surface shadow-1 md:rounded-panel",
        fill
          ? "flex min-h-0 flex-1 flex-col overflow-hidden print:overflow-visible max-md:border-x-0 max-md:border-b-0"
          : "rounded-[14px]",
        className,
      )}
    >
      {title !== undefined && (
        <header
          className={clsx(
            "flex min-h-11 items-center gap-x-2.5 px-4 pt-[15px] md:px-[18px]",
            // A note that has no room beside the title stands below it.
            more === undefined && "max-md:flex-wrap",
          )}
        >
          <h2 className="wide whitespace-nowrap text-h2 font-semibold">{title}</h2>
          {note !== undefined && <span className="min-w-0 truncate text-[12.5px] text-muted">{note}</span>}
          {more !== undefined && (
            <span className="ms-auto flex items-center gap-2 whitespace-nowrap [&>a]:-my-3 [&>a]:grid [&>a]:min-h-11 [&>a]:place-items-center">
              {more}
            </span>
          )}
        </header>
      )}
      <div
        className={fill ? "contents" : bare ? undefined : flush ? "pt-2" : "px-4 pt-3 pb-4 md:px-[18px] md:pb-[18px]"}
      >
        {children}
      </div>
    </section>
  );
}
