import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame, Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { SkeletonRows } from "@/ui/states";
import { fieldsOf } from "./fields-of";
import { Input } from "./input";

/** What is worked out, what points to one thing, and what only one may have is not the same for many. */
const SINGLE: readonly string[] = ["formula", "link", "file"];

interface Props {
  record: "contact" | "company" | "deal";
  /** A field of text that every record has, which is offered too. */
  plain?: { label: string; most: number; onApply: (value: string | null) => void };
  lead: string;
  /** What the button says. */
  action: string;
  onClose: () => void;
  onApply: (change: { custom: Record<string, unknown> }) => void;
}

/** One field of everything that is chosen: one that the tenant defined, or the plain one. */
export function FieldDialog({ open, ...props }: Props & { open: boolean }) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={props.onClose} title={t("contacts.setField")} lead={props.lead}>
      <Form {...props} />
    </Dialog>
  );
}

function Form({ record, plain, action, onClose, onApply }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const { data, isLoading } = useQuery(fieldsOf(record));
  const [key, setKey] = useState("");
  const [text, setText] = useState("");
  const [value, setValue] = useState<unknown>(null);
  if (isLoading) return <SkeletonRows rows={3} />;
  const usable = (data?.items ?? []).filter(
    (field) => !field.archived_at && !field.deleting_at && !field.unique && !SINGLE.includes(field.type),
  );
  const field = usable.find((one) => one.key === key) ?? (plain ? undefined : usable[0]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onClose();
    if (field) onApply({ custom: { [field.key]: value } });
    else plain?.onApply(text.trim() || null);
  };
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-3.5">
      <FieldFrame id={`${id}-field`} label={t("contacts.whichField")}>
        <Select
          id={`${id}-field`}
          value={field?.key ?? ""}
          onChange={(event) => {
            setKey(event.target.value);
            setValue(null);
          }}
        >
          {plain && <option value="">{plain.label}</option>}
          {usable.map((one) => (
            <option key={one.key} value={one.key}>
              {one.label}
            </option>
          ))}
        </Select>
      </FieldFrame>
      <FieldFrame
        id={`${id}-value`}
        label={field ? <bdi>{field.label}</bdi> : plain?.label}
        help={t("contacts.emptyField")}
      >
        {field ? (
          <Input
            key={field.key}
            inForm
            id={`${id}-value`}
            field={field}
            value={value}
            describedBy={`${id}-value-say`}
            onSave={setValue}
          />
        ) : (
          <input
            id={`${id}-value`}
            value={text}
            maxLength={plain?.most}
            dir="auto"
            autoComplete="off"
            aria-describedby={`${id}-value-say`}
            onChange={(event) => setText(event.target.value)}
            className={`${inputLook} ${inputHeight}`}
          />
        )}
      </FieldFrame>
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button writes type="submit" look="primary">
          {action}
        </Button>
      </footer>
    </form>
  );
}
