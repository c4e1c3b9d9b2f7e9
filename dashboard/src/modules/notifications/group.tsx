import { useQuery } from "@tanstack/react-query";
import { Archive, ArchiveRestore, CircleHelp, Mail, MailOpen } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { withWords } from "@/i18n/words";
import { Button, IconButton } from "@/ui/button";
import { Link } from "@/ui/link";
import { Popover } from "@/ui/popover";
import type { RowPlace } from "@/ui/rows";
import { Skeleton } from "@/ui/states";
import { Acts } from "./acts";
import { deliveries } from "./deliveries";
import type { Notification } from "./data";
import { iconOf } from "./list";
import { titleOf } from "./said";
import { taskOf } from "./told";
import { Earlier } from "./unfolded";

const TaskActs = lazy(async () => ({
  default: (await withWords(["tasks"], import("./task-acts"))).TaskActs,
}));

interface Props {
  index: number;
  /** Of one kind, the newest first. */
  items: readonly Notification[];
  /** Whether the others are shown too. */
  unfolded: boolean;
  onUnfold: (on: boolean) => void;
  onFocus: () => void;
  onOpen: (item: Notification) => void;
  onRead: (items: readonly Notification[], on: boolean) => void;
  onArchive: (items: readonly Notification[], on: boolean) => void;
  place: RowPlace;
}

