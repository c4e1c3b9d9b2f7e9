import { clsx } from "clsx";
import { Check, ChevronDown } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { matches } from "@/shell/search";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Popover } from "@/ui/popover";
import { amountTyped, minorTyped } from "../fields/show";
import { type FieldSpec, type Operator, valuesOf } from "./catalogue";
import type { Choice } from "./fields";

const look = clsx(inputLook, inputHeight);

/** With what a field is compared: nothing, one or two values, a number of days, or any number of choices. */
export function Values(props: {
  field: FieldSpec;
  op: Operator;
  values: readonly string[];
  choices: readonly Choice[];
  /** What the whole condition is called. */
  label: string;
  onChange: (values: string[]) => void;
}) {
  const { t } = useTranslation();
  const { field, op, values, label, onChange } = props;
  const wanted = valuesOf(op);
  const put = (at: number, value: string) => {
    const next = [values[0] ?? "", values[1] ?? ""].slice(0, wanted === "two" ? 2 : 1);
    next[at] = value;
    onChange(next);
  };
  if (wanted === "none") return null;
  if (wanted === "many")
    return field.kind === "free" ? (
      <input
        aria-label={t("segments.valuesFor", { field: label })}
        placeholder={t("segments.severalWords")}
        value={values.join(", ")}
        maxLength={300}
        dir="auto"
        onChange={(event) => onChange(event.target.value.split(/,\s*/u))}
        className={clsx(look, "min-w-0 flex-1 basis-40")}
      />
    ) : (
      <Many {...props} />
    );
  if (wanted === "days")
    return (
      <span className="flex items-center gap-2 text-sm">
        <input
          type="number"
          min={0}
          max={36525}
          inputMode="numeric"
          aria-label={t("segments.daysFor", { field: label })}
          value={values[0] ?? ""}
          onChange={(event) => put(0, event.target.value)}
          className={clsx(look, "num w-20!")}
        />
        {t("segments.days", { count: Number(values[0]) || 0 })}
      </span>
    );
  const one = (at: number) => (
    <One
      key={at}
      field={field}
      label={t(at === 0 ? "segments.valuesFor" : "segments.valueTo", { field: label })}
      value={values[at] ?? ""}
      onChange={(value) => put(at, value)}
    />
  );
  return (
    <>
      {one(0)}
      {wanted === "two" && (
        <>
          <span className="text-sm text-muted">{t("segments.and")}</span>
          {one(1)}
        </>
      )}
    </>
  );
}

function One(props: { field: FieldSpec; label: string; value: string; onChange: (value: string) => void }) {
  const { field, value, onChange } = props;
  const { kind, currency } = field;
  // Amounts are typed in main units.
  const [typed, setTyped] = useState(() =>
    kind === "money" && /^-?\d+$/.test(value) ? amountTyped(Number(value), currency ?? "EUR") : value,
  );
  if (kind === "day")
    return (
      <input
        type="date"
        aria-label={props.label}
        value={value}
        max="9998-12-31"
        onChange={(event) => onChange(event.target.value)}
        className={clsx(look, "w-40!")}
      />
    );
  const number = kind === "number" || kind === "money";
  const input = (
    <input
      aria-label={props.label}
      value={kind === "money" ? typed : value}
      inputMode={number ? "decimal" : undefined}
      maxLength={200}
      dir="auto"
      autoComplete="off"
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(
          kind === "money" ? String(minorTyped(event.target.value, currency ?? "EUR") ?? "") : event.target.value,
        );
      }}
      className={clsx(look, number ? "num w-32!" : "min-w-0 flex-1 basis-40")}
    />
  );
  if (kind !== "money" || !currency) return input;
  return (
    <span className="flex items-center gap-2 text-sm text-muted">
      {input}
      <bdi>{currency}</bdi>
    </span>
  );
}

/** Any number of choices; above seven they can be searched. What is gone is named as that. */
function Many(props: {
  values: readonly string[];
  choices: readonly Choice[];
  label: string;
  onChange: (values: string[]) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [query, setQuery] = useState("");
  const { values, choices, label, onChange } = props;
  const gone = values.filter((value) => !choices.some((choice) => choice.value === value));
  const all = [...choices, ...gone.map((value) => ({ value, label: t("segments.gone") }))];
  const labels = values.map((value) => all.find((choice) => choice.value === value)?.label ?? value);
  const said = labels.length === 0 ? t("segments.choose") : formats.list(labels);
  const shown = all.filter((choice) => matches(choice.label, query));
  const toggle = (value: string) =>
    onChange(values.includes(value) ? values.filter((other) => other !== value) : [...values, value]);
  return (
    <Popover
      label={t("segments.valuesFor", { field: label })}
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`${t("segments.valuesFor", { field: label })}: ${said}`}
          className={clsx(look, "flex min-w-0 flex-1 basis-40 items-center justify-between gap-2 text-start")}
        >
          <span className={clsx("min-w-0 truncate", labels.length === 0 && "text-muted")} dir="auto">
            {said}
          </span>
          <ChevronDown aria-hidden="true" className="size-3.5 shrink-0 text-muted" />
        </button>
      }
    >
      <div className="w-64 p-1.5">
        {all.length > 7 && (
          <input
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            aria-label={t("segments.search")}
            placeholder={t("segments.search")}
            maxLength={60}
            className={clsx(look, "mb-1.5")}
          />
        )}
        <ul className="max-h-64 overflow-y-auto">
          {shown.map((choice) => (
            <li key={choice.value}>
              <button
                type="button"
                aria-pressed={values.includes(choice.value)}
                onClick={() => toggle(choice.value)}
                className="group flex min-h-[34px] w-full items-center gap-2 rounded-[8px] px-2.5 text-start text-[13.5px] text-ink-2 hover:bg-hover hover:text-ink aria-pressed:text-ink coarse:min-h-11"
              >
                <span dir="auto" className="min-w-0 flex-1 truncate">
                  {choice.label}
                </span>
                <Check aria-hidden="true" className="hidden size-4 text-accent-text group-aria-pressed:block" />
              </button>
            </li>
          ))}
          {shown.length === 0 && <li className="px-2.5 py-2 text-sm text-muted">{t("segments.nothing")}</li>}
        </ul>
      </div>
    </Popover>
  );
}
