import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type PageOf, rowsOf } from "@/api/pages";
import { Button } from "./button";
import { Empty, Failed, SkeletonRows } from "./states";

/** A list with everything that can be the matter with it: coming, failed, empty, nothing for the filters, more. */
export function Listed<T>(props: {
  query: UseInfiniteQueryResult<InfiniteData<PageOf<T>>>;
  rows?: number;
  empty: ReactNode;
  /** Something narrows the list: this clears it. */
  onClear?: () => void;
  /** What was read, and whether there is more. */
  children: (items: T[], more: boolean) => ReactNode;
}) {
  const { t } = useTranslation();
  const { query, empty, onClear } = props;
  if (query.isPending) return <SkeletonRows rows={props.rows ?? 4} tall />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const items = rowsOf(query.data);
  if (items.length === 0)
    return onClear ? (
      <Empty title={t("state.noneTitle")} actions={<Button onClick={onClear}>{t("action.clearFilters")}</Button>}>
        {t("state.noneText")}
      </Empty>
    ) : (
      empty
    );
  return (
    <>
      {props.children(items, query.hasNextPage)}
      {query.hasNextPage && (
        <div className="flex justify-center border-line border-t p-3">
          <Button size="small" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t("action.more")}
          </Button>
        </div>
      )}
    </>
  );
}
