import { useQuery, useQueryClient } from "@tanstack/react-query";
import { EllipsisVertical, Pencil, Plus, RotateCcw, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { sayThrown } from "@/i18n/problems";
import { Section } from "@/modules/settings/section";
import { Button, IconButton } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Dialog } from "@/ui/dialog";
import { Menu, MenuItem } from "@/ui/menu";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { Sorted } from "@/ui/sorted";
import { Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { type Stage, stages } from "../data";
import { TagDot } from "../tags/dot";
import { useOrder, useStageChanges } from "./data";
import { EditStage } from "./edit";
import { removedStages } from "./past";
import { RemoveStage } from "./remove";

/** The stages contacts go through: what they are called, in which order they stand and what they mean. */
export function StagesPage() {
  const { t } = useTranslation();
  const query = useQuery(stages);
  const away = useQuery(removedStages);
  const cache = useQueryClient();
  const version = cache.getQueryData<Schema["ContactStages"]>(stages.queryKey)?.version;
  const order = useOrder(version);
  const [editing, setEditing] = useState<Stage | "new">();
  const [removing, setRemoving] = useState<Stage>();
  const all = query.data ?? [];
  return (
    <Section
      id="stages"
      actions={
        <Button look="primary" icon={<Plus />} onClick={() => setEditing("new")} disabled={!query.data}>
          {t("contacts.stages.create")}
        </Button>
      }
    >
      <Panel bare label={t("settings.sections.stages.title")}>
        {query.isPending ? (
          <SkeletonRows rows={8} />
        ) : query.isError && !query.data ? (
          <Failed error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Sorted
            ids={all.map(({ id }) => id)}
            nameOf={(id) => all.find((stage) => stage.id === id)?.label ?? id}
            words={{
              how: t("contacts.stages.sort.how"),
              grip: (name) => t("contacts.stages.sort.grip", { name }),
              lifted: (name) => t("contacts.stages.sort.lifted", { name }),
              over: (n) => t("contacts.stages.sort.over", { n }),
              dropped: (n) => t("contacts.stages.sort.dropped", { n }),
              cancelled: t("contacts.stages.sort.cancelled"),
            }}
            onMove={(from, to) => {
              const one = all[from];
              if (one && !order.isPending) order.mutate(all.toSpliced(from, 1).toSpliced(to, 0, one));
            }}
          >
            {(id, grip) => {
              const stage = all.find((one) => one.id === id);
              return (
                stage && (
                  <Row stage={stage} grip={grip} onEdit={() => setEditing(stage)} onRemove={() => setRemoving(stage)} />
                )
              );
            }}
          </Sorted>
        )}
      </Panel>
      {(away.data ?? []).length > 0 && (
        <Panel flush title={t("contacts.stages.removed")} note={t("contacts.stages.removedNote")}>
          {(away.data ?? []).map((stage) => (
            <Removed key={stage.id} stage={stage} names={all} />
          ))}
        </Panel>
      )}
      <Dialog
        open={editing !== undefined}
        onClose={() => setEditing(undefined)}
        title={t(editing === "new" ? "contacts.stages.create" : "contacts.stages.edit")}
      >
        {editing && (
          <EditStage stage={editing === "new" ? undefined : editing} all={all} onClose={() => setEditing(undefined)} />
        )}
      </Dialog>
      {removing && <RemoveStage stage={removing} all={all} onClose={() => setRemoving(undefined)} />}
    </Section>
  );
}

function Row(props: { stage: Stage; grip: ReactNode; onEdit: () => void; onRemove: () => void }) {
  const { t } = useTranslation();
  const { stage } = props;
  return (
    <div className="flex min-h-[57px] items-center gap-2.5 border-line border-b bg-surface px-3 py-1.5 in-[li:first-child]:rounded-t-[13px] in-[li:last-child]:rounded-b-[13px] in-[li:last-child]:border-b-0 md:in-[li:first-child]:rounded-t-panel md:in-[li:last-child]:rounded-b-panel">
      {props.grip}
      <TagDot colour={stage.colour} />
      <span className="min-w-0 flex-1">
        <span className="flex min-w-0 text-[14px] font-[590]">
          <Own title={stage.label}>{stage.label}</Own>
        </span>
        <span className="block truncate text-cap text-muted">
          <bdi dir="ltr">{stage.key}</bdi>
        </span>
      </span>
      <span className="flex flex-wrap justify-end gap-1">
        {stage.entry && <Chip tone="accent">{t(`contacts.stages.entryShort.${stage.entry}`)}</Chip>}
        {stage.outcome !== "open" && (
          <Chip tone={stage.outcome === "won" ? "sun" : "neutral"}>
            {t(`contacts.stages.outcome.${stage.outcome}`)}
          </Chip>
        )}
      </span>
      <Menu
        align="end"
        trigger={
          <IconButton small label={t("contacts.stages.actions", { stage: stage.label })}>
            <EllipsisVertical />
          </IconButton>
        }
      >
        <MenuItem writes icon={<Pencil />} onClick={props.onEdit}>
          {t("contacts.stages.edit")}
        </MenuItem>
        <MenuItem danger icon={<Trash2 />} onClick={props.onRemove} disabled={stage.entry === "new"}>
          {t("contacts.delete")}
        </MenuItem>
      </Menu>
    </div>
  );
}

function Removed({ stage, names }: { stage: Stage; names: readonly Stage[] }) {
  const { t } = useTranslation();
  const { restore } = useStageChanges();
  const to = names.find(({ key }) => key === stage.moved_to)?.label ?? stage.moved_to;
  return (
    <div className="flex min-h-[57px] items-center gap-2.5 border-line border-b px-3 py-1.5 last:border-0">
      <TagDot colour={stage.colour} />
      <span className="min-w-0 flex-1">
        <span className="flex min-w-0 text-[14px]">
          <Own title={stage.label}>{stage.label}</Own>
        </span>
        <span className="block truncate text-cap text-muted">{t("contacts.stages.movedTo", { stage: to ?? "" })}</span>
      </span>
      <Button
        writes
        size="small"
        icon={<RotateCcw />}
        busy={restore.isPending}
        onClick={() =>
          restore.mutate(stage.id, {
            onSuccess: () => say(t("contacts.stages.restored", { stage: stage.label })),
            onError: (error) => sayError(t("error.notSaved"), sayThrown(error)),
          })
        }
      >
        {t("contacts.restore")}
      </Button>
    </div>
  );
}
