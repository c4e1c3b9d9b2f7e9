import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { sayProblem } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { useAbsenceChanges } from "./changes";
import type { Absence } from "./data";

interface Asking {
  member: string;
  name: string;
  before?: Absence;
}

/** From when until when somebody takes no deals. */
export function AwayDialog({ asking, onClose }: { asking: Asking | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const [last, setLast] = useState(asking);
  // Its words stay while it goes away.
  if (asking && asking !== last) setLast(asking);
  const now = asking ?? last;
  return (
    <Dialog
      open={asking !== undefined}
      onClose={onClose}
      title={t("deals.assignment.awayOf", { name: now?.name ?? "" })}
      lead={t("deals.assignment.awayLead")}
    >
      {now && <Form key={now.member} asking={now} onClose={onClose} />}
    </Dialog>
  );
}

function Form({ asking, onClose }: { asking: Asking; onClose: () => void }) {
  const { t } = useTranslation();
  const { dayKey } = useFormats();
  const ids = [useId(), useId()];
  const change = useAbsenceChanges();
  const [from, setFrom] = useState(asking.before?.from ?? dayKey(new Date()));
  const [until, setUntil] = useState(asking.before?.until ?? "");
  const wrong = from !== "" && until !== "" && until < from;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wrong || change.isPending) return;
    const next = { ...(from && { from }), ...(until && { until }) };
    change.mutate({ member: asking.member, next, before: asking.before }, { onSuccess: onClose });
  };
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-3.5">
      <div className="grid grid-cols-2 gap-3.5 max-sm:grid-cols-1">
        <FieldFrame id={ids[0] ?? ""} label={t("deals.assignment.firstDay")} optional>
          <input
            id={ids[0]}
            type="date"
            value={from}
            onChange={(event) => setFrom(event.target.value)}
            className={`${inputLook} ${inputHeight}`}
          />
        </FieldFrame>
        <FieldFrame
          id={ids[1] ?? ""}
          label={t("deals.assignment.lastDay")}
          optional
          error={wrong ? sayProblem("date_order") : undefined}
        >
          <input
            id={ids[1]}
            type="date"
            value={until}
            aria-invalid={wrong || undefined}
            aria-describedby={wrong ? `${ids[1]}-say` : undefined}
            onChange={(event) => setUntil(event.target.value)}
            className={`${inputLook} ${inputHeight}`}
          />
        </FieldFrame>
      </div>
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={change.isPending} disabled={wrong}>
          {t("action.save")}
        </Button>
      </footer>
    </form>
  );
}
