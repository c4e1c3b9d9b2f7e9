import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldsOf } from "@/modules/fields/fields-of";
import { Input } from "@/modules/fields/input";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame, Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { SkeletonRows } from "@/ui/states";
import type { Change } from "./runs";

/** What is worked out, what points to one thing, and what only one may have is not the same for many. */
const SINGLE: readonly string[] = ["formula", "link", "file"];

interface Props {
  /** How many are changed, as it is written. */
  count: number;
  onClose: () => void;
  onApply: (change: Change) => void;
}

/** One field of everybody who is chosen: where they come from, or one that the tenant defined. */
export function FieldDialog({ open, ...props }: Props & { open: boolean }) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={props.onClose} title={t("contacts.setField")} lead={t("contacts.setFieldText")}>
      <Form {...props} />
    </Dialog>
  );
}

function Form({ count, onClose, onApply }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const { data, isLoading } = useQuery(fieldsOf("contact"));
  const [key, setKey] = useState("");
  const [source, setSource] = useState("");
  const [value, setValue] = useState<unknown>(null);
  if (isLoading) return <SkeletonRows rows={3} />;
  const usable = (data?.items ?? []).filter(
    (field) => !field.archived_at && !field.deleting_at && !field.unique && !SINGLE.includes(field.type),
  );
  const field = usable.find((one) => one.key === key);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onClose();
    onApply(field ? { custom: { [field.key]: value } } : { source: source.trim() || null });
  };
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-3.5">
      <FieldFrame id={`${id}-field`} label={t("contacts.whichField")}>
        <Select
          id={`${id}-field`}
          value={key}
          onChange={(event) => {
            setKey(event.target.value);
            setValue(null);
          }}
        >
          <option value="">{t("contacts.source")}</option>
          {usable.map((one) => (
            <option key={one.key} value={one.key}>
              {one.label}
            </option>
          ))}
        </Select>
      </FieldFrame>
      <FieldFrame
        id={`${id}-value`}
        label={field ? <bdi>{field.label}</bdi> : t("contacts.source")}
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
            value={source}
            maxLength={60}
            dir="auto"
            autoComplete="off"
            aria-describedby={`${id}-value-say`}
            onChange={(event) => setSource(event.target.value)}
            className={`${inputLook} ${inputHeight}`}
          />
        )}
      </FieldFrame>
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button writes type="submit" look="primary">
          {t("contacts.changeMany", { count })}
        </Button>
      </footer>
    </form>
  );
}
