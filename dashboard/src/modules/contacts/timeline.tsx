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
  ShieldBan,
  ShieldCheck,
  StickyNote,
  Tag,
  UserRound,
  UserRoundPlus,
  Waypoints,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { useMinute } from "@/sky/base/useMinute";
import { Timeline, type TimelineEntry } from "@/sky/Timeline/Timeline";
import { Button } from "@/ui/button";
import { Failed, SkeletonRows } from "@/ui/states";
import { type Contact, stages, timeline, useMembers } from "./data";
import { type Entry, momentOf, nowAmong, sentence } from "./story";

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

/** What happened with a person, and what is planned. */
export function ContactTimeline({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const { zone } = useFormats();
  const query = useInfiniteQuery(timeline(contact.id));
  const minute = useMinute();
  const entryOf = useEntry();
  const entries = query.data?.pages.flatMap((page) => page.items) ?? [];
  const now = nowAmong(entries, minute);
  if (query.isPending || !zone) return <SkeletonRows rows={5} tall />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      <Timeline label={t("contacts.timeline")} now={now} zone={zone} entries={entries.map(entryOf)} />
      {query.hasNextPage && (
        <Button
          size="small"
          busy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
          className="mt-2 mb-4"
        >
          {t("contacts.earlier")}
        </Button>
      )}
    </>
  );
}

/** An event in the words of the reader. */
function useEntry(): (entry: Entry) => TimelineEntry {
  const { t } = useTranslation();
  const members = useMembers();
  const { data: known = [] } = useQuery(stages);
  const names = {
    stage: (key: string) => known.find((stage) => stage.key === key)?.label ?? key,
    member: (id: string) => members.get(id),
  };
  return (entry) => {
    const Icon = iconOf(entry);
    const { note, activity, actor, actor_kind } = entry;
    const name = actor ? members.get(actor) : undefined;
    const minutes = activity?.duration_seconds && Math.max(1, Math.round(activity.duration_seconds / 60));
    const facts = [
      minutes && t("event.minutes", { count: minutes }),
      activity?.outcome,
      actor_kind === "visitor" ? t("event.visitor") : name && t("event.by", { name }),
      note?.pinned && t("contacts.pinned"),
      note?.private && t("contacts.private"),
    ];
    return {
      id: entry.id,
      at: momentOf(entry),
      icon: <Icon />,
      verb: sentence(entry, t, names),
      text: activity?.title,
      detail: facts.filter(Boolean).join(" · ") || undefined,
      quote: note?.body ?? activity?.body ?? undefined,
    };
  };
}
