import { clsx } from "clsx";
import { ChevronDown, CircleAlert, Eye, EyeOff } from "lucide-react";
import { type ComponentProps, type ReactNode, useId, useState } from "react";
import { type FieldValues, type Path, type UseFormReturn, useFormState } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { sayProblem } from "@/i18n/problems";
import { inputHeight, inputLook } from "./input-look";

interface FrameProps {
  label: ReactNode;
  /** At the end of the label: a link, a counter. */
  beside?: ReactNode;
  help?: ReactNode;
  error?: string;
  optional?: boolean;
  id: string;
  children: ReactNode;
  className?: string;
}

/** Label above, help under; an error takes the place of the help and says what to do. */
export function FieldFrame({ label, beside, help, error, optional, id, children, className }: FrameProps) {
  const { t } = useTranslation();
  return (
    <div className={className}>
      <div className="mb-1.5 flex items-baseline justify-between gap-3 text-[12.5px]">
        <label htmlFor={id} className="font-[560] text-ink-2">
          {label}
          {optional && <span className="font-[420] text-muted"> {t("field.optional")}</span>}
        </label>
        {beside}
      </div>
      {children}
      {error ? (
        <p id={`${id}-say`} className="mt-[5px] flex items-start gap-[5px] text-cap text-danger-text">
          <CircleAlert aria-hidden="true" className="mt-[2px] size-[13px] shrink-0" />
          {error}
        </p>
      ) : (
        help && (
          <p id={`${id}-say`} className="mt-[5px] text-cap text-muted">
            {help}
          </p>
        )
      )}
    </div>
  );
}

export interface TextFieldProps<V extends FieldValues> extends Omit<ComponentProps<"input">, "form" | "name"> {
  form: UseFormReturn<V>;
  name: Path<V>;
  label: ReactNode;
  beside?: ReactNode;
  help?: ReactNode;
  optional?: boolean;
  tall?: boolean;
  frameClass?: string;
}

export function TextField<V extends FieldValues>(props: TextFieldProps<V>) {
  const { form, name, label, beside, help, optional, tall, frameClass, className, type, ...rest } = props;
  const { t } = useTranslation();
  const id = useId();
  const [shown, setShown] = useState(false);
  const { errors } = useFormState({ control: form.control, name });
  const message = form.getFieldState(name).error?.message ?? errorAt(errors, name);
  const error = message && sayProblem(message);
  const secret = type === "password";
  const control = (
    <input
      {...rest}
      {...form.register(name)}
      id={id}
      type={secret && shown ? "text" : type}
      aria-invalid={error ? true : undefined}
      aria-describedby={error || help ? `${id}-say` : undefined}
      aria-required={optional ? undefined : true}
      className={clsx(
        inputLook,
        tall ? "h-[46px] text-[15px] max-md:h-[50px]" : inputHeight,
        secret && "pe-11",
        className,
      )}
    />
  );
  return (
    <FieldFrame {...{ label, beside, help, error, optional, id }} className={frameClass}>
      {secret ? (
        <div className="relative">
          {control}
          <button
            type="button"
            aria-label={shown ? t("field.hidePassword") : t("field.showPassword")}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
            className="absolute inset-y-0 end-0 grid w-11 place-items-center text-muted hover:text-ink [&_svg]:size-4"
          >
            {shown ? <EyeOff /> : <Eye />}
          </button>
        </div>
      ) : (
        control
      )}
    </FieldFrame>
  );
}

function errorAt(errors: Record<string, unknown>, name: string): string | undefined {
  let at: unknown = errors;
  for (const step of name.split(".")) at = (at as Record<string, unknown> | undefined)?.[step];
  return (at as { message?: string } | undefined)?.message;
}

/** The browser's own list of choices, in our clothes. */
export function SelectField<V extends FieldValues>(props: {
  form: UseFormReturn<V>;
  name: Path<V>;
  label: ReactNode;
  help?: ReactNode;
  optional?: boolean;
  frameClass?: string;
  children: ReactNode;
}) {
  const { form, name, label, help, optional, frameClass, children } = props;
  const id = useId();
  const { errors } = useFormState({ control: form.control, name });
  const message = errorAt(errors, name);
  const error = message && sayProblem(message);
  return (
    <FieldFrame {...{ label, help, error, optional, id }} className={frameClass}>
      <Select
        {...form.register(name)}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || help ? `${id}-say` : undefined}
      >
        {children}
      </Select>
    </FieldFrame>
  );
}

export function Select({ className, children, ...rest }: ComponentProps<"select">) {
  return (
    <span className="relative block">
      <select {...rest} className={clsx(inputLook, inputHeight, "appearance-none pe-9", className)}>
        {children}
      </select>
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-0 end-3 my-auto size-4 text-muted"
      />
    </span>
  );
}
