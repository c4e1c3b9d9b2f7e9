import {
  AlarmClock,
  AlarmClockOff,
  Archive,
  ArchiveRestore,
  BellOff,
  CalendarClock,
  Mail,
  MailOpen,
  MoreHorizontal,
} from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { IconButton } from "@/ui/button";
import { Menu, MenuGroup, MenuItem, MenuLabel, MenuLine } from "@/ui/menu";
import { say, sayError } from "@/ui/toast";
import type { ActsProps } from "./acts";
import { useNotificationChange } from "./data";
import { useMute, useUnmute, wordOfRecord } from "./mutes";
import { moments } from "./snooze";
import { SnoozeDialog } from "./snooze-dialog";

/** Reads, puts away or off, and mutes what one was told: its kind, and its record when all of it is about the same. */
export function ActsMenu({ items, onRead, onArchive }: ActsProps) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const { zone = "UTC" } = formats;
  const change = useNotificationChange();
  const mute = useMute();
  const unmute = useUnmute();
  const [choosing, setChoosing] = useState(false);
  const [first] = items;
  if (!first) return null;
  const fresh = items.some((item) => !item.read_at);
  const away = Boolean(first.archived_at);
  // Its row may be gone from the list when the answer comes.
  const failed = (error: unknown) => sayError(t("error.notSaved"), sayThrown(error));
  const put = (all: readonly { id: string; snoozed_until?: string | null }[]) => {
    for (const { id, snoozed_until = null } of all) change.mutateAsync({ id, snoozed_until }).catch(failed);
  };
  const snooze = (snoozed_until: string | null) => {
    put(items.map(({ id }) => ({ id, snoozed_until })));
    const title = snoozed_until
      ? t("notifications.snoozed", { when: formats.when(snoozed_until) })
      : t("notifications.broughtBack");
    say(title, { undo: () => put(items) });
  };
  const silence = (what: { kind: string } | { record: string }, title: string) => {
    const undo = (id: string) => () => void unmute.mutateAsync(id).catch(failed);
    mute
      .mutateAsync(what)
      .then(({ id }) => say(title, { description: t("notifications.mutedText"), undo: undo(id) }))
      .catch(failed);
  };
  const record = items.every((item) => item.record === first.record) ? first.record : undefined;
  const word = wordOfRecord(record);
  const kindKey = `notifications.kind.${first.kind.replace(".", "_")}`;
  const kind = i18n.exists(kindKey) ? t(kindKey as "notifications.kind.task_reminder") : first.kind;
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={t("notifications.more")} small data-acts="">
            <MoreHorizontal />
          </IconButton>
        }
      >
        <MenuItem writes icon={fresh ? <MailOpen /> : <Mail />} onClick={() => onRead(fresh)}>
          {t(fresh ? "notifications.markRead" : "notifications.markUnread")}
        </MenuItem>
        <MenuItem writes icon={away ? <ArchiveRestore /> : <Archive />} onClick={() => onArchive(!away)}>
          {t(away ? "notifications.bringBack" : "notifications.archive")}
        </MenuItem>
        <MenuLine />
        <MenuGroup>
          <MenuLabel>{t("notifications.snooze")}</MenuLabel>
          {first.snoozed_until && (
            <MenuItem writes icon={<AlarmClockOff />} onClick={() => snooze(null)}>
              {t("notifications.snoozeEnd")}
            </MenuItem>
          )}
          {moments(zone).map(({ name, until }) => (
            <MenuItem key={name} writes icon={<AlarmClock />} onClick={() => snooze(until)}>
              {t(`notifications.snoozes.${name}`)}
            </MenuItem>
          ))}
          <MenuItem writes icon={<CalendarClock />} onClick={() => setChoosing(true)}>
            {t("notifications.snoozeOther")}
          </MenuItem>
        </MenuGroup>
        {!first.critical && (
          <>
            <MenuLine />
            <MenuGroup>
              <MenuLabel>{t("notifications.mute")}</MenuLabel>
              {word && record && (
                <MenuItem writes icon={<BellOff />} onClick={() => silence({ record }, t("notifications.mutedRecord"))}>
                  {t(`notifications.muteRecord.${word}`)}
                </MenuItem>
              )}
              <MenuItem
                writes
                icon={<BellOff />}
                onClick={() => silence({ kind: first.kind }, t("notifications.mutedKind", { kind }))}
              >
                {t("notifications.muteKind", { kind })}
              </MenuItem>
            </MenuGroup>
          </>
        )}
      </Menu>
      <SnoozeDialog open={choosing} zone={zone} onClose={() => setChoosing(false)} onDone={snooze} />
    </>
  );
}
