import { clsx } from "clsx";
import { ChevronDown, X } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { matches } from "@/shell/search";
import { inputHeight, inputLook } from "./input-look";
import { Popover } from "./popover";

export interface Choice {
  value: string;
  label: string;
  icon?: ReactNode;
}

/** A list to choose from; above seven it can be searched. */
export function Choices(props: {
  choices: readonly Choice[];
  value?: string;
  onChoose: (value: string) => void;
  onNew?: (text: string) => void;
  label: string;
}) {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const searchable = props.choices.length > 7 || props.onNew !== undefined;
  const shown = props.choices.filter(({ label }) => matches(label, query));
  const fresh =
    props.onNew &&
    query.trim() &&
    !props.choices.some(({ label }) => label.toLocaleLowerCase() === query.trim().toLocaleLowerCase());
  return (
    <div className="w-60 p-1.5">
      {searchable && (
        <input
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            if (shown[0]) props.onChoose(shown[0].value);
            else if (fresh) props.onNew?.(query.trim());
          }}
          aria-label={props.label}
          placeholder={props.label}
          maxLength={60}
          className={clsx(inputLook, inputHeight, "mb-1.5")}
        />
      )}
      <ul className="max-h-64 overflow-y-auto">
        {shown.map(({ value, label, icon }) => (
          <li key={value}>
            <button
              type="button"
              aria-pressed={value === props.value}
              onClick={() => props.onChoose(value)}
              className="flex min-h-[34px] w-full items-center gap-2 rounded-[8px] px-2.5 text-start text-[13.5px] text-ink-2 hover:bg-hover hover:text-ink aria-pressed:bg-selected aria-pressed:text-ink coarse:min-h-11"
            >
              {icon}
              <span className="min-w-0 truncate">{label}</span>
            </button>
          </li>
        ))}
        {fresh && (
          <li>
            <button
              type="button"
              onClick={() => props.onNew?.(query.trim())}
              className="flex min-h-[34px] w-full items-center rounded-[8px] px-2.5 text-start text-[13.5px] text-accent-text hover:bg-hover coarse:min-h-11"
            >
              {t("action.add")} “{query.trim()}”
            </button>
          </li>
        )}
      </ul>
    </div>
  );
}

/** Dashed when empty, solid when set; set ones carry what they are set to and a way to clear them. */
export function Filter(props: {
  label: string;
  value?: string;
  choices: readonly Choice[];
  onChange: (value: string | undefined) => void;
}) {
  const { value, label, choices } = props;
  const chosen = choices.find((choice) => choice.value === value);
  return (
    <FilterChip label={label} shown={value && (chosen?.label ?? value)} onClear={() => props.onChange(undefined)}>
      {(close) => (
        <Choices
          label={label}
          choices={choices}
          value={value}
          onChoose={(next) => {
            close();
            props.onChange(next === value ? undefined : next);
          }}
        />
      )}
    </FilterChip>
  );
}

/** The same with anything to choose from; `shown` is what it is set to. */
export function FilterChip(props: {
  label: string;
  shown?: string;
  onClear: () => void;
  children: (close: () => void) => ReactNode;
}) {
  const { t } = useTranslation();
  const id = useId();
  const [open, setOpen] = useState(false);
  const { shown, label } = props;
  return (
    <span
      className={clsx(
        "inline-flex h-8 shrink-0 items-center rounded-[8px] border text-sm max-md:h-[46px] coarse:h-[46px]",
        shown
          ? "border-accent-line bg-selected text-ink"
          : "border-line-2 border-dashed text-ink-2 hover:border-control",
      )}
    >
      <Popover
        label={label}
        align="start"
        open={open}
        onOpenChange={setOpen}
        trigger={
          <button
            type="button"
            id={id}
            className="inline-flex h-full items-center gap-1.5 whitespace-nowrap rounded-[8px] px-2.5"
          >
            {label}
            {shown && <b className="max-w-40 truncate font-[570]">{shown}</b>}
            {!shown && <ChevronDown aria-hidden="true" className="size-3.5 text-muted" />}
          </button>
        }
      >
        {props.children(() => setOpen(false))}
      </Popover>
      {shown && (
        <button
          type="button"
          aria-label={`${t("action.clear")}: ${label}`}
          onClick={props.onClear}
          className="grid h-full w-7 place-items-center rounded-[8px] text-muted hover:text-ink max-md:w-11"
        >
          <X aria-hidden="true" className="size-3.5" />
        </button>
      )}
    </span>
  );
}
