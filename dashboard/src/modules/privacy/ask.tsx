import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, Eraser, FileDown, Scale } from "lucide-react";
import { type ReactNode, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { sayProblem } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/dialog";
import { FieldFrame } from "@/ui/field";
import { inputLook } from "@/ui/input-look";
import { useDraft } from "@/ui/kept";
import { say } from "@/ui/toast";
import { type Kind, request, useDocument, useHold, useRequest } from "./data";
import { Progress } from "./progress";

export interface Person {
  id: string;
  display_name: string;
  hold_reason?: string | null;
}

/** Asks for a person's data to be handed out or erased, and stays until that is over. */
export function AskForData(props: { person: Person; kind: Kind; onClose: (erased: boolean) => void }) {
  const { t } = useTranslation();
  const { person, kind, onClose } = props;
  const [reason, setReason, sent] = useDraft(`privacy.${person.id}`);
  const ask = useRequest();
  const id = ask.data?.id;
  const erasure = kind === "erasure";
  if (id) return <Made id={id} person={person} onClose={onClose} />;
  if (erasure && person.hold_reason) return <Held person={person} onClose={() => onClose(false)} />;
  const trouble =
    ask.error && (ask.error instanceof ApiProblem ? sayProblem(ask.error.code, ask.error.detail) : ask.error.message);
  return (
    <Confirm
      open
      onClose={() => onClose(false)}
      title={t(erasure ? "privacy.eraseTitle" : "privacy.exportTitle", { name: person.display_name })}
      lead={t(erasure ? "privacy.eraseText" : "privacy.exportText")}
      look={erasure ? "danger" : "primary"}
      typed={erasure ? person.display_name : undefined}
      action={t(erasure ? "privacy.erase" : "privacy.export")}
      icon={erasure ? <Eraser /> : <FileDown />}
      busy={ask.isPending}
      trouble={trouble}
      onConfirm={() =>
        ask.mutate(
          { contact: person.id, kind, ...(reason.trim() && { reason: reason.trim() }) },
          { onSuccess: () => sent() },
        )
      }
    >
      <Reason value={reason} onChange={setReason} label={t("privacy.reason")} help={t("privacy.reasonHelp")} optional />
    </Confirm>
  );
}

function Reason(props: {
  value: string;
  onChange: (value: string) => void;
  label: string;
  help?: ReactNode;
  optional?: boolean;
  most?: number;
}) {
  const id = useId();
  return (
    <FieldFrame id={id} label={props.label} help={props.help} optional={props.optional}>
      <textarea
        id={id}
        rows={2}
        value={props.value}
        maxLength={props.most ?? 1000}
        aria-describedby={props.help ? `${id}-say` : undefined}
        onChange={(event) => props.onChange(event.target.value)}
        className={`${inputLook} py-2`}
      />
    </FieldFrame>
  );
}

/** How far it is; an export is fetched from here. */
function Made({ id, person, onClose }: { id: string; person: Person; onClose: (erased: boolean) => void }) {
  const { t } = useTranslation();
  const { data } = useQuery(request(id));
  const fetch = useDocument();
  const done = data?.state === "done";
  const gone = done && data.kind === "erasure";
  const cache = useQueryClient();
  useEffect(() => {
    if (gone) void cache.invalidateQueries({ queryKey: ["contacts", "list"] });
  }, [gone, cache]);
  return (
    <Dialog
      open
      onClose={() => onClose(gone)}
      title={t(data?.kind === "erasure" ? "privacy.eraseTitle" : "privacy.exportTitle", { name: person.display_name })}
    >
      {data && <Progress request={data} />}
      <footer className="mt-4 flex justify-end gap-2">
        {done && data.kind === "export" && (
          <Button look="primary" icon={<Download />} busy={fetch.isPending} onClick={() => fetch.mutate(data)}>
            {t("privacy.download")}
          </Button>
        )}
        <Button onClick={() => onClose(gone)}>{t("action.close")}</Button>
      </footer>
    </Dialog>
  );
}

/** Why nothing can be erased now, and who can change that. */
function Held({ person, onClose }: { person: Person; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("privacy.heldTitle", { name: person.display_name })}
      lead={t("privacy.heldText")}
    >
      <p className="rounded-[12px] bg-warning-soft px-3.5 py-2.5 text-sm break-words">
        <Scale aria-hidden="true" className="me-2 inline size-4 text-warning-text" />
        <bdi>{person.hold_reason}</bdi>
      </p>
      <footer className="mt-4 flex justify-end">
        <Button onClick={onClose}>{t("action.close")}</Button>
      </footer>
    </Dialog>
  );
}

/** Puts a person under legal hold with a reason, or ends that. */
export function LegalHold({ person, onClose }: { person: Person; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const hold = useHold(person.id);
  const held = Boolean(person.hold_reason);
  return (
    <Confirm
      open
      onClose={onClose}
      look="primary"
      title={t(held ? "privacy.releaseTitle" : "privacy.holdTitle", { name: person.display_name })}
      lead={t(held ? "privacy.releaseText" : "privacy.holdText")}
      action={t(held ? "privacy.release" : "privacy.hold")}
      icon={<Scale />}
      busy={hold.isPending}
      trouble={
        hold.error &&
        (hold.error instanceof ApiProblem ? sayProblem(hold.error.code, hold.error.detail) : hold.error.message)
      }
      onConfirm={() =>
        hold.mutate(held ? undefined : reason.trim(), {
          onSuccess: () => {
            say(t(held ? "privacy.released" : "privacy.heldNow"));
            onClose();
          },
        })
      }
    >
      {held ? (
        <p className="rounded-[12px] border border-line px-3.5 py-2.5 text-sm break-words">
          <bdi>{person.hold_reason}</bdi>
        </p>
      ) : (
        <Reason value={reason} onChange={setReason} label={t("privacy.holdReason")} most={500} />
      )}
    </Confirm>
  );
}
