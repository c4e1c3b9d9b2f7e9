import { useInfiniteQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import {
  Archive,
  AtSign,
  Bell,
  CalendarHeart,
  ClipboardList,
  FileWarning,
  KeyRound,
  ListChecks,
  type LucideIcon,
  Mail,
  MailOpen,
  Orbit,
  Repeat,
  Rss,
  ShieldCheck,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Button, IconButton } from "@/ui/button";
import { Link } from "@/ui/link";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { Acts } from "./acts";
import { type Asked, fits, MENTION } from "./asked";
import { type Notification, notifications, useIsTold, useNotificationChange, useReadAll, useUnreadAgain } from "./data";
import { grouped } from "./grouped";
import { titleOf } from "./said";
import { Earlier, useUnfolded } from "./unfolded";

const ICONS: Record<string, LucideIcon> = {
  activities: Rss,
  deals: Orbit,
  files: FileWarning,
  forms: ClipboardList,
  identity: ShieldCheck,
  privacy: KeyRound,
  messaging: Mail,
  tasks: ListChecks,
  followups: Repeat,
  occasions: CalendarHeart,
};

/** By the module that tells it; whoever is named himself sees that first. */
export const iconOf = ({ kind, module }: Pick<Notification, "kind" | "module">): LucideIcon =>
  kind === MENTION ? AtSign : (ICONS[module] ?? Bell);

interface Props {
  asked: Asked;
  /** Where it is one of many things: the first ones, and a way to the page for the others. */
  most?: number;
  onOpened?: () => void;
}

/** A short list for panels; the page has the long one. */
export function NotificationList(props: Props) {
  const { t } = useTranslation();
  if (useIsTold()) return <Told {...props} />;
  return <Empty title={t("notifications.nobody")}>{t("notifications.nobodyText")}</Empty>;
}

function Told({ asked, most, onOpened }: Props) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(notifications(asked));
  const unfolded = useUnfolded();
  if (query.isPending) return <SkeletonRows rows={4} tall />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const items = query.data.pages.flatMap((page) => page.items).filter((n) => fits(asked, n));
  const groups = grouped(items);
  if (groups.length === 0)
    return asked.kind === MENTION ? (
      <Empty title={t("notifications.emptyMentions")}>{t("notifications.emptyMentionsText")}</Empty>
    ) : (
      <Empty title={asked.which === "unread" ? t("notifications.emptyUnread") : t("notifications.emptyAll")}>
        {t("notifications.emptyText")}
      </Empty>
    );
  return (
    <>
      <ul className="divide-y divide-line">
        {groups.slice(0, most).map((group) => (
          <Row
            // The newest is another one with each that comes.
            key={group.at(-1)?.id}
            items={group}
            unfolded={unfolded.has(group)}
            onUnfold={(on) => unfolded.put(group, on)}
            onOpened={onOpened}
          />
        ))}
      </ul>
      {most !== undefined && (query.hasNextPage || groups.length > most) && (
        <p className="border-line border-t px-[18px] text-[12.5px]">
          <Link to="/notifications" className="inline-grid min-h-11 place-items-center">
            {t("notifications.seeAll")}
          </Link>
        </p>
      )}
      {most === undefined && query.hasNextPage && (
        <div className="flex justify-center p-3">
          <Button size="small" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t("action.more")}
          </Button>
        </div>
      )}
    </>
  );
}

