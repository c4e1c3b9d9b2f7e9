import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame } from "@/ui/field";
import { Trouble } from "@/ui/form";
import { inputHeight, inputLook } from "@/ui/input-look";
import type { Task } from "../data";
import type { Asked } from "./dialogs";

/** A task is left out for a reason. */
export function SkipDialog({ task, changes, onClose }: Asked) {
  const { t } = useTranslation();
  const [last, setLast] = useState(task);
  // Its words stay while it goes away.
  if (task && task !== last) setLast(task);
  const now = task ?? last;
  if (!now) return null;
  return (
    <Dialog
      open={task !== undefined}
      onClose={onClose}
      title={t("tasks.skipTitle", { title: now.title })}
      lead={now.rule ? t("tasks.skipAgain") : undefined}
    >
      <Form key={now.id} task={now} changes={changes} onClose={onClose} />
    </Dialog>
  );
}

function Form({ task, changes, onClose }: Asked & { task: Task }) {
  const { t } = useTranslation();
  const id = useId();
  const [reason, setReason] = useState("");
  const { skip } = changes;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (skip.isPending || reason.trim() === "") return;
    skip.mutate({ task, reason: reason.trim() }, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      <FieldFrame id={id} label={t("tasks.reason")}>
        <input
          id={id}
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to say this
          autoFocus
          value={reason}
          required
          maxLength={1000}
          onChange={(event) => setReason(event.target.value)}
          className={`${inputLook} ${inputHeight}`}
        />
      </FieldFrame>
      {skip.isError && <Trouble>{sayThrown(skip.error)}</Trouble>}
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={skip.isPending} disabled={reason.trim() === ""}>
          {t("tasks.skip")}
        </Button>
      </footer>
    </form>
  );
}
