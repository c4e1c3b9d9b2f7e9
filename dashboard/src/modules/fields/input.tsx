import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Switch } from "@/ui/switch";
import type { CustomField } from "./data";
import { minorTyped, typed } from "./show";

type Asked = Pick<CustomField, "type" | "options" | "label"> & { currency?: string | null };

/** What a text means as a value; what cannot be one is sent as it is, so that the server says why. */
function read(field: Asked, text: string): unknown {
  const bare = text.trim();
  if (bare === "") return null;
  if (field.type === "number") return Number.isFinite(Number(bare)) ? Number(bare) : bare;
  if (field.type !== "money") return text;
  return minorTyped(bare, field.currency ?? "EUR") ?? bare;
}

/**
 * Something to fill a value in: saved with Enter or on leaving, left with Escape. In a form it is saved with every change,
 * and its keys are those of the form.
 */
export function Input(props: {
  id: string;
  field: Asked;
  value: unknown;
  autoFocus?: boolean;
  wrong?: boolean;
  inForm?: boolean;
  describedBy?: string;
  onSave: (value: unknown) => void;
  onLeave?: () => void;
}) {
  const { t } = useTranslation();
  const { id, field, value, inForm, onSave, onLeave } = props;
  const before = typed(field as CustomField, value);
  const [text, setText] = useState(before);
  const save = () => (text === before ? onLeave?.() : onSave(read(field, text)));
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      setText(before);
      onLeave?.();
    } else if (event.key === "Enter" && (field.type !== "long_text" || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save();
    }
  };
  const write = (next: string) => {
    setText(next);
    if (inForm) onSave(read(field, next));
  };
  if (field.type === "checkbox")
    return <Switch alone label={field.label} checked={value === true} onChange={(on) => onSave(on)} />;
  const open = field.options.filter(
    ({ key, archived }) => !archived || value === key || (Array.isArray(value) && value.includes(key)),
  );
  if (field.type === "select")
    return (
      <Select
        id={id}
        autoFocus={props.autoFocus}
        aria-label={field.label}
        aria-invalid={props.wrong}
        aria-describedby={props.describedBy}
        aria-required={inForm}
        value={typeof value === "string" ? value : ""}
        onBlur={onLeave}
        onKeyDown={(event) => event.key === "Escape" && !inForm && onLeave?.()}
        onChange={(event) => onSave(event.target.value || null)}
      >
        <option value="">{t("fields.noValue")}</option>
        {open.map(({ key, label }) => (
          <option key={key} value={key ?? ""}>
            {label}
          </option>
        ))}
      </Select>
    );
  if (field.type === "multi_select") {
    const chosen = Array.isArray(value) ? (value as string[]) : [];
    return (
      <fieldset
        className="flex flex-col gap-1"
        aria-describedby={props.describedBy}
        onKeyDown={(event) => event.key === "Escape" && !inForm && onLeave?.()}
      >
        <legend className="sr-only">{field.label}</legend>
        {open.map(({ key, label }) => (
          <label key={key} className="flex min-h-8 items-center gap-2 text-sm coarse:min-h-11">
            <input
              type="checkbox"
              checked={chosen.includes(key ?? "")}
              onChange={(event) =>
                onSave(event.target.checked ? [...chosen, key ?? ""] : chosen.filter((one) => one !== key))
              }
            />
            {label}
          </label>
        ))}
      </fieldset>
    );
  }
  const common = {
    id,
    value: text,
    "aria-label": field.label,
    "aria-invalid": props.wrong,
    "aria-describedby": props.describedBy,
    "aria-required": inForm,
    onBlur: inForm ? onLeave : save,
    onKeyDown: inForm ? undefined : keys,
    // The field was opened to type here.
    autoFocus: props.autoFocus,
  };
  if (field.type === "long_text")
    return (
      <textarea
        {...common}
        rows={4}
        dir="auto"
        maxLength={10_000}
        onChange={(event) => write(event.target.value)}
        className={`${inputLook} block resize-y py-2 [field-sizing:content]`}
      />
    );
  return (
    <input
      {...common}
      type={field.type === "date" ? "date" : "text"}
      inputMode={field.type === "number" || field.type === "money" ? "decimal" : undefined}
      dir={field.type === "text" ? "auto" : "ltr"}
      autoComplete="off"
      maxLength={255}
      onChange={(event) => write(event.target.value)}
      className={`${inputLook} ${inputHeight}`}
    />
  );
}
