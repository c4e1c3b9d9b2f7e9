import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { LucideIcon } from "lucide-react";
import { Pin } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/api/pages";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { SheetButton } from "@/modules/sheets/export";
import { useMinute } from "@/sky/base/useMinute";
import { Timeline, type TimelineEntry } from "@/sky/Timeline/Timeline";
import { Button } from "@/ui/button";
import { Go } from "@/ui/go";
import { SearchBox } from "@/ui/search-box";
import { Segments } from "@/ui/segments";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { FilesOfNote } from "../attachments/beside";
import { stages, tags, useMembers } from "../contacts/data";
import { iconOf, toneOf } from "../contacts/icons";
import { removedStages } from "../contacts/stages/past";
import { type Entry, momentOf, nowAmong, sentence } from "../contacts/story";
import { useShown } from "../fields/data";
import { ActivityEditor, ActivityTools } from "./activity-tools";
import { type About, EVERYTHING, exported, isNarrow, PARTS, type Part, pinned, timeline, type Wish } from "./data";
import { thingOf, whyOf } from "./did";
import { TimelineFilters } from "./filters";
import { useGoing } from "./going";
import { Said } from "./note-text";
import { NoteEditor, type NoteRef, NoteTools } from "./note-tools";

/** What a page says of the events of its own record; none for what it leaves to the common words. */
export type Tell = (entry: Entry) => { verb: string; icon?: LucideIcon; detail?: string } | undefined;

/** What happened with a record, and what is planned: in parts, searched, as a file. */
export function RecordTimeline({ about, tell }: { about: About; tell?: Tell }) {
  const { t } = useTranslation();
  const { zone } = useFormats();
  const [wish, setWish] = useState(EVERYTHING);
  const { part, q } = wish;
  const exports = useMay("activities.export");
  const word = (value: Part) =>
    value === "messages" || value === "tasks" || value === "files"
      ? t(`activities.part.${value}`)
      : t(`contacts.part.${value}`);
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-2 print:hidden">
        <div className="flex max-w-full min-w-0 overflow-x-auto [scrollbar-width:none]">
          <Segments<Part>
            label={t("contacts.timelinePart")}
            value={part}
            onChange={(next) => setWish({ ...wish, part: next })}
            options={PARTS[about.kind].map((value) => ({ value, label: word(value) }))}
          />
        </div>
        <span className="flex min-w-0 flex-1 items-center gap-2">
          <SearchBox
            label={t("activities.search")}
            value={q}
            onChange={(words) => setWish({ ...wish, q: words })}
            className="min-w-40 flex-1"
          />
          {exports && <SheetButton small name="timeline" load={(look) => exported(about, wish, zone, look)} />}
        </span>
        <span className="flex basis-full flex-wrap items-center gap-2">
          <TimelineFilters wish={wish} onChange={setWish} />
        </span>
      </div>
      {(part === "notes" || !isNarrow(wish)) && <Pinned about={about} />}
      <Story key={about.id} about={about} wish={wish} tell={tell} onAll={() => setWish(EVERYTHING)} />
    </>
  );
}

