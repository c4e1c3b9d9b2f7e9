import { Switch as Base } from "@base-ui/react/switch";
import { type ReactNode, useId } from "react";
import { useLookOnly } from "./read-only";

export function Switch(props: {
  label: ReactNode;
  checked: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
  /** Only the knob is shown; the label is its name. */
  alone?: boolean;
  /** It is kept in this browser only, or not at all: also for whoever only looks. */
  local?: boolean;
}) {
  const id = useId();
  const reason = useLookOnly(!props.local);
  return (
    <span className="flex items-center justify-between gap-3 coarse:min-h-11">
      <label htmlFor={id} className={props.alone ? "sr-only" : "text-sm"}>
        {props.label}
      </label>
      <Base.Root
        id={id}
        checked={props.checked}
        onCheckedChange={props.onChange}
        disabled={props.disabled || reason !== undefined}
        title={reason}
        className="relative h-5 w-[34px] shrink-0 rounded-full bg-control transition-colors duration-160 after:absolute after:-inset-x-1.5 after:-inset-y-3 data-[checked]:bg-accent data-[disabled]:opacity-50"
      >
        <Base.Thumb className="absolute start-0.5 top-0.5 size-4 rounded-full bg-surface transition-transform duration-260 ease-[var(--ease-spring)] data-[checked]:translate-x-3.5 data-[checked]:bg-on-accent rtl:data-[checked]:-translate-x-3.5" />
      </Base.Root>
    </span>
  );
}
