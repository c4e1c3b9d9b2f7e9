import { Moon } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { sayProblem } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { moment, plus, today as todayIn } from "../when";
import type { Asked } from "./dialogs";

/** A task is put out of sight until any day and time. */
export function SnoozeDialog({ task, changes, onClose }: Asked) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [last, setLast] = useState(task);
  // Its words stay while it goes away.
  if (task && task !== last) setLast(task);
  const now = task ?? last;
  if (!now) return null;
  return (
    <Dialog open={task !== undefined} onClose={onClose} title={t("tasks.snoozeTitle", { title: now.title })}>
      <Form
        key={now.id}
        zone={formats.zone ?? now.zone}
        onClose={onClose}
        onDone={(until) => changes.snooze.mutate({ task: now, until })}
      />
    </Dialog>
  );
}

function Form(props: { zone: string; onClose: () => void; onDone: (until: string) => void }) {
  const { zone, onClose, onDone } = props;
  const { t } = useTranslation();
  const id = useId();
  const today = todayIn(zone);
  const [day, setDay] = useState(plus(today, 1));
  const [time, setTime] = useState("09:00");
  const [past, setPast] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!day || !time) return;
    const until = moment(day, time, zone);
    if (Date.parse(until) <= Date.now()) return setPast(true);
    onClose();
    onDone(until);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      <div className="grid grid-cols-2 gap-3.5">
        <FieldFrame id={id} label={t("tasks.snoozeDay")} error={past ? sayProblem("time_range") : undefined}>
          <input
            id={id}
            type="date"
            required
            min={today}
            value={day}
            aria-invalid={past || undefined}
            aria-describedby={past ? `${id}-say` : undefined}
            onChange={(event) => setDay(event.target.value)}
            className={`${inputLook} ${inputHeight}`}
          />
        </FieldFrame>
        <FieldFrame id={`${id}-time`} label={t("tasks.field.due_time")}>
          <input
            id={`${id}-time`}
            type="time"
            required
            value={time}
            onChange={(event) => setTime(event.target.value)}
            className={`${inputLook} ${inputHeight}`}
          />
        </FieldFrame>
      </div>
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" icon={<Moon />}>
          {t("tasks.snoozeDo")}
        </Button>
      </footer>
    </form>
  );
}