function Story({ about, wish, tell, onAll }: { about: About; wish: Wish; tell?: Tell; onAll: () => void }) {
  const { t } = useTranslation();
  const { zone } = useFormats();
  const query = useInfiniteQuery(timeline(about, wish, zone));
  const minute = useMinute();
  const entryOf = useEntry(about, tell);
  const going = useGoing();
  const entries = rowsOf(query.data).filter((entry) => !going.has(entry.subject_id));
  if (query.isPending || !zone) return <SkeletonRows rows={5} tall />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  if (entries.length === 0 && isNarrow(wish))
    return (
      <Empty
        title={t(isNarrow({ ...wish, part: "all" }) ? "activities.nothingFound" : "contacts.partNone")}
        actions={<Button onClick={onAll}>{t("contacts.part.all")}</Button>}
      />
    );
  return (
    <>
      <Timeline
        label={t("contacts.timeline")}
        now={nowAmong(entries, minute)}
        zone={zone}
        entries={entries.map(entryOf)}
        more={query.hasNextPage}
        place={about.id}
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
function Pinned({ about }: { about: About }) {
  const { t } = useTranslation();
  const members = useMembers();
  const formats = useFormats();
  const going = useGoing();
  const { data } = useQuery(pinned(about));
  const [editing, setEditing] = useState<string>();
  const notes = data?.items.filter(({ id }) => !going.has(id)) ?? [];
  if (notes.length === 0) return null;
  return (
    <ul aria-label={t("contacts.pinned")} className="mb-5 flex flex-col gap-2">
      {notes.map((note) => (
        <li key={note.id} className="rounded-[12px] border border-accent-line bg-surface px-3.5 py-2.5 text-[13.5px]">
          {editing === note.id ? (
            <NoteEditor note={note} about={about} onClose={() => setEditing(undefined)} />
          ) : (
            <>
              <p dir="auto" className="whitespace-pre-line break-words">
                <Said text={note.body} />
              </p>
              <FilesOfNote id={note.id} count={note.files} />
              <p className="mt-1 flex items-center gap-1.5 text-cap text-muted">
                <Pin aria-hidden="true" className="size-3.5" />
                {[note.author && members.get(note.author), formats.when(note.created_at)].filter(Boolean).join(", ")}
                <span className="ms-auto -my-1 print:hidden">
                  {!about.over && <NoteTools note={note} about={about} onEdit={() => setEditing(note.id)} />}
                </span>
              </p>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

/** What something happened to; its name runs in its own direction. */
function Thing({ name, to }: { name: string; to?: string }) {
  const known = <bdi>{name}</bdi>;
  return to ? <Go to={to}>{known}</Go> : known;
}

/** An event in the words of the reader, with what can be done about it. */
function useEntry(about: About, tell?: Tell): (entry: Entry) => TimelineEntry {
  const { t } = useTranslation();
  const members = useMembers();
  const [editing, setEditing] = useState<string>();
  const { data: known = [] } = useQuery(stages);
  const { data: gone = [] } = useQuery({ ...removedStages, enabled: about.kind === "contact" });
  const { data: words = [] } = useQuery(tags);
  const own = useShown("contact");
  const names = {
    stage: (key: string) => [...known, ...gone].find((stage) => stage.key === key)?.label ?? key,
    member: (id: string) => members.get(id),
    tag: (id: string) => words.find((tag) => tag.id === id)?.name,
    own: (key: string) => own.find((field) => field.key === key)?.label,
  };
  return (entry) => {
    const { note, actor, actor_kind } = entry;
    const said = tell?.(entry);
    const Icon = said?.icon ?? iconOf(entry);
    const name = actor ? members.get(actor) : undefined;
    // What was written stands where it was written; that it was changed needs no second copy.
    const here = entry.kind === "note.created" ? (note ?? undefined) : undefined;
    const logged = entry.kind === "activity.logged" ? (entry.activity ?? undefined) : undefined;
    const thing = thingOf(entry, about);
    const minutes = logged?.duration_seconds && Math.max(1, Math.round(logged.duration_seconds / 60));
    const ref: NoteRef | undefined = here && {
      id: entry.subject_id,
      author: actor_kind === "user" ? actor : null,
      body: here.body,
      pinned: here.pinned,
    };
    const facts = [
      said?.detail,
      about.kind !== "contact" && entry.contact_name,
      about.kind !== "deal" && entry.subject !== "deals" && entry.deal_title,
      minutes && t("event.minutes", { count: minutes }),
      logged?.outcome ?? whyOf(entry, t),
      actor_kind === "visitor" ? t("event.visitor") : name && t("event.by", { name }),
      here?.pinned && t("contacts.pinned"),
      here?.private && t("contacts.private"),
    ];
    const edit = () => setEditing(entry.id);
    const close = () => setEditing(undefined);
    const id = entry.subject_id;
    return {
      id: entry.id,
      at: momentOf(entry),
      icon: <Icon />,
      tone: toneOf(entry),
      verb: said?.verb ?? sentence(entry, t, names),
      text: logged?.title ?? (thing && <Thing {...thing} />),
      detail: facts.filter(Boolean).join(" · ") || undefined,
      quote: here ? (
        <>
          <Said text={here.body} />
          <FilesOfNote id={id} count={here.files} />
        </>
      ) : (
        (logged?.body ?? undefined)
      ),
      ...(ref &&
        !about.over && {
          tools: <NoteTools note={ref} about={about} onEdit={edit} />,
          ...(editing === entry.id && { body: <NoteEditor note={ref} about={about} onClose={close} /> }),
        }),
      ...(logged &&
        !about.over && {
          tools: <ActivityTools id={id} of={logged} about={about} onEdit={edit} />,
          ...(editing === entry.id && {
            body: <ActivityEditor id={id} of={logged} about={about} onClose={close} />,
          }),
        }),
    };
  };
}
