import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  CalendarDays,
  CircleDot,
  ClipboardList,
  FileLock2,
  type LucideIcon,
  Mail,
  MessageCircle,
  Phone,
  Pin,
  ShieldBan,
  ShieldCheck,
  StickyNote,
  Tag,
  UserRound,
  UserRoundPlus,
  Waypoints,
} from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { stages, timeline, useMembers } from "./data";
import { byDay, type Entry, momentOf, sentence } from "./story";

const ICONS: Record<string, LucideIcon> = {
  "contact.created": UserRoundPlus,
  "contact.stage_changed": Waypoints,
  "contact.assigned": UserRound,
  "contact.tagged": Tag,
  "contact.blocked": ShieldBan,
  "contact.held": FileLock2,
  "contact.consent_granted": ShieldCheck,
  "contact.consent_withdrawn": ShieldBan,
  "note.created": StickyNote,
  call: Phone,
  meeting: CalendarDays,
  email: Mail,
  message: MessageCircle,
};
const iconOf = (entry: Entry): LucideIcon =>
  ICONS[entry.activity?.kind ?? entry.kind] ?? (entry.subject === "submissions" ? ClipboardList : CircleDot);

/** Plans above the sun, history below. */
export function Timeline({ id }: { id: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const query = useInfiniteQuery(timeline(id));
  const now = useMinute();
  const days = useMemo(
    () => byDay(query.data?.pages.flatMap((page) => page.items) ?? [], now, formats.dayKey),
    [query.data, now, formats],
  );
  if (query.isPending) return <SkeletonRows rows={5} tall />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  if (days.plans.length + days.days.length === 0) return <Empty title={t("contacts.timelineEmpty")} />;
  const today = formats.dayKey(now);
  return (
    <section aria-label={t("contacts.timeline")} className="relative ps-11">
      <span aria-hidden="true" className="absolute start-[15px] top-1.5 bottom-0 w-[1.5px] bg-line-2" />
      {days.plans.length > 0 && (
        <ol className="relative before:absolute before:-start-[29px] before:top-0 before:-bottom-2 before:w-[1.5px] before:bg-[repeating-linear-gradient(var(--void)_0_4px,transparent_4px_9px)]">
          {days.plans.map((entry) => (
            <Row key={entry.id} entry={entry} planned />
          ))}
        </ol>
      )}
      <div className="relative -ms-11 mt-0.5 mb-5.5 h-px bg-linear-to-r from-sun to-transparent to-70% rtl:bg-linear-to-l">
        <span className="absolute start-[9px] -top-1.5 size-[13px] rounded-full bg-sun shadow-sun" />
        <span className="absolute start-11 -top-2 bg-void pe-2 text-[11.5px] leading-4 font-[640] text-sun-text">
          {t("contacts.now", { time: formats.time(now) })}
        </span>
      </div>
      {days.days.map((day) => (
        <section key={day.key}>
          {day.key !== today && <h3 className="pb-3.5 text-cap font-[560] text-muted">{formats.day(day.at)}</h3>}
          <ol>
            {day.entries.map((entry) => (
              <Row key={entry.id} entry={entry} />
            ))}
          </ol>
        </section>
      ))}
      {query.hasNextPage && (
        <Button
          size="small"
          busy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
          className="mb-4"
        >
          {t("contacts.earlier")}
        </Button>
      )}
    </section>
  );
}

function Row({ entry, planned }: { entry: Entry; planned?: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  const { data: known = [] } = useQuery(stages);
  const Icon = iconOf(entry);
  const at = momentOf(entry);
  const { note, activity } = entry;
  const body = note?.body ?? activity?.body ?? undefined;
  const who =
    entry.actor_kind === "visitor"
      ? t("event.visitor")
      : entry.actor
        ? members.get(entry.actor) && t("event.by", { name: members.get(entry.actor) })
        : undefined;
  const facts = [
    activity?.duration_seconds
      ? t("event.minutes", { count: Math.max(1, Math.round(activity.duration_seconds / 60)) })
      : undefined,
    activity?.outcome,
    who,
    note?.private ? t("contacts.private") : undefined,
  ].filter(Boolean);
  const what = sentence(entry, t, {
    stage: (key) => known.find((stage) => stage.key === key)?.label ?? key,
    member: (id) => members.get(id),
  });
  return (
    <li className="relative pb-[18px]">
      <span
        aria-hidden="true"
        className={`absolute -start-11 -top-[3px] grid size-8 place-items-center rounded-full border [&_svg]:size-[15px] ${planned ? "border-accent-line border-dashed bg-void text-accent-text" : "border-line-2 bg-surface text-ink-2"}`}
      >
        <Icon />
      </span>
      <p className="flex items-baseline gap-2 text-[13.5px] leading-[1.45]">
        <span className="min-w-0 break-words">
          <b className="font-[590]">{what}</b>
          {activity && ` ${activity.title}`}
          {note?.pinned && (
            <Pin aria-label={t("contacts.pinned")} className="ms-1.5 inline size-3.5 text-accent-text" />
          )}
        </span>
        <time dateTime={at} title={formats.full(at)} className="num ms-auto whitespace-nowrap text-cap text-muted">
          {planned ? formats.when(at) : formats.time(at)}
        </time>
      </p>
      {facts.length > 0 && <p className="mt-px text-sm text-muted">{facts.join(" · ")}</p>}
      {body && (
        <blockquote className="mt-2 rounded-[12px] border border-line bg-surface px-[13px] py-2.5 text-sm break-words whitespace-pre-wrap text-ink-2 [unicode-bidi:plaintext] shadow-1">
          {body}
        </blockquote>
      )}
    </li>
  );
}

/** Now, to the minute. */
function useMinute(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
