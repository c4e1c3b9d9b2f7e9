import { useIsMutating, useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { FileText, Plus, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { IconButton, Ring } from "@/ui/button";
import { bytes } from "@/ui/bytes";
import { sayError } from "@/ui/toast";
import { Card } from "../contacts/person/card";
import { type About, type Attachment, attachmentsOf, download, useAttach, useRemoval } from "./data";

/** Files of a record; more are added by a button, or let fall onto the card. */
export function FilesOf({ about, id, over }: { about: About; id: string; over: boolean }) {
  const { t } = useTranslation();
  const writes = [useMay("attachments.write"), useMay("files.write")].every(Boolean) && !over;
  const { data } = useQuery(attachmentsOf(about, id));
  const attach = useAttach(about, id);
  const sending = useIsMutating({ predicate: ({ options }) => options.scope?.id === `attach ${id}` });
  const input = useRef<HTMLInputElement>(null);
  const [above, setAbove] = useState(false);
  if (!data || (data.items.length === 0 && !writes)) return null;
  const take = (files: FileList | null) => {
    for (const file of files ?? []) attach.mutate(file);
  };
  return (
    // What is let fall here needs no button; who cannot drag uses it.
    <fieldset
      aria-label={t("attachments.title")}
      className={clsx("min-w-0 rounded-panel", above && "outline-2 outline-accent outline-dashed")}
      onDragOver={(event) => {
        if (!writes || !event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setAbove(true);
      }}
      onDragLeave={() => setAbove(false)}
      onDrop={(event) => {
        if (!writes) return;
        event.preventDefault();
        setAbove(false);
        take(event.dataTransfer.files);
      }}
    >
      <Card
        title={t("attachments.title")}
        note={
          writes && (
            <IconButton
              small
              label={t("attachments.add")}
              onClick={() => input.current?.click()}
              className="-my-2 -me-2"
            >
              <Plus />
            </IconButton>
          )
        }
      >
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={t("attachments.add")}
          onChange={({ target }) => {
            take(target.files);
            // The same file may be chosen again.
            target.value = "";
          }}
        />
        {data.items.length === 0 && sending === 0 && <p className="text-sm text-muted">{t("attachments.none")}</p>}
        <ul className="-mx-2">
          {data.items.map((one) => (
            <Line key={one.id} one={one} about={about} id={id} writes={writes} />
          ))}
        </ul>
        <p role="status" className={clsx("flex items-center gap-2 text-sm text-muted", sending > 0 && "mt-1 min-h-6")}>
          {sending > 0 && (
            <>
              <Ring className="size-4" />
              {t("attachments.sending", { count: sending })}
            </>
          )}
        </p>
      </Card>
    </fieldset>
  );
}

function Line({ one, about, id, writes }: { one: Attachment; about: About; id: string; writes: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const removal = useRemoval(about, id);
  const fetchIt = () =>
    download(one).catch((error) => sayError(t("attachments.lost", { name: one.name }), sayThrown(error)));
  return (
    <li className="flex min-h-11 items-center rounded-control hover:bg-hover">
      <button
        type="button"
        onClick={() => void fetchIt()}
        className="flex min-h-11 min-w-0 flex-1 items-center gap-2.5 rounded-control px-2 text-start text-sm"
        aria-label={t("attachments.download", { name: one.name })}
      >
        {one.preview_url ? (
          <img
            src={new URL(one.preview_url).pathname}
            alt=""
            className="size-8 shrink-0 rounded-[6px] border border-line object-cover"
          />
        ) : (
          <span className="grid size-8 shrink-0 place-items-center rounded-[6px] border border-line text-muted">
            <FileText className="size-4" />
          </span>
        )}
        <span className="min-w-0 flex-1">
          <bdi className="block truncate">{one.name}</bdi>
          <span className="num block truncate text-cap text-muted">
            {bytes(one.size, formats.locale)} · <time dateTime={one.created_at}>{formats.when(one.created_at)}</time>
          </span>
          {one.scan && one.scan !== "clean" && (
            <span
              className={clsx("block text-cap", one.scan === "infected" ? "text-danger-text" : "text-warning-text")}
            >
              {t(`attachments.scan.${one.scan}`)}
            </span>
          )}
          {one.note && <bdi className="block truncate text-cap text-muted">{one.note}</bdi>}
        </span>
      </button>
      {writes && (
        <IconButton small label={t("attachments.remove", { name: one.name })} onClick={() => removal.mutate(one)}>
          <Trash2 />
        </IconButton>
      )}
    </li>
  );
}