function Row(props: {
  /** Of one kind, the newest first. */
  items: readonly Notification[];
  unfolded: boolean;
  onUnfold: (on: boolean) => void;
  onOpened?: (() => void) | undefined;
}) {
  const { items, unfolded, onOpened } = props;
  const others = items.slice(1);
  return (
    <li>
      <Line items={items} onOpened={onOpened} />
      {others.length > 0 && (
        <Earlier count={others.length} open={unfolded} onOpen={props.onUnfold} className="ms-[62px] mb-1" />
      )}
      {unfolded && others.length > 0 && (
        <ul className="ms-[33px] mb-2 border-line border-s">
          {others.map((item) => (
            <li key={item.id}>
              <Line items={[item]} onOpened={onOpened} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** What one was told, or the newest of a group, and what can be done with all of it. */
function Line({ items, onOpened }: { items: readonly Notification[]; onOpened?: (() => void) | undefined }) {
  const { t, i18n } = useTranslation();
  const router = useRouter();
  const formats = useFormats();
  const change = useNotificationChange();
  const [item] = items;
  if (!item) return null;
  const Icon = iconOf(item);
  const fresh = items.some((one) => !one.read_at);
  // Its row may be gone from the list when the answer comes.
  const failed = (error: Error) => sayError(t("error.panel"), error.message);
  const read = (on: boolean) => {
    for (const { id, read_at } of items)
      if (Boolean(read_at) !== on) change.mutateAsync({ id, read: on }).catch(failed);
  };
  const put = (archived: boolean) => Promise.all(items.map(({ id }) => change.mutateAsync({ id, archived })));
  const archive = (on = true) =>
    void put(on)
      .then(() => say(t("notifications.archived"), { undo: () => void put(!on).catch(failed) }))
      .catch(failed);
  const open = () => {
    if (!item.read_at) change.mutateAsync({ id: item.id, read: true }).catch(failed);
    onOpened?.();
    // A path of the console, checked by the server and again here.
    if (item.link && /^\/(?![/\\])/.test(item.link)) router.history.push(item.link);
  };
  return (
    <div className="group relative grid grid-cols-[32px_minmax(0,1fr)_auto] items-start gap-3 px-[18px] py-3 hover:bg-hover">
      <span
        aria-hidden="true"
        className={`grid size-8 place-items-center rounded-control [&_svg]:size-4 ${item.critical ? "bg-danger-soft text-danger-text" : fresh ? "bg-accent-soft text-accent-text" : "border border-line bg-sunken text-ink-2"}`}
      >
        <Icon />
      </span>
      <button type="button" onClick={open} className="min-w-0 text-start after:absolute after:inset-0 max-md:min-h-11">
        <span className={`block text-[13.5px] leading-[1.35] break-words ${fresh ? "font-[570]" : "text-ink-2"}`}>
          {titleOf(i18n, item, formats.locale)}
        </span>
        <span className="mt-0.5 block text-[12.5px] text-muted">
          {item.critical && <span className="text-danger-text">{t("notifications.critical")} · </span>}
          {items.length > 1 && (
            <b className="font-[570] text-ink-2">{t("notifications.together", { count: items.length })} · </b>
          )}
          <time dateTime={item.created_at} title={formats.full(item.created_at)}>
            {formats.ago(item.created_at)}
          </time>
        </span>
      </button>
      <span className="relative z-1 flex items-center">
        {fresh && (
          <span
            aria-hidden="true"
            className="size-2 rounded-full bg-sun group-focus-within:hidden group-hover:hidden md:coarse:hidden"
          />
        )}
        {/* On phones there is room for the title, and the menu has these too. */}
        <span className="hidden group-focus-within:flex group-hover:flex max-md:hidden! coarse:flex">
          <IconButton
            writes
            label={fresh ? t("notifications.markRead") : t("notifications.markUnread")}
            small
            className="-my-1"
            onClick={() => read(fresh)}
          >
            {fresh ? <MailOpen /> : <Mail />}
          </IconButton>
          <IconButton writes label={t("notifications.archive")} small className="-my-1" onClick={() => archive()}>
            <Archive />
          </IconButton>
        </span>
        <span className="-my-1">
          <Acts items={items} onRead={read} onArchive={archive} />
        </span>
      </span>
    </div>
  );
}

export function ReadAll({ disabled, module }: { disabled?: boolean; module?: string }) {
  const { t } = useTranslation();
  const { mutate, isPending } = useReadAll();
  const again = useUnreadAgain();
  const until = () =>
    mutate(
      { until: new Date().toISOString(), ...(module && { module }) },
      {
        onSuccess: (ids) => {
          // Whoever takes it back may have closed the panel already.
          const undo = () =>
            void again.mutateAsync(ids).catch((error: Error) => sayError(t("error.panel"), error.message));
          say(t("notifications.allRead"), ids.length > 0 ? { undo } : {});
        },
        onError: (error) => sayError(t("error.panel"), error.message),
      },
    );
  return (
    <button
      type="button"
      disabled={disabled || isPending}
      onClick={until}
      className="-my-3 min-h-11 py-2 text-[12.5px] font-[540] text-accent-text hover:underline disabled:text-faint disabled:no-underline"
    >
      {t("notifications.readAll")}
    </button>
  );
}
