import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { FileText, Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { IconButton } from "@/ui/button";
import { bytes } from "@/ui/bytes";
import { sayError } from "@/ui/toast";
import { Card } from "../contacts/person/card";
import { Room } from "./beside";
import { type About, type Attachment, attachmentsOf, download, useAttach, useRemoval, useSending } from "./data";
import { FilesDrop } from "./drop";
import { Sending } from "./sending";

/** Files of a record; more are added by a button, or let fall onto the card. */
export function FilesOf({ about, id, over }: { about: About; id: string; over: boolean }) {
  const { t } = useTranslation();
  const writes = [useMay("attachments.write"), useMay("files.write")].every(Boolean) && !over;
  const { data } = useQuery(attachmentsOf(about, id));
  const attach = useAttach(about, id);
  const sending = useSending(`attach ${id}`);
  if (!data || (data.items.length === 0 && !writes)) return null;
  const take = (files: File[]) => {
    for (const file of files) attach.mutate(file);
  };
  return (
    <FilesDrop label={t("attachments.title")} add={t("attachments.add")} off={!writes} onFiles={take}>
      {(choose) => (
        <Card
          title={t("attachments.title")}
          note={
            writes && (
              <IconButton small label={t("attachments.add")} onClick={choose} className="-my-2 -me-2">
                <Plus />
              </IconButton>
            )
          }
        >
          {data.items.length === 0 && sending === 0 && <p className="text-sm text-muted">{t("attachments.none")}</p>}
          <ul className="-mx-2">
            {data.items.map((one) => (
              <Line key={one.id} one={one} about={about} id={id} writes={writes} />
            ))}
          </ul>
          <Sending count={sending} />
        </Card>
      )}
    </FilesDrop>
  );
}

/** Files of a note, to be read. */
export function FilesUnder({ id, count }: { id: string; count: number }) {
  const { t } = useTranslation();
  const { data } = useQuery(attachmentsOf("about_note", id));
  if (!data) return <Room count={count} />;
  if (data.items.length === 0) return null;
  return (
    <ul aria-label={t("attachments.title")} className="-mx-2">
      {data.items.map((one) => (
        <Line key={one.id} one={one} about="about_note" id={id} writes={false} />
      ))}
    </ul>
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