/** What one was told together, in one row. */
export function Group(props: Props) {
  const { t } = useTranslation();
  const { items, index, unfolded } = props;
  const [first, ...others] = items;
  if (!first) return null;
  const fresh = items.some((item) => !item.read_at);
  const away = Boolean(first.archived_at);
  const Icon = iconOf(first);
  return (
    <li {...props.place} data-group={index} onFocus={props.onFocus} className="px-[18px] py-3 max-md:px-4">
      <div className="group relative grid grid-cols-[32px_minmax(0,1fr)_auto] items-start gap-3">
        <span
          aria-hidden="true"
          className={`grid size-8 place-items-center rounded-control [&_svg]:size-4 ${first.critical ? "bg-danger-soft text-danger-text" : fresh ? "bg-accent-soft text-accent-text" : "border border-line bg-sunken text-ink-2"}`}
        >
          <Icon />
        </span>
        <Told item={first} count={items.length} onOpen={props.onOpen} main />
        <span className="relative z-1 -my-1 flex items-center">
          {fresh && <span aria-hidden="true" className="me-1 size-2 rounded-full bg-sun" />}
          <Why item={first} />
          {/* On phones there is room for the title, and the menu has these too. */}
          <span className="flex items-center max-md:hidden">
            <IconButton
              writes
              label={t(fresh ? "notifications.markRead" : "notifications.markUnread")}
              small
              onClick={() => props.onRead(items, fresh)}
            >
              {fresh ? <MailOpen /> : <Mail />}
            </IconButton>
            <IconButton
              writes
              label={t(away ? "notifications.bringBack" : "notifications.archive")}
              small
              onClick={() => props.onArchive(items, !away)}
            >
              {away ? <ArchiveRestore /> : <Archive />}
            </IconButton>
          </span>
          <Acts items={items} onRead={(on) => props.onRead(items, on)} onArchive={(on) => props.onArchive(items, on)} />
        </span>
      </div>
      <Act item={first} onOpen={props.onOpen} />
      {others.length > 0 && <Earlier count={others.length} open={unfolded} onOpen={props.onUnfold} className="ms-11" />}
      {unfolded && (
        <ul className="ms-11 mt-1 flex flex-col gap-2 border-line border-s ps-3">
          {others.map((item) => (
            <li key={item.id}>
              <div className="relative flex items-start gap-3">
                <Told item={item} onOpen={props.onOpen} />
                <span className="relative z-1 -my-1">
                  <Acts
                    items={[item]}
                    onRead={(on) => props.onRead([item], on)}
                    onArchive={(on) => props.onArchive([item], on)}
                  />
                </span>
              </div>
              <Act item={item} onOpen={props.onOpen} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** What can be done about it from here. */
function Act({ item, onOpen }: { item: Notification; onOpen: (item: Notification) => void }) {
  const { t } = useTranslation();
  const task = taskOf(item);
  const may = useMay("tasks.write");
  if (item.archived_at) return null;
  if (task && may)
    return (
      <div className="ms-11 mt-1.5 min-h-[30px] max-md:min-h-11">
        <Suspense>
          <TaskActs id={task} />
        </Suspense>
      </div>
    );
  if (item.kind !== "greeting.waiting") return null;
  return (
    <Button size="small" className="ms-11 mt-1.5" onClick={() => onOpen(item)}>
      {t("notifications.openBatch")}
    </Button>
  );
}

function Told(props: {
  item: Notification;
  /** How many of its kind stand behind it, itself among them. */
  count?: number;
  onOpen: (item: Notification) => void;
  main?: boolean;
}) {
  const { item, count = 1, onOpen, main } = props;
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const key = `module.${item.module}`;
  return (
    <button
      type="button"
      data-notice=""
      {...(main && { "data-open": "" })}
      onClick={() => onOpen(item)}
      className="min-w-0 flex-1 text-start after:absolute after:inset-0 max-md:min-h-11"
    >
      <span
        dir="auto"
        className={`block text-[13.5px] leading-[1.35] break-words ${item.read_at ? "text-ink-2" : "font-[570]"}`}
      >
        {titleOf(i18n, item, formats.locale)}
      </span>
      <span className="mt-0.5 block text-[12.5px] text-muted">
        {item.critical && <span className="text-danger-text">{t("notifications.critical")} · </span>}
        {count > 1 && <b className="font-[570] text-ink-2">{t("notifications.together", { count })} · </b>}
        {i18n.exists(key) ? t(key as "module.forms") : item.module}
        {" · "}
        {item.snoozed_until && (
          <time dateTime={item.snoozed_until} title={formats.full(item.snoozed_until)} className="text-accent-text">
            {t("notifications.until", { when: formats.when(item.snoozed_until) })}
            {" · "}
          </time>
        )}
        <time dateTime={item.created_at} title={formats.full(item.created_at)}>
          {formats.ago(item.created_at)}
        </time>
      </span>
    </button>
  );
}

/** Why somebody is told this, and where he can change it. */
function Why({ item }: { item: Notification }) {
  const { t, i18n } = useTranslation();
  const key = `module.${item.module}`;
  const module = i18n.exists(key) ? t(key as "module.forms") : item.module;
  return (
    <Popover
      label={t("notifications.why")}
      trigger={
        <IconButton label={t("notifications.why")} small>
          <CircleHelp />
        </IconButton>
      }
    >
      <div className="flex w-72 flex-col gap-2 p-4 text-sm">
        <p>{item.critical ? t("notifications.whyCritical") : t("notifications.whyModule", { module })}</p>
        {!item.critical && <Link to="/account">{t("notifications.whyChange")}</Link>}
        <Deliveries id={item.id} />
      </div>
    </Popover>
  );
}

/** E-mails that carried it, with what became of them. */
function Deliveries({ id }: { id: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const query = useQuery(deliveries(id));
  return (
    <section aria-label={t("notifications.mails")} className="border-line border-t pt-2">
      <h3 className="mb-1 text-[12.5px] font-[570]">{t("notifications.mails")}</h3>
      {query.isPending ? (
        <Skeleton className="h-4 w-40" />
      ) : query.isError ? (
        <p role="alert" className="text-[12.5px] text-danger-text">
          {sayThrown(query.error)}
        </p>
      ) : query.data.length === 0 ? (
        <p className="text-[12.5px] text-muted">{t("notifications.mailsNone")}</p>
      ) : (
        <ul className="flex flex-col gap-1.5">
          {query.data.map((mail) => {
            const at = mail.sent_at ?? mail.created_at;
            return (
              <li key={mail.id} className="text-[12.5px]">
                <span className={mail.state === "failed" ? "text-danger-text" : undefined}>
                  {t(`notifications.mailState.${mail.state as "sent"}`)}
                </span>{" "}
                <time dateTime={at} title={formats.full(at)} className="text-muted">
                  {formats.when(at)}
                </time>
                {mail.recipient && <bdi className="block truncate text-muted">{mail.recipient}</bdi>}
                {mail.last_error && mail.state !== "sent" && (
                  <bdi lang="en" className="block break-words text-danger-text">
                    {mail.last_error}
                  </bdi>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
