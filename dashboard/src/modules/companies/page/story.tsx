import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import i18next, { type TFunction } from "i18next";
import { ArrowRightLeft, Building2, type LucideIcon, Trash2, UserRound, UsersRound, Waypoints } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { rowsOf } from "@/api/pages";
import { useMinute } from "@/sky/base/useMinute";
import { Timeline, type TimelineEntry } from "@/sky/Timeline/Timeline";
import { Button } from "@/ui/button";
import { Failed, SkeletonRows } from "@/ui/states";
import { stages, tags, useMembers } from "../../contacts/data";
import { iconOf } from "../../contacts/icons";
import { type Entry, momentOf, nowAmong, sentence } from "../../contacts/story";
import { type Company, timeline } from "../data";

/** What happened with a company and with its people, and what is planned. */
export function Story({ company }: { company: Company }) {
  const { t } = useTranslation();
  const { zone } = useFormats();
  const query = useInfiniteQuery(timeline(company.id));
  const minute = useMinute();
  const entryOf = useEntry();
  const entries = rowsOf(query.data);
  if (query.isPending || !zone) return <SkeletonRows rows={5} tall />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      <Timeline
        label={t("companies.timeline")}
        now={nowAmong(entries, minute)}
        zone={zone}
        entries={entries.map(entryOf)}
      />
      {query.hasNextPage && (
        <Button
          size="small"
          busy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
          className="mt-2 mb-4 print:hidden"
        >
          {t("companies.earlier")}
        </Button>
      )}
    </>
  );
}

/** An event in the words of the reader: whom it concerns, and who did it. */
function useEntry(): (entry: Entry) => TimelineEntry {
  const { t } = useTranslation();
  const members = useMembers();
  const { data: known = [] } = useQuery(stages);
  const { data: words = [] } = useQuery(tags);
  const names = {
    stage: (key: string) => known.find((stage) => stage.key === key)?.label ?? key,
    member: (id: string) => members.get(id),
    tag: (id: string) => words.find((tag) => tag.id === id)?.name,
  };
  return (entry) => {
    const own = entry.subject === "companies";
    const Icon = own ? (ICONS[entry.kind] ?? Building2) : iconOf(entry);
    const { note, activity, actor, actor_kind: kind } = entry;
    const name = actor ? members.get(actor) : undefined;
    const here = entry.kind === "note.created" ? note : undefined;
    const facts = [
      !own && entry.contact_name,
      activity?.outcome,
      kind === "visitor" ? t("event.visitor") : name && t("event.by", { name }),
      here?.private && t("contacts.private"),
    ];
    return {
      id: entry.id,
      at: momentOf(entry),
      icon: <Icon />,
      verb: own ? told(entry, t, names.member) : sentence(entry, t, names),
      text: activity?.title,
      detail: facts.filter(Boolean).join(" · ") || undefined,
      quote: here?.body ?? activity?.body ?? undefined,
    };
  };
}

const ICONS: Record<string, LucideIcon> = {
  "company.status_changed": Waypoints,
  "company.assigned": UserRound,
  "company.moved": ArrowRightLeft,
  "company.deleted": Trash2,
  "company.person_added": UsersRound,
  "company.person_changed": UsersRound,
  "company.person_removed": UsersRound,
};

/** What happened to a company; what has no words here keeps the server's. */
export function told(entry: Entry, t: TFunction, member: (id: string) => string | undefined): string {
  const payload = (entry.payload ?? {}) as Record<string, unknown>;
  const text = (key: string) => (typeof payload[key] === "string" ? (payload[key] as string) : "");
  const list = (key: string) =>
    Array.isArray(payload[key]) ? (payload[key] as unknown[]).filter((v): v is string => typeof v === "string") : [];
  const word = (key: string, otherwise: string) =>
    i18next.exists(`companies.${key}`) ? t(`companies.${key}` as "companies.name") : otherwise;
  const name = entry.contact_name ?? t("companies.somebody");
  switch (entry.kind) {
    case "company.updated": {
      const fields = list("fields").map((field) => word(`field.${field}`, field.replaceAll("_", " ")));
      return t("companies.event.updated", { fields: fields.join(", ") });
    }
    case "company.status_changed":
      return t("companies.event.status_changed", { status: word(`status.${text("to")}`, text("to")) });
    case "company.assigned":
      return text("to")
        ? t("companies.event.assigned", { owner: member(text("to")) ?? t("companies.somebody") })
        : t("companies.event.unassigned");
    case "company.person_added":
    case "company.person_changed": {
      const roles = list("roles").map((role) => word(`role.${role}`, role));
      const key = entry.kind === "company.person_added" ? "person_added" : "person_changed";
      return [t(`companies.event.${key}`, { name }), roles.join(", ")].filter(Boolean).join(": ");
    }
    case "company.person_removed":
      return t("companies.event.person_removed", { name });
    default:
      return word(`event.${entry.kind.replace("company.", "")}`, entry.title);
  }
}
