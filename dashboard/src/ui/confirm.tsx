import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { fold } from "@/shell/search";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { FieldFrame } from "./field";
import { inputHeight, inputLook } from "./input-look";
import { Trouble } from "./form";

/** Before something that cannot be taken back: what happens, and for the gravest the name to type. */
export function Confirm(props: {
  open: boolean;
  onClose: () => void;
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
  action: string;
  icon?: ReactNode;
  busy?: boolean;
  look?: "danger" | "primary";
  /** What has to be typed first. */
  typed?: string;
  trouble?: ReactNode;
  onConfirm: () => void;
}) {
  const { t } = useTranslation();
  const { open, onClose, typed } = props;
  const id = useId();
  const [text, setText] = useState("");
  const same = typed === undefined || fold(text.trim()) === fold(typed.trim());
  const close = () => {
    setText("");
    onClose();
  };
  return (
    <Dialog open={open} onClose={close} title={props.title} lead={props.lead}>
      <form
        className="flex flex-col gap-3.5"
        onSubmit={(event) => {
          event.preventDefault();
          if (same && !props.busy) props.onConfirm();
        }}
      >
        {props.children}
        {typed !== undefined && (
          <FieldFrame id={id} label={t("action.typeToConfirm", { text: typed })}>
            <input
              id={id}
              value={text}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setText(event.target.value)}
              className={`${inputLook} ${inputHeight}`}
            />
          </FieldFrame>
        )}
        {props.trouble && <Trouble>{props.trouble}</Trouble>}
        <footer className="mt-1 flex justify-end gap-2">
          <Button look="ghost" onClick={close}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" look={props.look ?? "danger"} icon={props.icon} busy={props.busy} disabled={!same}>
            {props.action}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
