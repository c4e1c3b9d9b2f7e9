import { useInfiniteQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/app/keys";
import { Button } from "@/ui/button";
import { Lines } from "@/ui/rows";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { type Asked, fits } from "./asked";
import { grouped } from "./grouped";
import { type Notification, notifications, useIsTold, useNotificationChange } from "./data";
import { Group } from "./group";
import { useUnfolded } from "./unfolded";

/** The long list: what belongs together in one row, with the keys J, K, Enter, R, H and E. */
export function Center(props: { asked: Asked; onClear: () => void }) {
  const { t } = useTranslation();
  if (useIsTold()) return <List {...props} />;
  return <Empty title={t("notifications.nobody")}>{t("notifications.nobodyText")}</Empty>;
}

function List({ asked, onClear }: { asked: Asked; onClear: () => void }) {
  const { t } = useTranslation();
  const router = useRouter();
  const list = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(-1);
  const query = useInfiniteQuery(notifications(asked));
  const change = useNotificationChange();
  const items = query.data?.pages.flatMap((page) => page.items).filter((item) => fits(asked, item)) ?? [];
  const groups = grouped(items);
  const unfolded = useUnfolded();
  const failed = (error: Error) => sayError(t("error.notSaved"), error.message);

  const open = (item: Notification) => {
    if (!item.read_at) change.mutateAsync({ id: item.id, read: true }).catch(failed);
    // A path of the console, checked by the server and again here.
    if (item.link && /^\/(?![/\\])/.test(item.link)) router.history.push(item.link);
  };
  const read = (group: readonly Notification[], on: boolean) => {
    for (const item of group)
      if (Boolean(item.read_at) !== on) change.mutateAsync({ id: item.id, read: on }).catch(failed);
  };
  const archive = (group: readonly Notification[], on: boolean) => {
    const put = (archived: boolean) => {
      for (const { id } of group) change.mutateAsync({ id, archived }).catch(failed);
    };
    put(on);
    const undo = () => put(!on);
    say(t(on ? "notifications.archived" : "notifications.broughtBack"), { undo });
  };
  const go = (to: number) => {
    const next = Math.max(0, Math.min(groups.length - 1, to));
    setAt(next);
    list.current?.querySelector<HTMLElement>(`[data-group="${next}"] [data-open]`)?.focus();
  };
  const here = groups[at];
  useShortcuts([
    { keys: "j", label: t("keys.next"), run: () => go(at + 1) },
    { keys: "k", label: t("keys.previous"), run: () => go(at - 1) },
    { keys: "Enter", label: t("keys.openRow"), run: () => undefined, listed: "only" },
    {
      keys: "r",
      label: t("notifications.keyRead"),
      run: () =>
        here &&
        read(
          here,
          here.some((n) => !n.read_at),
        ),
    },
    {
      keys: "h",
      label: t("notifications.keySnooze"),
      run: () => list.current?.querySelector<HTMLElement>(`[data-group="${at}"] [data-acts]`)?.click(),
    },
    { keys: "e", label: t("notifications.archive"), run: () => here && archive(here, asked.which !== "archived") },
  ]);

  if (query.isPending) return <SkeletonRows rows={6} tall />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const more = query.hasNextPage && (
    <div className="flex justify-center p-3">
      <Button size="small" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t("action.more")}
      </Button>
    </div>
  );
  if (groups.length === 0)
    return asked.module || asked.kind ? (
      <Empty
        title={t("notifications.noneFilter")}
        actions={<Button onClick={onClear}>{t("action.clearFilters")}</Button>}
      />
    ) : (
      <>
        <Empty title={t(EMPTY[asked.which])}>{t("notifications.emptyText")}</Empty>
        {more}
      </>
    );
  return (
    <div ref={list}>
      <Lines items={groups} height={81} more={query.hasNextPage} at={at} className="divide-y divide-line" live>
        {(group, place, index) => (
          <Group
            // The newest is another one with each that comes.
            key={group.at(-1)?.id}
            place={place}
            index={index}
            items={group}
            unfolded={unfolded.has(group)}
            onUnfold={(on) => unfolded.put(group, on)}
            onFocus={() => setAt(index)}
            onOpen={open}
            onRead={read}
            onArchive={archive}
          />
        )}
      </Lines>
      {more}
    </div>
  );
}

const EMPTY = {
  unread: "notifications.emptyUnread",
  read: "notifications.emptyRead",
  all: "notifications.emptyAll",
  snoozed: "notifications.emptySnoozed",
  archived: "notifications.emptyAway",
} as const;
