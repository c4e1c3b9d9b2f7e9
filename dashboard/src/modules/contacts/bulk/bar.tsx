import { useQuery } from "@tanstack/react-query";
import { Gem, GitMerge, RotateCcw, ShieldBan, SquarePen, Tag, Tags, Trash2, Waypoints } from "lucide-react";
import { lazy, memo, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { BulkFrame, OwnerPicker, Picker, Reach } from "@/ui/bulk-bar";
import { Button } from "@/ui/button";
import { ButtonLink } from "@/ui/link";
import { Choices } from "@/ui/filter";
import { Confirm } from "@/ui/confirm";
import { CHANNELS, type Contact, stages, tags, TIERS, useMembers } from "../data";
import type { Chosen } from "../list/chosen";
import type { Everything } from "@/ui/chosen";
import type { Listed } from "../search";
import { EnrolMany } from "../../followups/beside";
import { SegmentPickers } from "../../segments/bulk";
import { type Change, matching } from "./runs";
import { useBulk } from "./work";

const FieldDialog = lazy(async () => ({ default: (await import("@/modules/fields/many")).FieldDialog }));

interface Props {
  chosen: Chosen;
  what: Listed;
  /** What was chosen a moment ago: the bar may be drawn after the rows. */
  contacts: ReadonlyMap<string, Contact>;
  everything: Everything | undefined;
}

/** From the first chosen row on; Escape puts it away. */
export const BulkBar = memo(function BulkBar({ chosen, what, contacts, everything: all }: Props) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { deleted } = what;
  const members = useMembers();
  const writes = useMay("contacts.write");
  const gathers = useMay("segments.write");
  const { data: allStages = [] } = useQuery(stages);
  const { data: allTags = [] } = useQuery(tags);
  const { apply, progress, stop } = useBulk(chosen, what);
  const { data: fitting = 0 } = useQuery(matching(what));
  const [asking, setAsking] = useState(false);
  const [setting, setSetting] = useState(false);
  const everything = all !== undefined;
  const count = all ? all.count - all.but.size : contacts.size;
  const busy = progress !== undefined;
  const changed = (n: number) => t("contacts.changed", { count: n });
  const carried = everything
    ? allTags.map(({ name }) => name)
    : [...new Set([...contacts.values()].flatMap((contact) => contact.tags))].sort();
  const named = (names: readonly string[]) => names.map((name) => ({ value: name, label: name }));
  return (
    <>
      <BulkFrame
        label={t(everything ? "contacts.runs.selectedAll" : "contacts.selected", {
          count,
          number: formats.count(count),
        })}
        clear={t("contacts.clearSelection")}
        progress={progress}
        onClear={chosen.clear}
      >
        <Reach stop={stop} all={!everything && !busy && fitting > count ? fitting : undefined} onAll={chosen.putAll} />
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
            <OwnerPicker
              label={t("contacts.setOwner")}
              nobody={t("contacts.nobody")}
              members={members}
              busy={busy}
              onChoose={(owner) => void apply({ owner }, changed)}
            />
            <Picker label={t("contacts.setTier")} icon={<Gem />} busy={busy}>
              {(choose) => (
                <Choices
                  label={t("contacts.setTier")}
                  choices={[
                    { value: "", label: t("contacts.runs.say.empty") },
                    ...TIERS.map((value) => ({ value, label: t(`contacts.tiers.${value}`) })),
                  ]}
                  onChoose={(tier) => choose(() => void apply({ tier: (tier || null) as Change["tier"] }, changed))}
                />
              )}
            </Picker>
            <Button writes size="small" look="ghost" icon={<SquarePen />} busy={busy} onClick={() => setSetting(true)}>
              {t("contacts.setField")}
            </Button>
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
            {gathers && <SegmentPickers busy={busy} apply={apply} />}
            {!everything && <EnrolMany contacts={[...contacts.keys()]} busy={busy} />}
            {writes && !everything && count >= 2 && count <= 10 && (
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
      </BulkFrame>
      {setting && (
        <Suspense>
          <FieldDialog
            open
            record="contact"
            lead={t("contacts.setFieldText")}
            action={t("contacts.changeMany", { count })}
            plain={{
              label: t("contacts.source"),
              most: 60,
              onApply: (source) => void apply({ source }, changed),
            }}
            onClose={() => setSetting(false)}
            onApply={(change) => void apply(change, changed)}
          />
        </Suspense>
      )}
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={t("contacts.bulkDeleteTitle", { count })}
        lead={t("contacts.deleteText")}
        action={t("contacts.bulkDelete", { count })}
        icon={<Trash2 />}
        onConfirm={() => {
          setAsking(false);
          void apply({ deleted: true }, (n) => t("contacts.bulkDeleted", { count: n }));
        }}
      />
    </>
  );
});
