import { Tabs } from "@base-ui/react/tabs";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Paperclip } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useShortcuts, useSingleKeys } from "@/app/keys";
import { useFormats } from "@/i18n/format";
import { Button, IconButton } from "@/ui/button";
import { Kbd } from "@/ui/kbd";
import { useDraft } from "@/ui/kept";
import { say, sayError } from "@/ui/toast";
import { FilesDrop } from "../attachments/drop";
import { bodyOf, filled, type Logged } from "./activity-draft";
import { ActivityForm } from "./activity-form";
import { type About, addNote, logActivity, under } from "./data";
import { kept, readPeople, writtenPeople } from "./mentions";
import { NoteFiles, useNoteFiles } from "./note-files";
import { NoteText } from "./note-text";

/** The planet of the open tab stands on it. */
const BASELINE = "linear-gradient(var(--line), var(--line)) 0 calc(100% - 3px) / 100% 1px no-repeat";

const TABS = ["note", "call", "email", "meeting", "whatsapp", "sms"] as const;

/** Writes about a record: what is typed stays as a draft in this tab until it is sent. */
export function Composer({ about }: { about: About }) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<(typeof TABS)[number]>("note");
  const note = useRef<HTMLTextAreaElement>(null);
  useShortcuts([{ keys: "n", label: t("contacts.addNote"), run: () => note.current?.focus() }]);
  const label = {
    note: t("contacts.note"),
    call: t("contacts.logCall"),
    email: t("contacts.logEmail"),
    meeting: t("contacts.logMeeting"),
    whatsapp: t("activities.kind.whatsapp"),
    sms: t("activities.kind.sms"),
  };
  return (
    <Tabs.Root
      value={tab}
      onValueChange={setTab}
      className="mb-5 rounded-[14px] border border-line-2 bg-surface shadow-1"
    >
      <Tabs.List
        style={{ background: BASELINE }}
        className="relative flex gap-1 overflow-x-auto overflow-y-hidden px-2 [scrollbar-width:none]"
      >
        {TABS.map((value) => (
          <Tabs.Tab
            key={value}
            value={value}
            className="h-[42px] shrink-0 px-2.5 text-sm font-[500] whitespace-nowrap text-muted hover:text-ink data-[active]:font-[590] data-[active]:text-ink max-md:h-[46px] coarse:h-[46px]"
          >
            {label[value]}
          </Tabs.Tab>
        ))}
        <Tabs.Indicator className="absolute bottom-0 start-[calc(var(--active-tab-left)+var(--active-tab-width)/2-3.5px)] size-[7px] rounded-full bg-accent shadow-[0_0_0_3px_var(--void)] transition-[inset-inline-start] duration-420 ease-transfer rtl:start-auto rtl:left-[calc(var(--active-tab-left)+var(--active-tab-width)/2-3.5px)]" />
      </Tabs.List>
      <Tabs.Panel value="note" className="p-3">
        <NoteForm about={about} field={note} />
      </Tabs.Panel>
      {TABS.filter((value) => value !== "note").map((value) => (
        <Tabs.Panel key={value} value={value} className="p-3">
          <Log about={about} kind={value} />
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}

function useWritten(about: About) {
  const cache = useQueryClient();
  return () => {
    void cache.invalidateQueries({ queryKey: under(about) });
    // What was logged starts follow-ups and cancels others.
    void cache.invalidateQueries({ queryKey: ["follow_ups"] });
  };
}

function NoteForm({ about, field }: { about: About; field: React.RefObject<HTMLTextAreaElement | null> }) {
  const { t } = useTranslation();
  const [text, setText, clear] = useDraft(`note.${about.id}`);
  // Whom the names in it mean, and whether it is for nobody else, belongs to what is written.
  const [names, setNames, clearNames] = useDraft(`note.people.${about.id}`);
  const [secret, setSecret, open] = useDraft(`note.private.${about.id}`);
  const people = readPeople(names);
  const files = useNoteFiles(about);
  const keys = useSingleKeys();
  const written = useWritten(about);
  const { mutate, isPending } = useMutation({
    mutationFn: async (body: Schema["NewNote"]) => files.keepWith((await addNote(about, body)).id),
    onSuccess: () => {
      clear();
      clearNames();
      open();
      written();
      say(t("contacts.noteAdded"));
    },
    onError: (error) => sayError(t("error.notSaved"), error.message),
  });
  const busy = isPending || files.sending > 0;
  const send = () => text.trim() && !busy && mutate({ body: kept(text.trim(), people), private: secret !== "" });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      className="relative"
    >
      <FilesDrop label={t("contacts.note")} add={t("attachments.add")} off={!files.allowed} onFiles={files.send}>
        {(choose) => (
          <>
            {keys && !text && <Kbd className="pointer-events-none absolute end-1 top-1.5 max-md:hidden">N</Kbd>}
            <NoteText
              about={about}
              field={field}
              value={text}
              onText={setText}
              onNamed={(name, id) => setNames(writtenPeople(new Map(people).set(name, id)))}
              onKeyDown={(event) => {
                if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) send();
                if (event.key === "Escape") event.currentTarget.blur();
              }}
              aria-label={t("contacts.noteLabel", { name: about.name })}
              placeholder={t("contacts.notePlaceholder")}
              maxLength={9_000}
              rows={text ? 3 : 1}
              className="block w-full resize-none rounded-[6px] bg-transparent px-1 py-1 text-[13.5px] coarse:min-h-11 coarse:py-2.5 leading-[1.45] [field-sizing:content] placeholder:text-muted max-md:text-[16px]"
            />
            <NoteFiles of={files} />
            {(text || files.waiting.length > 0) && (
              <div className="mt-2 flex items-center gap-3">
                <label className="flex min-h-9 items-center gap-2 text-sm text-ink-2">
                  <input
                    type="checkbox"
                    checked={secret !== ""}
                    onChange={(event) => setSecret(event.target.checked ? "yes" : "")}
                  />
                  {t("contacts.notePrivate")}
                </label>
                <span className="ms-auto flex items-center gap-1.5">
                  {files.allowed && (
                    <IconButton small label={t("attachments.add")} onClick={choose}>
                      <Paperclip />
                    </IconButton>
                  )}
                  <Button type="submit" look="primary" size="small" busy={busy} disabled={!text.trim()}>
                    {t("contacts.addNote")}
                  </Button>
                </span>
              </div>
            )}
          </>
        )}
      </FilesDrop>
    </form>
  );
}

function Log({ about, kind }: { about: About; kind: Logged }) {
  const { t } = useTranslation();
  const { zone } = useFormats();
  const [title, setTitle, clear] = useDraft(`${kind}.${about.id}`);
  const written = useWritten(about);
  const [round, setRound] = useState(0);
  const { mutate, isPending } = useMutation({
    mutationFn: (body: Schema["NewActivity"]) => logActivity(about, body),
    onSuccess: () => {
      clear();
      setRound(round + 1);
      written();
      say(t("contacts.logged"));
    },
    onError: (error) => sayError(t("error.notSaved"), error.message),
  });
  return (
    <ActivityForm
      key={round}
      kind={kind}
      title={title}
      onTitle={setTitle}
      before={filled(kind, undefined, zone)}
      people={about.people}
      busy={isPending}
      action={t("contacts.log")}
      onDone={(now, contact) =>
        mutate({ ...bodyOf(now, zone), ...(contact && { contact }), kind, title: title.trim() })
      }
    />
  );
}
