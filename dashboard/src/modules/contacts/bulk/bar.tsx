import { useQuery } from "@tanstack/react-query";
import { GitMerge, RotateCcw, ShieldBan, Tag, Tags, Trash2, UserRound, Waypoints, X } from "lucide-react";
import { type ReactElement, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button, IconButton } from "@/ui/button";
import { ButtonLink } from "@/ui/link";
import { Choices } from "@/ui/filter";
import { Dialog } from "@/ui/dialog";
import { Popover } from "@/ui/popover";
import { CHANNELS, stages, tags, useMembers } from "../data";
import { type Chosen, useContacts } from "../list/chosen";
import { SegmentPickers } from "../../segments/bulk";
import { useBulk } from "./work";

/** From the first chosen row on; Escape puts it away. */
export function BulkBar({ chosen, deleted }: { chosen: Chosen; deleted: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  const writes = useMay("contacts.write");
  const gathers = useMay("segments.write");
  const { data: allStages = [] } = useQuery(stages);
  const { data: allTags = [] } = useQuery(tags);
  const { apply, progress } = useBulk(chosen);
  const [asking, setAsking] = useState(false);
  const contacts = useContacts(chosen);
  const count = contacts.size;
  const busy = progress !== undefined;
  const changed = (n: number) => t("contacts.changed", { count: n });
  const carried = [...new Set([...contacts.values()].flatMap((contact) => contact.tags))].sort();
  const named = (names: readonly string[]) => names.map((name) => ({ value: name, label: name }));
  return (
    <section
      aria-label={t("contacts.selected", { count })}
      className="absolute inset-x-0 bottom-4 z-10 mx-auto flex w-fit max-w-[calc(100%-32px)] flex-col overflow-hidden rounded-[14px] border border-line-2 bg-overlay shadow-3 max-md:bottom-2 max-md:max-w-[calc(100%-16px)]"
    >
      <div className="flex items-center gap-1 overflow-x-auto py-1.5 ps-4 pe-1.5 [scrollbar-width:none]">
        <span role="status" className="num me-2 whitespace-nowrap text-sm font-[570]">
          {progress
            ? t("contacts.bulkProgress", { done: formats.count(progress.done), of: formats.count(progress.of) })
            : t("contacts.selected", { count })}
        </span>
        {deleted ? (
          writes && (
            <Button
              writes
              size="small"
              look="ghost"
              icon={<RotateCcw />}
              busy={busy}
              onClick={() => void apply({ deleted: false }, (n) => t("contacts.bulkRestored", { count: n }))}
            >
              {t("contacts.restore")}
            </Button>
          )
        ) : (
          <>
            <Picker label={t("contacts.setStage")} icon={<Waypoints />} busy={busy}>
              {(choose) => (
                <Choices
                  label={t("contacts.setStage")}
                  choices={allStages.map(({ key, label }) => ({ value: key, label }))}
                  onChoose={(stage) => choose(() => void apply({ stage }, changed))}
                />
              )}
            </Picker>
            {members.size > 0 && (
              <Picker label={t("contacts.setOwner")} icon={<UserRound />} busy={busy}>
                {(choose) => (
                  <Choices
                    label={t("contacts.setOwner")}
                    choices={[
                      { value: "", label: t("contacts.nobody") },
                      ...[...members].map(([value, label]) => ({ value, label })),
                    ]}
                    onChoose={(owner) => choose(() => void apply({ owner: owner || null }, changed))}
                  />
                )}
              </Picker>
            )}
            <Picker label={t("contacts.addTag")} icon={<Tag />} busy={busy}>
              {(choose) => {
                const add = (tag: string) => choose(() => void apply({ add_tags: [tag] }, changed));
                return (
                  <Choices
                    label={t("contacts.addTag")}
                    choices={named(allTags.map(({ name }) => name))}
                    onChoose={add}
                    onNew={add}
                  />
                );
              }}
            </Picker>
            {carried.length > 0 && (
              <Picker label={t("contacts.takeTag")} icon={<Tags />} busy={busy}>
                {(choose) => (
                  <Choices
                    label={t("contacts.takeTag")}
                    choices={named(carried)}
                    onChoose={(tag) => choose(() => void apply({ remove_tags: [tag] }, changed))}
                  />
                )}
              </Picker>
            )}
            <Picker label={t("contacts.doNotContact")} icon={<ShieldBan />} busy={busy}>
              {(choose) => (
                <Choices
                  label={t("contacts.doNotContact")}
                  choices={CHANNELS.map((channel) => ({
                    value: channel,
                    label: t("contacts.block", { channel: t(`contacts.channel.${channel}`) }),
                  }))}
                  onChoose={(channel) =>
                    choose(() => void apply({ block: channel as (typeof CHANNELS)[number] }, changed))
                  }
                />
              )}
            </Picker>
            {gathers && <SegmentPickers chosen={chosen} busy={busy} />}
            {writes && count >= 2 && count <= 10 && (
              <ButtonLink to="/contacts/merge" search={{ ids: [...contacts.keys()] }} size="small" look="ghost">
                <GitMerge aria-hidden="true" />
                {t("contacts.merge")}
              </ButtonLink>
            )}
            {writes && (
              <Button writes size="small" look="ghost" icon={<Trash2 />} busy={busy} onClick={() => setAsking(true)}>
                {t("contacts.delete")}
              </Button>
            )}
          </>
        )}
        <IconButton label={t("contacts.clearSelection")} disabled={busy} onClick={chosen.clear}>
          <X />
        </IconButton>
      </div>
      {progress && (
        <progress
          aria-label={t("contacts.selected", { count })}
          value={progress.done}
          max={progress.of}
          className="bulk-progress block h-0.5 w-full"
        />
      )}
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t("contacts.bulkDeleteTitle", { count })}
        lead={t("contacts.deleteText")}
      >
        <footer className="flex justify-end gap-2">
          <Button look="ghost" onClick={() => setAsking(false)}>
            {t("action.cancel")}
          </Button>
          <Button
            look="danger"
            icon={<Trash2 />}
            onClick={() => {
              setAsking(false);
              void apply({ deleted: true }, (n) => t("contacts.bulkDeleted", { count: n }));
            }}
          >
            {t("contacts.bulkDelete", { count })}
          </Button>
        </footer>
      </Dialog>
    </section>
  );
}

function Picker(props: {
  label: string;
  icon: ReactElement;
  busy: boolean;
  children: (choose: (then: () => void) => void) => ReactNode;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label={props.label}
      align="center"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button writes size="small" look="ghost" icon={props.icon} disabled={props.busy}>
          {props.label}
        </Button>
      }
    >
      {props.children((then) => {
        setOpen(false);
        then();
      })}
    </Popover>
  );
}
