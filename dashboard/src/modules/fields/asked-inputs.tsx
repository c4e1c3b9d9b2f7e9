import { useEffect, useId, useRef, useState } from "react";
import { type FieldError, get, type UseFormReturn, useFormState } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { FieldFrame } from "@/ui/field";
import { Switch } from "@/ui/switch";
import type { CustomField } from "./data";
import { Input } from "./input";

/** Fields of the tenant inside the form of a new record, as `custom.<key>`; what the server refuses stands under each. */
export function AskedInputs({ fields, form }: { fields: readonly CustomField[]; form: UseFormReturn }) {
  return fields.map((field) => <One key={field.key} field={field} form={form} />);
}

/** What the field holds before anybody wrote: what the server would take, and for a switch what it shows. */
const first = ({ type, default: usual }: CustomField): unknown => usual ?? (type === "checkbox" ? false : null);

/** The value in the form, its refusal, and where the form puts the focus then, whatever the input is. */
function useHeld(field: CustomField, form: UseFormReturn) {
  const name = `custom.${field.key}`;
  const { errors, isSubmitted } = useFormState({ control: form.control, name });
  const [value, setValue] = useState<unknown>(() => form.getValues(name) ?? first(field));
  const frame = useRef<HTMLDivElement>(null);
  const initial = useRef(value);
  useEffect(() => {
    const focus = () => frame.current?.querySelector<HTMLElement>("input, select, textarea, [role=switch]")?.focus();
    form.register(name, { value: initial.current }).ref({ focus });
  }, [form, name]);
  const put = (next: unknown) => {
    setValue(next);
    // What the server refused was said of what stood here before.
    form.clearErrors(name);
    form.setValue(name, next, { shouldDirty: true, shouldValidate: isSubmitted });
  };
  return { value, put, frame, error: (get(errors, name) as FieldError | undefined)?.message };
}

function One({ field, form }: { field: CustomField; form: UseFormReturn }) {
  const { t } = useTranslation();
  const id = useId();
  const { value, put, frame, error } = useHeld(field, form);
  const { type, label, help } = field;
  const look = error ? "text-danger-text" : "text-muted";
  if (type === "link" || type === "file")
    return <p className={`text-sm ${look}`}>{t("fields.notHere", { name: label })}</p>;
  const said = error || help ? `${id}-say` : undefined;
  return (
    <div ref={frame}>
      {type === "checkbox" ? (
        <>
          <Switch label={<bdi>{label}</bdi>} checked={value === true} onChange={put} />
          {said && (
            <p id={said} className={`mt-[5px] text-cap ${look}`}>
              {error ?? help}
            </p>
          )}
        </>
      ) : (
        <FieldFrame id={id} label={<bdi>{label}</bdi>} help={help} error={error}>
          <Input
            inForm
            id={id}
            field={field}
            value={value}
            wrong={error ? true : undefined}
            describedBy={said}
            onSave={put}
          />
        </FieldFrame>
      )}
    </div>
  );
}
