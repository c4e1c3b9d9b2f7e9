import { clsx } from "clsx";
import { Check, ChevronDown } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { matches } from "@/shell/search";
import { FieldFrame } from "@/ui/field";
import type { Choice } from "@/ui/filter";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Popover } from "@/ui/popover";

/** Any number of choices; above seven they can be searched. What the list does not know stays, under its own name. */
export function ManyField(props: {
  label: string;
  values: readonly string[];
  choices: readonly Choice[];
  onChange: (values: string[]) => void;
  error?: string | undefined;
  /** What is said when nothing is chosen; everybody when absent. */
  none?: string | undefined;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const id = useId();
  const [query, setQuery] = useState("");
  const { label, values, choices, error, onChange } = props;
  const unknown = values.filter((value) => !choices.some((choice) => choice.value === value));
  const all = [...choices, ...unknown.map((value) => ({ value, label: value }))];
  const names = values.map((value) => all.find((choice) => choice.value === value)?.label ?? value);
  const said = names.length === 0 ? (props.none ?? t("occasions.everybody")) : formats.list(names);
  const toggle = (value: string) =>
    onChange(values.includes(value) ? values.filter((other) => other !== value) : [...values, value]);
  return (
    <FieldFrame id={id} label={label} optional error={error}>
      <Popover
        label={label}
        align="start"
        trigger={
          <button
            type="button"
            id={id}
            aria-label={`${label}: ${said}`}
            aria-describedby={error ? `${id}-say` : undefined}
            className={clsx(
              inputLook,
              inputHeight,
              "flex items-center justify-between gap-2 text-start",
              error && "border-danger",
            )}
          >
            <bdi className={clsx("min-w-0 truncate", names.length === 0 && "text-muted")}>{said}</bdi>
            <ChevronDown aria-hidden="true" className="size-4 shrink-0 text-muted" />
          </button>
        }
      >
        <div className="w-64 p-1.5">
          {all.length > 7 && (
            <input
              value={query}
              onChange={(event) => setQuery(event.target.value)}
              aria-label={t("occasions.search")}
              placeholder={t("occasions.search")}
              maxLength={60}
              className={clsx(inputLook, inputHeight, "mb-1.5")}
            />
          )}
          <ul className="max-h-64 overflow-y-auto">
            {all
              .filter((choice) => matches(choice.label, query))
              .map((choice) => (
                <li key={choice.value}>
                  <button
                    type="button"
                    aria-pressed={values.includes(choice.value)}
                    onClick={() => toggle(choice.value)}
                    className="group flex min-h-[34px] w-full items-center gap-2 rounded-[8px] px-2.5 text-start text-[13.5px] text-ink-2 hover:bg-hover hover:text-ink aria-pressed:text-ink coarse:min-h-11"
                  >
                    <bdi className="min-w-0 flex-1 truncate">{choice.label}</bdi>
                    <Check aria-hidden="true" className="hidden size-4 text-accent-text group-aria-pressed:block" />
                  </button>
                </li>
              ))}
            {all.length === 0 && <li className="px-2.5 py-2 text-sm text-muted">{t("occasions.noneToChoose")}</li>}
          </ul>
        </div>
      </Popover>
    </FieldFrame>
  );
}
