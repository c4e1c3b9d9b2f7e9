import { clsx } from "clsx";
import { ChevronDown } from "lucide-react";
import { type ReactNode, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { FieldFrame } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";

interface Common {
  label: ReactNode;
  help?: ReactNode;
  error?: string;
  optional?: boolean;
  className?: string;
}

const described = (id: string, { help, error }: Common) => ({
  "aria-invalid": error ? true : undefined,
  "aria-describedby": help || error ? `${id}-say` : undefined,
});

export function TextInput(
  props: Common & {
    value: string;
    onChange: (value: string) => void;
    onBlur?: () => void;
    placeholder?: string;
    maxLength?: number;
    dir?: "auto" | "ltr";
    type?: "text" | "url";
    mono?: boolean;
  },
) {
  const id = useId();
  const { value, onChange, onBlur, placeholder, maxLength = 2000, dir = "auto", type = "text", mono, ...frame } = props;
  return (
    <FieldFrame {...frame} id={id}>
      <input
        id={id}
        type={type}
        dir={dir}
        value={value}
        maxLength={maxLength}
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value)}
        onBlur={onBlur}
        {...described(id, props)}
        className={clsx(inputLook, inputHeight, mono && "font-mono text-[12.5px]!")}
      />
    </FieldFrame>
  );
}

export function AreaInput(
  props: Common & {
    value: string;
    onChange: (value: string) => void;
    rows?: number;
    maxLength?: number;
    placeholder?: string;
  },
) {
  const id = useId();
  const { value, onChange, rows = 3, maxLength = 5000, placeholder, ...frame } = props;
  return (
    <FieldFrame {...frame} id={id}>
      <textarea
        id={id}
        dir="auto"
        rows={rows}
        value={value}
        maxLength={maxLength}
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value)}
        {...described(id, props)}
        className={clsx(inputLook, "min-h-[38px] resize-y py-2")}
      />
    </FieldFrame>
  );
}

/** A number, or nothing. What is being typed stays as it is until it is one. */
export function NumberInput(
  props: Common & {
    value: number | null | undefined;
    onChange: (value: number | undefined) => void;
    min?: number;
    max?: number;
    whole?: boolean;
    unit?: string;
  },
) {
  const id = useId();
  const { value, onChange, min, max, whole, unit, ...frame } = props;
  const [typed, setTyped] = useState(value == null ? "" : String(value));
  useEffect(() => {
    setTyped((old) =>
      Number(old) === value || (old === "" && value == null) ? old : value == null ? "" : String(value),
    );
  }, [value]);
  const { t } = useTranslation();
  const formats = useFormats();
  const [from, to] = [min ?? Number.MIN_SAFE_INTEGER, max ?? Number.MAX_SAFE_INTEGER];
  const wrong = (text: string) => {
    const number = Number(text);
    if (text.trim() === "") return false;
    return !Number.isFinite(number) || (whole && !Number.isInteger(number)) || number < from || number > to;
  };
  const take = (text: string) => {
    setTyped(text);
    if (text.trim() === "") return onChange(undefined);
    // What is no answer is not kept: it stays where it was typed, and says what is wanted.
    if (!wrong(text)) onChange(Number(text));
  };
  const range = { from: formats.count(from), to: formats.count(to) };
  const limits = max === undefined ? (min === undefined ? "any" : "from") : min === undefined ? "to" : "between";
  const error = wrong(typed) ? t(`forms.number.${limits}`, range) : frame.error;
  return (
    <FieldFrame {...frame} error={error} id={id}>
      <span className="relative block">
        <input
          id={id}
          inputMode={whole ? "numeric" : "decimal"}
          dir="ltr"
          value={typed}
          maxLength={20}
          onChange={(event) => take(event.target.value)}
          onBlur={() => !wrong(typed) && setTyped(value == null ? "" : String(value))}
          {...described(id, { ...props, error })}
          className={clsx(inputLook, inputHeight, "num", unit && "pe-12")}
        />
        {unit && (
          <span
            aria-hidden="true"
            className="pointer-events-none absolute inset-y-0 end-3 grid place-items-center text-cap text-muted"
          >
            {unit}
          </span>
        )}
      </span>
    </FieldFrame>
  );
}

export function SelectInput<T extends string>(
  props: Common & {
    value: T;
    onChange: (value: T) => void;
    options: readonly { value: T; label: string }[];
    hideLabel?: boolean;
  },
) {
  const id = useId();
  const { value, onChange, options, hideLabel, ...frame } = props;
  const control = (
    <span className="relative block min-w-0">
      <select
        id={id}
        value={value}
        aria-label={hideLabel && typeof frame.label === "string" ? frame.label : undefined}
        onChange={(event) => onChange(event.target.value as T)}
        {...described(id, props)}
        className={clsx(inputLook, inputHeight, "appearance-none truncate pe-9")}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-0 end-3 my-auto size-4 text-muted"
      />
    </span>
  );
  if (hideLabel) return <span className={clsx("block min-w-0", props.className)}>{control}</span>;
  return (
    <FieldFrame {...frame} id={id}>
      {control}
    </FieldFrame>
  );
}
