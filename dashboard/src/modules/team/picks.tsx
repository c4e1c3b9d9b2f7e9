import type { ReactNode } from "react";
import type { FieldValues, Path, PathValue, UseFormReturn } from "react-hook-form";
import { useFormState } from "react-hook-form";
import { sayProblem } from "@/i18n/problems";

/** Several of a few: each with what it is for. */
export function Picks<V extends FieldValues>(props: {
  form: UseFormReturn<V>;
  name: Path<V>;
  label: string;
  choices: readonly { value: string; label: string; note?: ReactNode }[];
}) {
  const { form, name, label, choices } = props;
  const { errors } = useFormState({ control: form.control, name });
  const error = (errors as Record<string, { message?: string } | undefined>)[name]?.message;
  const chosen = form.watch(name) as string[];
  const toggle = (value: string, on: boolean) =>
    form.setValue(name, (on ? [...chosen, value] : chosen.filter((one) => one !== value)) as PathValue<V, Path<V>>, {
      shouldDirty: true,
      shouldTouch: true,
      shouldValidate: true,
    });
  return (
    <fieldset>
      <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{label}</legend>
      <div className="max-h-56 divide-y divide-line overflow-y-auto rounded-[12px] border border-line">
        {choices.map(({ value, label: text, note }) => (
          <label key={value} className="flex min-h-11 cursor-pointer items-start gap-2.5 px-3 py-2 hover:bg-hover">
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={(event) => toggle(value, event.target.checked)}
              className="mt-[3px]"
            />
            <span className="min-w-0">
              <span className="block text-[13.5px] font-[540] break-words">{text}</span>
              {note && <span className="block text-[12.5px] leading-[1.35] text-muted">{note}</span>}
            </span>
          </label>
        ))}
      </div>
      {error && (
        <p role="alert" className="mt-[5px] text-cap text-danger-text">
          {sayProblem(error)}
        </p>
      )}
    </fieldset>
  );
}
