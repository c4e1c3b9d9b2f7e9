import { Tag, UserRound, Waypoints, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "@tanstack/react-query";
import type { Schema } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { Button, IconButton } from "@/ui/button";
import { Choices } from "@/ui/filter";
import { Popover } from "@/ui/popover";
import { say, sayError } from "@/ui/toast";
import { stages, tags, useBulkChange, useMembers } from "./data";

/** The server takes this many at once. */
const MOST = 500;

/** From the first chosen row on; Escape puts it away. */
export function BulkBar({ chosen, onClear }: { chosen: ReadonlySet<string>; onClear: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  const { data: allStages = [] } = useQuery(stages);
  const { data: allTags = [] } = useQuery(tags);
  const { mutateAsync, isPending } = useBulkChange();
  const apply = async (change: Omit<Schema["BulkChange"], "contacts">) => {
    const ids = [...chosen];
    let [changed, missing] = [0, 0];
    try {
      for (let from = 0; from < ids.length; from += MOST) {
        const result = await mutateAsync({ contacts: ids.slice(from, from + MOST), ...change });
        changed += result.changed;
        missing += result.missing;
      }
      say(
        missing > 0
          ? t("contacts.changedMissing", { changed: formats.count(changed), missing: formats.count(missing) })
          : t("contacts.changed", { count: changed }),
      );
      onClear();
    } catch (error) {
      sayError(t("error.notSaved"), (error as Error).message);
    }
  };
  return (
    <section
      aria-label={t("contacts.selected", { count: chosen.size })}
      className="absolute inset-x-0 bottom-4 z-10 mx-auto flex w-fit max-w-[calc(100%-32px)] items-center gap-1 overflow-x-auto rounded-[14px] border border-line-2 bg-overlay py-1.5 ps-4 pe-1.5 shadow-3"
    >
      <span role="status" className="num me-2 whitespace-nowrap text-sm font-[570]">
        {t("contacts.selected", { count: chosen.size })}
      </span>
      <Picker label={t("contacts.setStage")} icon={<Waypoints />} busy={isPending}>
        {(close) => (
          <Choices
            label={t("contacts.setStage")}
            choices={allStages.map(({ key, label }) => ({ value: key, label }))}
            onChoose={(stage) => {
              close();
              void apply({ stage });
            }}
          />
        )}
      </Picker>
      <Picker label={t("contacts.addTag")} icon={<Tag />} busy={isPending}>
        {(close) => {
          const add = (tag: string) => {
            close();
            void apply({ add_tags: [tag] });
          };
          return (
            <Choices
              label={t("contacts.addTag")}
              choices={allTags.map(({ name }) => ({ value: name, label: name }))}
              onChoose={add}
              onNew={add}
            />
          );
        }}
      </Picker>
      {members.size > 0 && (
        <Picker label={t("contacts.setOwner")} icon={<UserRound />} busy={isPending}>
          {(close) => (
            <Choices
              label={t("contacts.setOwner")}
              choices={[
                { value: "", label: t("contacts.nobody") },
                ...[...members].map(([value, label]) => ({ value, label })),
              ]}
              onChoose={(owner) => {
                close();
                void apply({ owner: owner || null });
              }}
            />
          )}
        </Picker>
      )}
      <IconButton label={t("contacts.clearSelection")} onClick={onClear}>
        <X />
      </IconButton>
    </section>
  );
}

function Picker(props: {
  label: string;
  icon: React.ReactNode;
  busy: boolean;
  children: (close: () => void) => React.ReactNode;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label={props.label}
      align="center"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button writes size="small" look="ghost" icon={props.icon} busy={props.busy}>
          {props.label}
        </Button>
      }
    >
      {props.children(() => setOpen(false))}
    </Popover>
  );
}
