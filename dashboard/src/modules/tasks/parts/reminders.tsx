import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/ui/button";
import { Select } from "@/ui/field";
import type { ServerForm } from "@/ui/form";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Count } from "./count";
import type { Values } from "./fields";
import {
  another,
  FARTHEST,
  leadOf,
  MOST_REMINDERS,
  minutesBefore,
  minutesOf,
  morningOf,
  UNIT_NAMES,
  UNITS,
  type Unit,
} from "./leads";

/** When those who have a task are reminded of it: any time before, up to five times. */
export function Reminders({ form }: { form: ServerForm<Values>["form"] }) {
  const { t } = useTranslation();
  const timed = form.watch("due_time") !== "";
  const dated = form.watch("due_on") !== "";
  const all = form.watch("reminder").split(",").filter(Boolean).map(Number);
  const set = (next: number[]) => form.setValue("reminder", next.join(","), { shouldDirty: true });
  const Row = timed ? Lead : Morning;
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">
        {t("tasks.field.reminder")}
        <span className="font-[420] text-muted"> {t("field.optional")}</span>
      </legend>
      {dated && all.length > 0 && (
        <ul className="mb-1.5 flex flex-col gap-1.5">
          {all.map((minutes, n) => (
            <li key={n} className="flex items-center gap-2 text-[13.5px]">
              <Row minutes={minutes} onChange={(next) => set(all.with(n, next))} />
              <IconButton
                small
                label={t("tasks.remind.remove")}
                onClick={() => set(all.filter((_, other) => other !== n))}
                className="ms-auto"
              >
                <X />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      {dated && all.length > 0 && <p className="mb-1.5 text-cap text-muted">{t("tasks.remind.working")}</p>}
      {dated ? (
        <Button
          size="small"
          icon={<Plus />}
          disabled={all.length >= MOST_REMINDERS}
          onClick={() => set([...all, another(all, timed)])}
        >
          {t("tasks.remind.add")}
        </Button>
      ) : (
        <p className="text-cap text-muted">{t("tasks.remind.undated")}</p>
      )}
    </fieldset>
  );
}

interface RowProps {
  minutes: number;
  onChange: (minutes: number) => void;
}

function Lead({ minutes, onChange }: RowProps) {
  const { t } = useTranslation();
  // Sixty minutes stay minutes while they are typed.
  const [unit, setUnit] = useState<Unit>(() => leadOf(minutes).unit);
  const lead = minutes % UNITS[unit] === 0 ? { amount: minutes / UNITS[unit], unit } : leadOf(minutes);
  return (
    <>
      <Count
        label={t("tasks.remind.amount")}
        value={lead.amount}
        least={0}
        most={FARTHEST / UNITS[lead.unit]}
        onChange={(amount) => onChange(minutesOf({ amount, unit: lead.unit }))}
      />
      <span className="min-w-0 flex-1">
        <Select
          aria-label={t("tasks.remind.unitLabel")}
          value={lead.unit}
          onChange={({ target }) => {
            const next = target.value as Unit;
            setUnit(next);
            onChange(minutesOf({ amount: Math.min(lead.amount, FARTHEST / UNITS[next]), unit: next }));
          }}
        >
          {UNIT_NAMES.map((name) => (
            <option key={name} value={name}>
              {t(`tasks.remind.unit.${name}`)}
            </option>
          ))}
        </Select>
      </span>
    </>
  );
}

function Morning({ minutes, onChange }: RowProps) {
  const { t } = useTranslation();
  const { days, time } = morningOf(minutes);
  return (
    <>
      <Count
        label={t("tasks.remind.days")}
        value={days}
        least={0}
        most={27}
        onChange={(next) => onChange(minutesBefore({ days: next, time }))}
      />
      <span className="min-w-0 text-muted">{t("tasks.remind.daysBefore")}</span>
      <input
        type="time"
        required
        aria-label={t("tasks.remind.time")}
        value={time}
        onChange={({ target }) => target.value && onChange(minutesBefore({ days, time: target.value }))}
        className={`${inputLook} ${inputHeight} w-32! shrink-0`}
      />
    </>
  );
}
