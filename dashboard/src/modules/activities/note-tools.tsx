import { useQueryClient } from "@tanstack/react-query";
import { Pencil, Pin, PinOff, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { useMay, useMe } from "@/app/may";
import { Button, IconButton } from "@/ui/button";
import { say, sayError } from "@/ui/toast";
import { FilesBeside } from "../attachments/beside";
import { type Which, under } from "./data";
import { keep, removeLater } from "./going";
import { kept, named } from "./mentions";
import { NoteText, useCallings } from "./note-text";

export interface NoteRef {
  id: string;
  /** Who wrote it. */
  author?: string | null;
  body: string;
  pinned: boolean;
}

/** What a reader may do with a note: anybody who writes pins, its author changes and deletes it. */
export function useNoteRights(note: NoteRef) {
  const me = useMe();
  const writes = useMay("activities.write");
  const mine = me?.user?.id !== undefined && note.author === me.user.id;
  return { pins: writes, edits: writes && mine, drops: writes && (mine || me?.grants["activities.write"] === "all") };
}

/** Changes a note as it is now: it is read first, so nothing newer is overwritten unseen. */
export function useNoteChange(about: Which) {
  const cache = useQueryClient();
  const { t } = useTranslation();
  const again = () => cache.invalidateQueries({ queryKey: under(about) });
  const change = async (id: string, body: Schema["NotePatch"], seen?: string) => {
    const path = { id };
    const now = await ok(api.GET("/v1/notes/{id}", { params: { path } }));
    if (seen !== undefined && now.body !== seen)
      throw new ApiProblem(412, "stale", t("error.changedElsewhere"), [], undefined);
    await ok(api.PATCH("/v1/notes/{id}", { params: { path, header: ifMatch(now.version) }, body }));
    await again();
  };
  const remove = (id: string) =>
    removeLater(
      id,
      async (keepalive) => {
        await ok(api.DELETE("/v1/notes/{id}", { params: { path: { id } }, keepalive }));
        await again();
      },
      (error) => sayError(t("error.notSaved"), error.message),
    );
  return { change, remove, again };
}

export function NoteTools({ note, about, onEdit }: { note: NoteRef; about: Which; onEdit: () => void }) {
  const { t } = useTranslation();
  const { pins, edits, drops } = useNoteRights(note);
  const { change, remove } = useNoteChange(about);
  const [busy, setBusy] = useState(false);
  const pin = async () => {
    setBusy(true);
    try {
      await change(note.id, { pinned: !note.pinned });
      say(t(note.pinned ? "contacts.noteUnpinned" : "contacts.notePinnedNow"));
    } catch (error) {
      sayError(t("error.notSaved"), (error as Error).message);
    } finally {
      setBusy(false);
    }
  };
  const drop = () => {
    remove(note.id);
    say(t("contacts.noteDeleted"), { undo: () => keep(note.id) });
  };
  return (
    <span className="flex gap-0.5">
      {pins && (
        <IconButton
          writes
          label={t(note.pinned ? "contacts.noteUnpin" : "contacts.notePin")}
          aria-pressed={note.pinned}
          disabled={busy}
          small
          onClick={() => void pin()}
        >
          {note.pinned ? <PinOff /> : <Pin />}
        </IconButton>
      )}
      {edits && (
        <IconButton writes label={t("contacts.noteEdit")} small onClick={onEdit}>
          <Pencil />
        </IconButton>
      )}
      {drops && (
        <IconButton writes label={t("contacts.noteDelete")} small onClick={drop}>
          <Trash2 />
        </IconButton>
      )}
    </span>
  );
}

/** The words of a note, where they stood. What is typed stays when the server refuses it. */
export function NoteEditor({ note, about, onClose }: { note: NoteRef; about: Which; onClose: () => void }) {
  const { t } = useTranslation();
  const called = useCallings();
  const [before] = useState(() => named(note.body, (id) => called.get(id)));
  const [text, setText] = useState(before.text);
  const [people, setPeople] = useState<ReadonlyMap<string, string>>(before.people);
  const [seen, setSeen] = useState(note.body);
  const [wrong, setWrong] = useState<string>();
  const [busy, setBusy] = useState(false);
  const { change, again } = useNoteChange(about);
  // Files were added or taken away meanwhile.
  const close = () => {
    void again();
    onClose();
  };
  const save = async () => {
    if (!text.trim() || busy) return;
    const body = kept(text.trim(), people);
    if (body === note.body) return close();
    setBusy(true);
    try {
      await change(note.id, { body }, seen);
      say(t("action.saved"));
      onClose();
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 412) {
        await again();
        const now = await ok(api.GET("/v1/notes/{id}", { params: { path: { id: note.id } } })).catch(() => undefined);
        if (now) setSeen(now.body);
      }
      setWrong((error as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="mt-2 rounded-[12px] border border-line-2 bg-surface p-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <NoteText
        about={about}
        autoFocus
        aria-label={t("contacts.noteEdit")}
        value={text}
        maxLength={9_000}
        rows={3}
        onText={setText}
        onNamed={(name, id) => setPeople(new Map(people).set(name, id))}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) void save();
          if (event.key === "Escape") close();
        }}
        className="block w-full resize-none rounded-[6px] bg-transparent px-1 py-1 text-[13.5px] leading-[1.45] [field-sizing:content] max-md:text-[16px]"
      />
      {wrong && (
        <div role="alert" className="mt-1 text-cap text-danger-text">
          {wrong}
          {seen !== note.body && (
            <blockquote dir="auto" className="mt-1 text-ink-2">
              {seen}
            </blockquote>
          )}
        </div>
      )}
      <div className="mt-2 flex justify-end gap-2">
        <Button size="small" look="ghost" onClick={close}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" size="small" look="primary" busy={busy} disabled={!text.trim()}>
          {t("action.save")}
        </Button>
      </div>
      <div className="mt-2.5">
        <FilesBeside about="about_note" id={note.id} over={false} />
      </div>
    </form>
  );
}
