import { type ReactNode, useRef } from "react";
import { useFormats } from "@/i18n/format";
import { useScrolledTo } from "./scrolled";

/** Views of the same data, side by side. */
export function Segments<T extends string>(props: {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: ReactNode; count?: number; tone?: "warning" }[];
}) {
  const formats = useFormats();
  const row = useRef<HTMLFieldSetElement>(null);
  useScrolledTo(row, "[aria-pressed=true]", props.value);
  return (
    <fieldset
      ref={row}
      className="inline-flex w-fit max-w-full shrink-0 overflow-x-auto rounded-control border border-line bg-sunken p-0.5 [scrollbar-width:none]"
    >
      <legend className="sr-only">{props.label}</legend>
      {props.options.map(({ value, label, count, tone }) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === props.value}
          onClick={() => props.onChange(value)}
          className="inline-flex h-[30px] items-center gap-1.5 whitespace-nowrap rounded-[8px] px-[11px] text-sm font-[520] text-muted hover:text-ink aria-pressed:bg-raised aria-pressed:font-[580] aria-pressed:text-ink aria-pressed:shadow-1 max-md:h-11 coarse:h-11"
        >
          {label}
          {count !== undefined && count > 0 && (
            <span className={tone === "warning" ? "text-warning-text" : "text-muted"}>{formats.count(count)}</span>
          )}
        </button>
      ))}
    </fieldset>
  );
}
