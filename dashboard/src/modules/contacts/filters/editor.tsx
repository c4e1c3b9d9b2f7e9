import { clsx } from "clsx";
import { Check } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { matches } from "@/shell/search";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import type { Choice } from "@/ui/filter";
import { type Asked, type ConditionOf, condition, isListed, type Saying, sayingOf, valuesOf } from "./model";
import { DayInput } from "./day-input";
import { dayOf, isMoving, momentOf } from "./days";

/** What is said about a field, and the values it is said with. Choices work at once, typed words with Enter. */
export function Editor<F extends Asked>(props: {
  field: F;
  label: string;
  now?: ConditionOf<F["name"]>;
  choices: readonly Choice[];
  zone: string | undefined;
  onPut: (next: ConditionOf<F["name"]> | undefined) => void;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const { field, label, now, choices, zone, onPut } = props;
  const [saying, setSaying] = useState<Saying>(now ? sayingOf(now) : (field.sayings[0] as Saying));
  const [values, setValues] = useState<string[]>(now && now.op !== "empty" ? valuesOf(now) : []);
  const bare = saying === "empty" || saying === "filled";
  const listed = isListed(field);
  const dayIn = (value: string) => (field.kind === "day" && value && !isMoving(value) ? dayOf(value, zone) : value);
  const say = (next: Saying) => {
    setSaying(next);
    const made = condition(field.name, next, values);
    if (made) onPut(made);
  };
  const choose = (value: string) => {
    const many = saying === "is";
    const next = many
      ? values.includes(value)
        ? values.filter((other) => other !== value)
        : [...values, value]
      : [value];
    setValues(next);
    onPut(condition(field.name, saying, next));
    if (!many) props.onDone();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const made = condition(field.name, saying, values);
    if (!made && !bare) return;
    onPut(made);
    props.onDone();
  };
  return (
    <form onSubmit={submit} className="flex w-64 flex-col gap-2 p-2.5">
      {field.sayings.length > 1 && (
        <Select
          aria-label={t("contacts.filterHow", { field: label })}
          value={saying}
          onChange={(event) => say(event.target.value as Saying)}
        >
          {field.sayings.map((each) => (
            <option key={each} value={each}>
              {t(`contacts.saying.${each}`)}
            </option>
          ))}
        </Select>
      )}
      {!bare && listed && <Several label={label} choices={choices} values={values} onChoose={choose} />}
      {!bare && field.kind === "text" && (
        <input
          // biome-ignore lint/a11y/noAutofocus: the popover was opened to type here
          autoFocus
          aria-label={label}
          value={values[0] ?? ""}
          maxLength={200}
          dir="auto"
          onChange={(event) => setValues([event.target.value])}
          className={clsx(inputLook, inputHeight)}
        />
      )}
      {field.kind === "number" && (
        <input
          // biome-ignore lint/a11y/noAutofocus: the popover was opened to type here
          autoFocus
          type="number"
          min={0}
          max={100}
          inputMode="numeric"
          aria-label={label}
          value={values[0] ?? ""}
          onChange={(event) => setValues([event.target.value])}
          className={clsx(inputLook, inputHeight, "num")}
        />
      )}
      {!bare && (field.kind === "day" || field.kind === "date") && (
        <DayInput
          label={label}
          value={dayIn(values[0] ?? "")}
          onChange={(day) => setValues(day ? [field.kind === "date" || isMoving(day) ? day : momentOf(day, zone)] : [])}
        />
      )}
      {!listed && (
        <Button type="submit" writes={false} look="primary" size="small" disabled={!bare && !values[0]?.trim()}>
          {t("contacts.filterApply")}
        </Button>
      )}
    </form>
  );
}

/** Any number of choices; above seven they can be searched. */
function Several(props: {
  label: string;
  choices: readonly Choice[];
  values: readonly string[];
  onChoose: (value: string) => void;
}) {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const shown = props.choices.filter(({ label }) => matches(label, query));
  return (
    <>
      {props.choices.length > 7 && (
        <input
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            if (shown[0]) props.onChoose(shown[0].value);
          }}
          aria-label={props.label}
          placeholder={props.label}
          maxLength={60}
          className={clsx(inputLook, inputHeight)}
        />
      )}
      <ul className="-mx-1 max-h-64 overflow-y-auto">
        {shown.map(({ value, label }) => (
          <li key={value}>
            <button
              type="button"
              aria-pressed={props.values.includes(value)}
              onClick={() => props.onChoose(value)}
              className="group flex min-h-[34px] w-full items-center gap-2 rounded-[8px] px-2.5 text-start text-[13.5px] text-ink-2 hover:bg-hover hover:text-ink aria-pressed:text-ink coarse:min-h-11"
            >
              <span dir="auto" className="min-w-0 flex-1 truncate">
                {label}
              </span>
              <Check aria-hidden="true" className="hidden size-4 text-accent-text group-aria-pressed:block" />
            </button>
          </li>
        ))}
        {shown.length === 0 && <li className="px-2.5 py-2 text-sm text-muted">{t("contacts.noChoice")}</li>}
      </ul>
    </>
  );
}
