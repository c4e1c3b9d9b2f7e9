import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/app/may";
import { firstOf, type List, type SavedView, savedViews } from "./data";
import { type Content, ViewTools } from "./tools";

/** Whether two lists are asked for the same; columns are shown otherwise without being another list. */
export const isSame = (a: Content, b: Content): boolean => {
  const said = ({ kind, q, filter, sort, deleted, options }: Content) =>
    JSON.stringify([kind, q || "", filter, sort || "", deleted, Object.entries(options).sort()]);
  return said(a) === said(b);
};

/** What of an address is said, as texts. */
export const textsOf = (said: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(said).filter((entry): entry is [string, string] => Boolean(entry[1])));

/** Lists under a name as chips: the one that is shown is pressed, and beside them stands what can be done with it. */
export function ViewChips<S extends object>(props: {
  list: List;
  /** What the address says about the list. */
  search: S;
  /** The view that the address names; `all` for none. */
  shown: string | undefined;
  contentOf: (search: S) => Content;
  searchOf: (view: SavedView) => S;
  onShow: (view: string, search: S | undefined) => void;
  /** It stands in a row with ways to see the list without a view: then a pressed chip is let go by another press. */
  beside?: boolean;
  /** What is shown is not as the view says in something that the address does not say, such as columns. */
  altered?: boolean;
  /** The view that is shown has columns of its own. */
  onColumns?: (columns: string[]) => void;
}) {
  const { t } = useTranslation();
  const { list, search, shown, contentOf, searchOf, onShow } = props;
  const { data: views = [], isPending } = useQuery(savedViews(list));
  const person = useMe()?.user?.id;
  const view = views.find(({ id }) => id === shown);
  const now = contentOf(search);
  const nothing = contentOf({} as S);
  const plain = shown === undefined && isSame(now, nothing);
  const first = plain ? views.find(({ id }) => id === firstOf(views, person)) : undefined;
  useEffect(() => {
    if (first) onShow(first.id, searchOf(first));
  }, [first?.id]);
  // The whole list, only looked at in another way: there is nothing to be lost.
  const whole = !view && isSame({ ...now, ...(nothing.kind && { kind: nothing.kind }) }, nothing);
  const changed = props.altered || !isSame(now, view ? contentOf(searchOf(view)) : nothing);
  const chip = (on: boolean) =>
    clsx(
      "inline-flex h-7 shrink-0 items-center rounded-full border px-3 text-[13px] coarse:h-11",
      on
        ? "border-transparent bg-accent-soft font-[570] text-accent-text"
        : "border-line bg-surface text-ink-2 hover:bg-hover hover:text-ink",
    );
  const show = (next: SavedView | undefined) => {
    onShow(next ? next.id : "all", next && searchOf(next));
    if (next && next.columns.length > 0) props.onColumns?.(next.columns);
  };
  // A row with one choice says nothing; while views may still come their room is kept.
  if (!props.beside && !isPending && views.length === 0 && !changed) return null;
  return (
    <div
      className={clsx(
        "flex items-center gap-2 [scrollbar-width:none]",
        props.beside ? "min-w-0 md:overflow-x-auto" : "min-h-9 overflow-x-auto px-7 pb-2 max-md:px-4",
        // A phone has no tools for a view, only the choice.
        !props.beside && views.length === 0 && "max-md:hidden",
      )}
    >
      <fieldset className="flex items-center gap-1.5">
        <legend className="sr-only">{t("views.label")}</legend>
        {!props.beside && (
          <button type="button" aria-pressed={!view} onClick={() => show(undefined)} className={chip(!view)}>
            {t("views.all")}
          </button>
        )}
        {views.map((each) => {
          const on = each.id === view?.id;
          return (
            <button
              key={each.id}
              type="button"
              aria-pressed={on}
              onClick={() => show(on && props.beside ? undefined : each)}
              className={chip(on)}
            >
              <bdi className="max-w-48 truncate">{each.name}</bdi>
            </button>
          );
        })}
      </fieldset>
      <span className="flex shrink-0 items-center gap-1.5 max-md:hidden">
        <ViewTools
          list={list}
          view={view}
          views={views}
          content={now}
          changed={changed}
          whole={whole}
          onView={show}
          onDiscard={(kept = view) => onShow(kept?.id ?? "all", kept && searchOf(kept))}
        />
      </span>
    </div>
  );
}
