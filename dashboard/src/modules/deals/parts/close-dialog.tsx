import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame, Select } from "@/ui/field";
import { Trouble } from "@/ui/form";
import { inputHeight, inputLook } from "@/ui/input-look";
import { useEnds } from "../changes";
import { type Deal, pipelines } from "../data";

export interface Ending {
  deal: Deal;
  how: "won" | "lost" | "abandoned";
}

/** How a deal ends: why, in one of the pipeline's words or in others, and what else is worth keeping. */
export function CloseDialog({ ending, onClose }: { ending: Ending | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const [last, setLast] = useState(ending);
  // Its words stay while it goes away.
  if (ending && ending !== last) setLast(ending);
  const now = ending ?? last;
  if (!now) return null;
  const { deal, how } = now;
  return (
    <Dialog
      open={ending !== undefined}
      onClose={onClose}
      title={t(`deals.closeTitle.${how}`, { title: deal.title })}
      lead={t(`deals.closeLead.${how}`)}
    >
      <Form key={`${deal.id}${how}`} deal={deal} how={how} onClose={onClose} />
    </Dialog>
  );
}

const OTHER = "\u0000";

function Form({ deal, how, onClose }: Ending & { onClose: () => void }) {
  const { t } = useTranslation();
  const ids = [useId(), useId(), useId()];
  const { data } = useQuery(pipelines);
  const offered = data?.find(({ id }) => id === deal.pipeline)?.reasons ?? [];
  const { close } = useEnds();
  const [chosen, setChosen] = useState<string>();
  const [own, setOwn] = useState("");
  const [note, setNote] = useState("");
  const won = how === "won";
  const choice = chosen ?? (offered.length === 0 ? OTHER : "");
  const reason = (choice === OTHER ? own : choice).trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (close.isPending || (!won && reason === "")) return;
    const body = { status: how, ...(reason && { reason }), ...(note.trim() && { note: note.trim() }) };
    close.mutate({ deal, ...body }, { onSuccess: onClose });
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
      {close.isError && <Trouble>{sayThrown(close.error)}</Trouble>}
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look={won ? "primary" : "danger"} busy={close.isPending} disabled={!won && reason === ""}>
          {t(won ? "deals.win" : how === "lost" ? "deals.lose" : "deals.abandon")}
        </Button>
      </footer>
    </form>
  );
}
