import { clsx } from "clsx";
import { ChevronDown } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { FieldFrame } from "./field";
import { type Choice, Choices } from "./filter";
import { inputHeight, inputLook } from "./input-look";
import { Popover } from "./popover";

/** One of many, found by typing; `–` empties it. What is chosen stays even when the list does not know it. */
export function PickField(props: {
  label: string;
  value: string;
  choices: readonly Choice[];
  onChange: (value: string) => void;
  error?: string;
  help?: ReactNode;
}) {
  const { label, value, choices, error, help } = props;
  const id = useId();
  const [open, setOpen] = useState(false);
  const shown = choices.find((choice) => choice.value === value)?.label ?? value;
  return (
    <FieldFrame id={id} label={label} optional error={error} help={help}>
      <Popover
        label={label}
        align="start"
        open={open}
        onOpenChange={setOpen}
        trigger={
          <button
            type="button"
            id={id}
            aria-label={`${label}: ${shown || "–"}`}
            aria-describedby={error || help ? `${id}-say` : undefined}
            className={clsx(
              inputLook,
              inputHeight,
              "flex items-center justify-between gap-2 text-start",
              error && "border-danger",
            )}
          >
            <bdi className={clsx("min-w-0 truncate", !shown && "text-muted")}>{shown || "–"}</bdi>
            <ChevronDown aria-hidden="true" className="size-4 shrink-0 text-muted" />
          </button>
        }
      >
        <Choices
          label={label}
          value={value}
          choices={[{ value: "", label: "–" }, ...choices]}
          onChoose={(next) => {
            setOpen(false);
            props.onChange(next);
          }}
        />
      </Popover>
    </FieldFrame>
  );
}
