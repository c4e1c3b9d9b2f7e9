import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Trouble } from "@/ui/form";
import { sayProblem } from "@/i18n/problems";
import { ApiProblem, Unreachable } from "@/api/problem";

/** Whether somebody means it: it names what it is about, and the button says what happens. */
export function Confirm(props: {
  title: string;
  text: ReactNode;
  verb: string;
  danger?: boolean;
  onClose: () => void;
  onDo: () => Promise<unknown>;
}) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  const go = async () => {
    setBusy(true);
    setTrouble(undefined);
    try {
      await props.onDo();
      props.onClose();
    } catch (error) {
      setTrouble(
        error instanceof ApiProblem
          ? sayProblem(error.code, error.detail)
          : error instanceof Unreachable
            ? t("error.unreachable")
            : t("error.unknown"),
      );
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={props.onClose} title={props.title}>
      <div className="text-sm text-ink-2">{props.text}</div>
      {trouble && (
        <div className="mt-4">
          <Trouble>{trouble}</Trouble>
        </div>
      )}
      <footer className="mt-5 flex justify-end gap-2">
        <Button look="ghost" onClick={props.onClose}>
          {t("action.cancel")}
        </Button>
        <Button look={props.danger ? "danger" : "primary"} busy={busy} onClick={() => void go()}>
          {props.verb}
        </Button>
      </footer>
    </Dialog>
  );
}
