import { CalendarClock, Check, SkipForward, Trash2 } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { BulkFrame, OwnerPicker, Picker } from "@/ui/bulk-bar";
import { Button } from "@/ui/button";
import { type Chosen, useCount } from "@/ui/chosen";
import { Confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/dialog";
import { FieldFrame } from "@/ui/field";
import { Choices } from "@/ui/filter";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Switch } from "@/ui/switch";
import { type Task, useMembers } from "../data";
import { today as todayIn } from "../when";
import { type Change, useTaskBulk } from "./work";

const DAYS = [1, 2, 3, 7, 14, 30] as const;
type Asking = "date" | "skip" | "delete";

/** From the first chosen task on: what is done with all of them at once. */
export function BulkBar({ chosen, open, onClose }: { chosen: Chosen<Task>; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const members = useMembers();
  const deletes = useMay("tasks.delete");
  const count = useCount(chosen);
  const { apply, busy } = useTaskBulk();
  const [asking, setAsking] = useState<Asking>();
  const run = (change: Change, said: (n: number) => string) => void apply(chosen, change, said);
  const moved = (n: number) => t("tasks.bulk.moved", { count: n });
  const quick = [
    { value: "next", label: t("tasks.bulk.nextWorkingDay") },
    ...DAYS.map((days) => ({ value: String(days), label: t("tasks.bulk.later", { count: days }) })),
    { value: "date", label: t("tasks.bulk.toDate") },
  ];
  const postpone = (value: string) => {
    if (value === "date") return setAsking("date");
    run({ postponed: value === "next" ? { next_working_day: true } : { days: Number(value) } }, moved);
  };
  return (
    <>
      <BulkFrame
        label={t("tasks.bulk.selected", { count })}
        clear={t("tasks.bulk.clear")}
        progress={busy ? { done: 0, of: count } : undefined}
        said={busy ? t("tasks.bulk.working", { count }) : undefined}
        onClear={onClose}
      >
        {open && (
          <>
            <Button
              writes
              size="small"
              look="ghost"
              icon={<Check />}
              busy={busy}
              onClick={() => run({ completed: {} }, (n) => t("tasks.bulk.completed", { count: n }))}
            >
              {t("tasks.complete")}
            </Button>
            <Picker label={t("tasks.bulk.postpone")} icon={<CalendarClock />} busy={busy}>
              {(choose) => (
                <Choices
                  label={t("tasks.bulk.postpone")}
                  choices={quick}
                  onChoose={(value) => choose(() => postpone(value))}
                />
              )}
            </Picker>
          </>
        )}
        <OwnerPicker
          label={t("tasks.bulk.assign")}
          nobody={t("tasks.nobody")}
          members={members}
          busy={busy}
          onChoose={(assignee) => run({ assignee }, (n) => t("tasks.bulk.assigned", { count: n }))}
        />
        {open && (
          <Button writes size="small" look="ghost" icon={<SkipForward />} busy={busy} onClick={() => setAsking("skip")}>
            {t("tasks.skip")}
          </Button>
        )}
        {deletes && (
          <Button writes size="small" look="ghost" icon={<Trash2 />} busy={busy} onClick={() => setAsking("delete")}>
            {t("tasks.delete")}
          </Button>
        )}
      </BulkFrame>
      <DateDialog
        open={asking === "date"}
        count={count}
        onClose={() => setAsking(undefined)}
        onDone={(postponed) => run({ postponed }, moved)}
      />
      <SkipDialog
        open={asking === "skip"}
        count={count}
        onClose={() => setAsking(undefined)}
        onDone={(reason) => run({ skipped: { reason } }, (n) => t("tasks.bulk.skipped", { count: n }))}
      />
      <Confirm
        open={asking === "delete"}
        onClose={() => setAsking(undefined)}
        title={t("tasks.bulk.deleteTitle", { count })}
        lead={t("tasks.bulk.deleteText")}
        action={t("tasks.bulk.deleteDo", { count })}
        icon={<Trash2 />}
        onConfirm={() => {
          setAsking(undefined);
          run({ deleted: true }, (n) => t("tasks.bulk.deleted", { count: n }));
        }}
      />
    </>
  );
}

interface Ask<T> {
  open: boolean;
  count: number;
  onClose: () => void;
  onDone: (said: T) => void;
}

function DateDialog({ open, count, onClose, onDone }: Ask<NonNullable<Change["postponed"]>>) {
  const { t } = useTranslation();
  const formats = useFormats();
  const id = useId();
  const [day, setDay] = useState("");
  const [anyTime, setAnyTime] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!day) return;
    onClose();
    onDone({ due_on: day, any_time: anyTime });
  };
  return (
    <Dialog open={open} onClose={onClose} title={t("tasks.bulk.dateTitle", { count })}>
      <form onSubmit={submit} className="flex flex-col gap-3.5">
        <FieldFrame id={id} label={t("tasks.bulk.day")}>
          <input
            id={id}
            type="date"
            required
            min={todayIn(formats.zone ?? "UTC")}
            value={day}
            onChange={(event) => setDay(event.target.value)}
            className={`${inputLook} ${inputHeight}`}
          />
        </FieldFrame>
        <div>
          <Switch label={t("tasks.bulk.anyTime")} checked={anyTime} onChange={setAnyTime} />
          <p className="mt-1 text-cap text-muted">{t("tasks.bulk.anyTimeHelp")}</p>
        </div>
        <footer className="mt-1 flex justify-end gap-2">
          <Button look="ghost" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" look="primary" disabled={!day}>
            {t("tasks.bulk.postpone")}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

function SkipDialog({ open, count, onClose, onDone }: Ask<string>) {
  const { t } = useTranslation();
  const id = useId();
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() === "") return;
    onClose();
    onDone(reason.trim());
  };
  return (
    <Dialog open={open} onClose={onClose} title={t("tasks.bulk.skipTitle", { count })}>
      <form onSubmit={submit} className="flex flex-col gap-3.5">
        <FieldFrame id={id} label={t("tasks.reason")}>
          <input
            id={id}
            value={reason}
            required
            maxLength={1000}
            onChange={(event) => setReason(event.target.value)}
            className={`${inputLook} ${inputHeight}`}
          />
        </FieldFrame>
        <footer className="mt-1 flex justify-end gap-2">
          <Button look="ghost" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" look="primary" disabled={reason.trim() === ""}>
            {t("tasks.skip")}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
