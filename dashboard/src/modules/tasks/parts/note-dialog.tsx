import { Check } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame } from "@/ui/field";
import { inputLook } from "@/ui/input-look";
import type { Asked } from "./dialogs";

/** A task is done, and it is said what came of it. */
export function NoteDialog({ task, changes, onClose }: Asked) {
  const { t } = useTranslation();
  const [last, setLast] = useState(task);
  // Its words stay while it goes away.
  if (task && task !== last) setLast(task);
  const now = task ?? last;
  if (!now) return null;
  return (
    <Dialog open={task !== undefined} onClose={onClose} title={t("tasks.completeOne", { title: now.title })}>
      <Form
        key={now.id}
        onClose={onClose}
        onDone={(outcome) => changes.complete.mutate({ task: now, ...(outcome && { outcome }) })}
      />
    </Dialog>
  );
}

function Form({ onClose, onDone }: { onClose: () => void; onDone: (outcome: string) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [outcome, setOutcome] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onClose();
    onDone(outcome.trim());
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      <FieldFrame id={id} label={t("tasks.outcome")} optional>
        <textarea
          id={id}
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to say this
          autoFocus
          rows={4}
          value={outcome}
          maxLength={1000}
          onChange={(event) => setOutcome(event.target.value)}
          className={`${inputLook} resize-y py-2`}
        />
      </FieldFrame>
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" icon={<Check />}>
          {t("tasks.complete")}
        </Button>
      </footer>
    </form>
  );
}
