import { clsx } from "clsx";
import { ChevronDown, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Popover } from "@/ui/popover";

/** Dashed when empty, solid when set, with a way to clear it. */
export function ChipFrame(props: { label: string; set: boolean; onClear?: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  const { label, set, onClear } = props;
  return (
    <span
      className={clsx(
        "inline-flex h-8 shrink-0 items-center rounded-[8px] border text-sm max-md:h-[46px] coarse:h-[46px]",
        set ? "border-accent-line bg-selected text-ink" : "border-line-2 border-dashed text-ink-2 hover:border-control",
      )}
    >
      {props.children}
      {set && onClear && (
        <button
          type="button"
          aria-label={`${t("action.clear")}: ${label}`}
          onClick={onClear}
          className="grid h-full w-7 place-items-center rounded-[8px] text-muted hover:text-ink max-md:w-11"
        >
          <X aria-hidden="true" className="size-3.5" />
        </button>
      )}
    </span>
  );
}

/** A condition that opens its editor; a set one says what it is set to, and carries a way to clear it. */
export function FilterChip(props: {
  label: string;
  /** What it is set to. */
  set?: string;
  onClear?: () => void;
  defaultOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: (close: () => void) => ReactNode;
}) {
  const [open, setOpen] = useState(props.defaultOpen ?? false);
  const change = (next: boolean) => {
    setOpen(next);
    props.onOpenChange?.(next);
  };
  const { label, set, onClear } = props;
  return (
    <ChipFrame label={label} set={Boolean(set)} {...(onClear && { onClear })}>
      <Popover
        label={label}
        align="start"
        open={open}
        onOpenChange={change}
        trigger={
          <button
            type="button"
            className="inline-flex h-full items-center gap-1.5 whitespace-nowrap rounded-[8px] px-2.5"
          >
            {label}
            {set ? (
              <b dir="auto" className="max-w-52 truncate font-[570]">
                {set}
              </b>
            ) : (
              <ChevronDown aria-hidden="true" className="size-3.5 text-muted" />
            )}
          </button>
        }
      >
        {props.children(() => change(false))}
      </Popover>
    </ChipFrame>
  );
}
