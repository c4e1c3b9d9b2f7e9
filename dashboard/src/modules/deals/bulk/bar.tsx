import { useQuery } from "@tanstack/react-query";
import { Archive, CalendarDays, RotateCcw, SquarePen, Trash2, Trophy, Waypoints, XCircle } from "lucide-react";
import { type FormEvent, lazy, Suspense, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { BulkFrame, OwnerPicker, Picker, Reach } from "@/ui/bulk-bar";
import { Button } from "@/ui/button";
import { type Chosen, useCount, useEverything } from "@/ui/chosen";
import { Confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/dialog";
import { FieldFrame } from "@/ui/field";
import { Choices } from "@/ui/filter";
import { inputHeight, inputLook } from "@/ui/input-look";
import { type Deal, type Pipeline, useMembers } from "../data";
import { ReasonForm } from "../parts/reason-form";
import { fieldsOf } from "../../fields/fields-of";
import { fitting, type Left, type List, useBulk } from "./work";

const FieldDialog = lazy(async () => ({ default: (await import("../../fields/many")).FieldDialog }));

/** From the first chosen row on: what is done with all of them at once. */
export function BulkBar(props: {
  chosen: Chosen<Deal>;
  lines: readonly Pipeline[];
  /** The rows of the table are open deals: only those move and end. */
  open: boolean;
  /** They are deleted deals: they come back, and nothing else. */
  deleted: boolean;
  /** What the table shows, of which everything can be chosen, also what was not read yet. */
  list: List;
  /** What a change left alone for a reason that can be mended; nothing when it did all. */
  onStayed: (rows: readonly Left[]) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  const deletes = useMay("deals.delete");
  const { chosen, lines, deleted } = props;
  const open = props.open && !deleted;
  const { apply, progress, stop } = useBulk(chosen, props.list, props.onStayed);
  const { data: fits = 0 } = useQuery(fitting(props.list));
  const { data: own } = useQuery(fieldsOf("deal"));
  const [setting, setSetting] = useState(false);
  const [asking, setAsking] = useState<"deleted" | "lost" | "abandoned">();
  const count = useCount(chosen);
  const everything = useEverything(chosen) !== undefined;
  const busy = progress !== undefined;
  const stages = lines.flatMap((line) =>
    line.stages.map(({ id, name }) => ({ value: id, label: lines.length > 1 ? `${line.name}: ${name}` : name })),
  );
  const changed = (n: number) => t("deals.bulk.changed", { count: n });
  const label = everything
    ? t("contacts.runs.selectedAll", { count, number: formats.count(count) })
    : t("deals.bulk.selected", { count });
  const reasons = [...new Set(lines.flatMap((line) => line.reasons))];
  const ending = asking === "lost" || asking === "abandoned" ? asking : undefined;
  return (
    <>
      <BulkFrame label={label} progress={progress} clear={t("deals.bulk.clear")} onClear={chosen.clear}>
        <Reach stop={stop} all={!everything && !busy && fits > count ? fits : undefined} onAll={chosen.putAll} />
        {open && (
          <Picker label={t("deals.bulk.stage")} icon={<Waypoints />} busy={busy}>
            {(choose) => (
              <Choices
                label={t("deals.bulk.stage")}
                choices={stages}
                onChoose={(stage) => choose(() => void apply({ stage }, changed))}
              />
            )}
          </Picker>
        )}
        {!deleted && (
          <Picker label={t("deals.bulk.closes")} icon={<CalendarDays />} busy={busy}>
            {(choose) => <Day onChoose={(day) => choose(() => void apply({ expected_close: day }, changed))} />}
          </Picker>
        )}
        {!deleted && (
          <OwnerPicker
            label={t("deals.bulk.owner")}
            nobody={t("deals.nobody")}
            members={members}
            busy={busy}
            onChoose={(owner) => void apply({ owner }, changed)}
          />
        )}
        {!deleted && own && own.items.length > 0 && (
          <Button writes size="small" look="ghost" icon={<SquarePen />} busy={busy} onClick={() => setSetting(true)}>
            {t("contacts.setField")}
          </Button>
        )}
        {!open && !deleted && (
          <Button
            writes
            size="small"
            look="ghost"
            icon={<RotateCcw />}
            busy={busy}
            onClick={() => void apply({ reopened: true }, (n) => t("deals.bulk.reopened", { count: n }))}
          >
            {t("deals.reopen")}
          </Button>
        )}
        {open && (
          <>
            <Button
              writes
              size="small"
              look="ghost"
              icon={<Trophy />}
              busy={busy}
              onClick={() => void apply({ outcome: { status: "won" } }, (n) => t("deals.bulk.won", { count: n }))}
            >
              {t("deals.win")}
            </Button>
            <Button writes size="small" look="ghost" icon={<XCircle />} busy={busy} onClick={() => setAsking("lost")}>
              {t("deals.lose")}
            </Button>
            <Button
              writes
              size="small"
              look="ghost"
              icon={<Archive />}
              busy={busy}
              onClick={() => setAsking("abandoned")}
            >
              {t("deals.abandon")}
            </Button>
          </>
        )}
        {deletes && !deleted && (
          <Button writes size="small" look="ghost" icon={<Trash2 />} busy={busy} onClick={() => setAsking("deleted")}>
            {t("deals.delete")}
          </Button>
        )}
        {deletes && deleted && (
          <Button
            writes
            size="small"
            look="ghost"
            icon={<RotateCcw />}
            busy={busy}
            onClick={() => void apply({ deleted: false }, (n) => t("deals.bulk.restored", { count: n }))}
          >
            {t("deals.restore")}
          </Button>
        )}
      </BulkFrame>
      {setting && (
        <Suspense>
          <FieldDialog
            open
            record="deal"
            lead={t("deals.bulk.setFieldText")}
            action={t("deals.bulk.change", { count })}
            onClose={() => setSetting(false)}
            onApply={(change) => void apply(change, changed)}
          />
        </Suspense>
      )}
      <Dialog
        open={ending !== undefined}
        onClose={() => setAsking(undefined)}
        title={t(`deals.bulk.endTitle.${ending ?? "lost"}`)}
        lead={label}
      >
        <ReasonForm
          how={ending ?? "lost"}
          offered={reasons}
          busy={busy}
          onClose={() => setAsking(undefined)}
          onDone={(outcome) => {
            setAsking(undefined);
            const kind = outcome.status === "abandoned" ? "abandoned" : "lost";
            void apply({ outcome }, (n) => t(`deals.bulk.${kind}`, { count: n }));
          }}
        />
      </Dialog>
      <Confirm
        open={asking === "deleted"}
        onClose={() => setAsking(undefined)}
        title={t("deals.bulk.deleteTitle", { count })}
        lead={t("deals.bulk.deleteText")}
        action={t("deals.bulk.delete", { count })}
        icon={<Trash2 />}
        onConfirm={() => {
          setAsking(undefined);
          void apply({ deleted: true }, (n) => t("deals.bulk.deleted", { count: n }));
        }}
      />
    </>
  );
}

/** The day on which they should be decided, or none. */
function Day({ onChoose }: { onChoose: (day: string | null) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [day, setDay] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (day) onChoose(day);
  };
  return (
    <form onSubmit={submit} className="flex w-60 flex-col gap-2.5 p-3">
      <FieldFrame id={id} label={t("deals.field.expected_close")}>
        <input
          id={id}
          type="date"
          value={day}
          max="9999-12-31"
          onChange={(event) => setDay(event.target.value)}
          className={`${inputLook} ${inputHeight}`}
        />
      </FieldFrame>
      <Button type="submit" look="primary" size="small" disabled={day === ""}>
        {t("deals.bulk.setDay")}
      </Button>
      <Button writes look="ghost" size="small" onClick={() => onChoose(null)}>
        {t("deals.bulk.noDay")}
      </Button>
    </form>
  );
}
