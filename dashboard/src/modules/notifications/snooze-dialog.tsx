import { AlarmClock } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { sayProblem } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { moment, plus, today } from "../tasks/when";

interface Props {
  zone: string;
  onClose: () => void;
  onDone: (until: string) => void;
}

/** A notification is put off until any day and time. */
export function SnoozeDialog({ open, ...props }: Props & { open: boolean }) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={props.onClose} title={t("notifications.snooze")}>
      <Moment {...props} />
    </Dialog>
  );
}

function Moment({ zone, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [wanted, setWanted] = useState(() => `${plus(today(zone), 1)}T09:00`);
  const [past, setPast] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [day, time] = wanted.split("T");
    if (!day || !time) return;
    const until = moment(day, time, zone);
    if (Date.parse(until) <= Date.now()) return setPast(true);
    onClose();
    onDone(until);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      <FieldFrame
        id={id}
        label={t("notifications.snoozeUntil")}
        error={past ? sayProblem("snooze_past") : undefined}
        help={t("notifications.snoozeHelp")}
      >
        <input
          id={id}
          type="datetime-local"
          required
          value={wanted}
          aria-invalid={past || undefined}
          aria-describedby={`${id}-say`}
          onChange={(event) => {
            setPast(false);
            setWanted(event.target.value);
          }}
          className={`${inputLook} ${inputHeight}`}
        />
      </FieldFrame>
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" icon={<AlarmClock />}>
          {t("notifications.snooze")}
        </Button>
      </footer>
    </form>
  );
}
