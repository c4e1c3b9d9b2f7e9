import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Pin } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { useMinute } from "@/sky/base/useMinute";
import { Timeline, type TimelineEntry } from "@/sky/Timeline/Timeline";
import { Button } from "@/ui/button";
import { Segments } from "@/ui/segments";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { type Contact, stages, tags, useMembers } from "./data";
import { PARTS, type Part, pinned, timeline } from "./person/data";
import { iconOf } from "./icons";
import { useGoing } from "./notes/going";
import { NoteEditor, type NoteRef, NoteTools } from "./notes/tools";
import { useShown } from "../fields/data";
import { type Entry, momentOf, nowAmong, sentence } from "./story";

/** What happened with a person, and what is planned. */
export function ContactTimeline({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const [part, setPart] = useState<Part>("all");
  return (
    <>
      <div className="mb-4 flex overflow-x-auto [scrollbar-width:none] print:hidden">
        <Segments<Part>
          label={t("contacts.timelinePart")}
          value={part}
          onChange={setPart}
          options={PARTS.map((value) => ({ value, label: t(`contacts.part.${value}`) }))}
        />
      </div>
      {(part === "all" || part === "notes") && <Pinned contact={contact} />}
      <Story contact={contact} part={part} onAll={() => setPart("all")} />
    </>
  );
}

function Story({ contact, part, onAll }: { contact: Contact; part: Part; onAll: () => void }) {
  const { t } = useTranslation();
  const { zone } = useFormats();
  const query = useInfiniteQuery(timeline(contact.id, part));
  const minute = useMinute();
  const entryOf = useEntry(contact);
  const going = useGoing();
  const all = query.data?.pages.flatMap((page) => page.items) ?? [];
  const entries = all.filter((entry) => !going.has(entry.subject_id));
  if (query.isPending || !zone) return <SkeletonRows rows={5} tall />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  if (entries.length === 0 && part !== "all")
    return <Empty title={t("contacts.partNone")} actions={<Button onClick={onAll}>{t("contacts.part.all")}</Button>} />;
  return (
    <>
      <Timeline
        label={t("contacts.timeline")}
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
          {t("contacts.earlier")}
        </Button>
      )}
    </>
  );
}

/** What nobody may overlook stands above the sun. */
function Pinned({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const members = useMembers();
  const formats = useFormats();
  const going = useGoing();
  const { data } = useQuery(pinned(contact.id));
  const [editing, setEditing] = useState<string>();
  const notes = data?.items.filter(({ id }) => !going.has(id)) ?? [];
  if (notes.length === 0) return null;
  return (
    <ul aria-label={t("contacts.pinned")} className="mb-5 flex flex-col gap-2">
      {notes.map((note) => (
        <li key={note.id} className="rounded-[12px] border border-accent-line bg-surface px-3.5 py-2.5 text-[13.5px]">
          {editing === note.id ? (
            <NoteEditor note={note} contact={contact.id} onClose={() => setEditing(undefined)} />
          ) : (
            <>
              <p dir="auto" className="whitespace-pre-line break-words">
                {note.body}
              </p>
              <p className="mt-1 flex items-center gap-1.5 text-cap text-muted">
                <Pin aria-hidden="true" className="size-3.5" />
                {[note.author && members.get(note.author), formats.when(note.created_at)].filter(Boolean).join(", ")}
                <span className="ms-auto -my-1 print:hidden">
                  <NoteTools note={note} contact={contact.id} onEdit={() => setEditing(note.id)} />
                </span>
              </p>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

/** An event in the words of the reader, with what can be done about it. */
function useEntry(contact: Contact): (entry: Entry) => TimelineEntry {
  const { t } = useTranslation();
  const members = useMembers();
  const [editing, setEditing] = useState<string>();
  const { data: known = [] } = useQuery(stages);
  const { data: words = [] } = useQuery(tags);
  const own = useShown("contact");
  const names = {
    stage: (key: string) => known.find((stage) => stage.key === key)?.label ?? key,
    member: (id: string) => members.get(id),
    tag: (id: string) => words.find((tag) => tag.id === id)?.name,
    own: (key: string) => own.find((field) => field.key === key)?.label,
  };
  return (entry) => {
    const Icon = iconOf(entry);
    const { note, activity, actor, actor_kind } = entry;
    const name = actor ? members.get(actor) : undefined;
    const minutes = activity?.duration_seconds && Math.max(1, Math.round(activity.duration_seconds / 60));
    // A note stands where it was written; that it was changed needs no second copy.
    const here = entry.kind === "note.created" ? (note ?? undefined) : undefined;
    const ref: NoteRef | undefined = here && {
      id: entry.subject_id,
      author: actor_kind === "user" ? actor : null,
      body: here.body,
      pinned: here.pinned,
    };
    const facts = [
      minutes && t("event.minutes", { count: minutes }),
      activity?.outcome,
      actor_kind === "visitor" ? t("event.visitor") : name && t("event.by", { name }),
      here?.pinned && t("contacts.pinned"),
      here?.private && t("contacts.private"),
    ];
    return {
      id: entry.id,
      at: momentOf(entry),
      icon: <Icon />,
      verb: sentence(entry, t, names),
      text: activity?.title,
      detail: facts.filter(Boolean).join(" · ") || undefined,
      quote: here?.body ?? activity?.body ?? undefined,
      ...(ref &&
        !contact.deleted_at && {
          tools: <NoteTools note={ref} contact={contact.id} onEdit={() => setEditing(entry.id)} />,
          ...(editing === entry.id && {
            body: <NoteEditor note={ref} contact={contact.id} onClose={() => setEditing(undefined)} />,
          }),
        }),
    };
  };
}
