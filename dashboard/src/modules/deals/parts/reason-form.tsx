import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { FieldFrame, Select } from "@/ui/field";
import { Trouble } from "@/ui/form";
import { inputHeight, inputLook } from "@/ui/input-look";

const OTHER = "\u0000";

/** How deals end: why, in one of the pipeline's words or in others, and what else is worth keeping. */
export function ReasonForm(props: {
  how: "won" | "lost" | "abandoned";
  /** Reasons to choose from. */
  offered: readonly string[];
  busy: boolean;
  error?: unknown;
  onClose: () => void;
  onDone: (outcome: Schema["NewOutcome"]) => void;
}) {
  const { t } = useTranslation();
  const ids = [useId(), useId(), useId()];
  const { how, offered, busy, error } = props;
  const [chosen, setChosen] = useState<string>();
  const [own, setOwn] = useState("");
  const [note, setNote] = useState("");
  const won = how === "won";
  const choice = chosen ?? (offered.length === 0 ? OTHER : "");
  const reason = (choice === OTHER ? own : choice).trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy || (!won && reason === "")) return;
    props.onDone({ status: how, ...(reason && { reason }), ...(note.trim() && { note: note.trim() }) });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      {!won && offered.length > 0 && (
        <FieldFrame id={ids[0] ?? ""} label={t("deals.reason")}>
          <Select id={ids[0]} value={choice} required onChange={(event) => setChosen(event.target.value)}>
            <option value="" disabled hidden />
            {offered.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
            <option value={OTHER}>{t("deals.reasonOther")}</option>
          </Select>
        </FieldFrame>
      )}
      {!won && choice === OTHER && (
        <FieldFrame id={ids[1] ?? ""} label={t(offered.length > 0 ? "deals.reasonOwn" : "deals.reason")}>
          <input
            id={ids[1]}
            value={own}
            required
            maxLength={100}
            onChange={(event) => setOwn(event.target.value)}
            className={`${inputLook} ${inputHeight}`}
          />
        </FieldFrame>
      )}
      <FieldFrame id={ids[2] ?? ""} label={t("deals.note")} optional>
        <textarea
          id={ids[2]}
          value={note}
          rows={3}
          maxLength={1000}
          onChange={(event) => setNote(event.target.value)}
          className={`${inputLook} resize-y py-2`}
        />
      </FieldFrame>
      {Boolean(error) && <Trouble>{sayThrown(error)}</Trouble>}
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={props.onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look={won ? "primary" : "danger"} busy={busy} disabled={!won && reason === ""}>
          {t(won ? "deals.win" : how === "lost" ? "deals.lose" : "deals.abandon")}
        </Button>
      </footer>
    </form>
  );
}
