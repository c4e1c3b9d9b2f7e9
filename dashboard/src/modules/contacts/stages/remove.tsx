import { useQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { sayThrown } from "@/i18n/problems";
import { Confirm } from "@/ui/confirm";
import { FieldFrame, Select } from "@/ui/field";
import { Skeleton } from "@/ui/states";
import { say } from "@/ui/toast";
import type { Stage } from "../data";
import { useOf, useStageChanges } from "./data";

/** Takes a stage away; first it says how many contacts are in it, and asks where they go. */
export function RemoveStage(props: { stage: Stage; all: readonly Stage[]; onClose: () => void }) {
  const { t } = useTranslation();
  const { stage, all, onClose } = props;
  const id = useId();
  const used = useQuery(useOf(stage.id));
  const { remove, restore } = useStageChanges();
  const place = all.findIndex((other) => other.id === stage.id);
  const others = all.filter((other) => other.id !== stage.id);
  // The stage before it is the likeliest one.
  const [to, setTo] = useState((all[place - 1] ?? others[0])?.id ?? "");
  const count = used.data?.contacts ?? 0;
  return (
    <Confirm
      open
      onClose={onClose}
      title={t("contacts.deleteTitle", { name: stage.label })}
      lead={t("contacts.stages.removeText")}
      action={t("contacts.delete")}
      icon={<Trash2 />}
      busy={remove.isPending || used.isPending}
      trouble={remove.isError && sayThrown(remove.error)}
      onConfirm={() =>
        remove.mutate(
          { stage, to: count > 0 || used.isError ? to : undefined },
          {
            onSuccess: () => {
              say(t("contacts.deleted", { name: stage.label }), {
                undo: count > 0 ? undefined : () => restore.mutate(stage.id),
              });
              onClose();
            },
          },
        )
      }
    >
      <div className="min-h-[88px]">
        {used.isPending ? (
          <Skeleton className="h-5 w-48" />
        ) : count === 0 && !used.isError ? (
          <p className="text-sm text-ink-2">{t("contacts.stages.empty")}</p>
        ) : (
          <FieldFrame id={id} label={t("contacts.stages.moveTo")} help={t("contacts.stages.inIt", { count })}>
            <Select id={id} value={to} onChange={(event) => setTo(event.target.value)}>
              {others.map((other) => (
                <option key={other.id} value={other.id}>
                  {other.label}
                </option>
              ))}
            </Select>
          </FieldFrame>
        )}
      </div>
    </Confirm>
  );
}
