import { useMutation } from "@tanstack/react-query";
import { Paperclip, X } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { upload } from "@/api/upload";
import { useMay } from "@/app/may";
import { sayThrown } from "@/i18n/problems";
import { IconButton } from "@/ui/button";
import { useDraft } from "@/ui/kept";
import { sayError } from "@/ui/toast";
import { keepFile, useSending } from "../attachments/data";
import { Sending } from "../attachments/sending";
import type { Which } from "./data";

/** A file that was sent and waits for its note. */
interface Waiting {
  id: string;
  name: string;
}

/** The files of a draft; whatever cannot be read are none. */
function read(text: string): Waiting[] {
  try {
    return text ? (JSON.parse(text) as Waiting[]) : [];
  } catch {
    return [];
  }
}

/** Files of the note that somebody is writing: they are sent at once, and kept when the note is. */
export function useNoteFiles(about: Which) {
  const { t } = useTranslation();
  const allowed = [useMay("attachments.write"), useMay("files.write")].every(Boolean);
  const [text, setText] = useDraft(`note.files.${about.id}`);
  // Several come in while the first one is on its way: each is added to what is there by then.
  const held = useRef(read(text));
  const put = (files: Waiting[]) => {
    held.current = files;
    setText(files.length > 0 ? JSON.stringify(files) : "");
  };
  const tell = (error: unknown, name: string) => sayError(t("attachments.failed", { name }), sayThrown(error));
  const scope = `note ${about.id}`;
  const { mutate } = useMutation({
    mutationFn: upload,
    scope: { id: scope },
    onSuccess: ({ id, name }) => put([...held.current, { id, name }]),
    onError: (error, { name }) => tell(error, name),
  });
  return {
    allowed,
    waiting: read(text),
    sending: useSending(scope),
    send: (files: File[]) => {
      for (const file of files) mutate(file);
    },
    drop: (id: string) => put(held.current.filter((file) => file.id !== id)),
    /** Gives them to the note; one that is refused is told and does not stop the others. */
    keepWith: async (note: string) => {
      const files = held.current;
      put([]);
      for (const { id, name } of files) await keepFile("about_note", note, id).catch((error) => tell(error, name));
    },
  };
}

/** What waits for the note, below its words. */
export function NoteFiles({ of: { waiting, sending, drop } }: { of: ReturnType<typeof useNoteFiles> }) {
  const { t } = useTranslation();
  return (
    <>
      {waiting.length > 0 && (
        <ul aria-label={t("attachments.title")} className="mt-2 flex flex-wrap gap-2">
          {waiting.map(({ id, name }) => (
            <li
              key={id}
              className="flex min-h-9 max-w-full items-center gap-1.5 rounded-control border border-line ps-2.5 text-sm coarse:min-h-11"
            >
              <Paperclip aria-hidden="true" className="size-4 shrink-0 text-muted" />
              <bdi className="truncate">{name}</bdi>
              <IconButton small label={t("attachments.remove", { name })} onClick={() => drop(id)}>
                <X />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <Sending count={sending} />
    </>
  );
}
