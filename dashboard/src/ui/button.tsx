import { clsx } from "clsx";
import type { ComponentProps, ReactNode } from "react";
import { refused, useLookOnly } from "./read-only";

type Look = "primary" | "secondary" | "ghost" | "danger" | "sun";
type Size = "small" | "normal" | "large";

const LOOK: Record<Look, string> = {
  primary:
    "border-transparent bg-accent text-on-accent font-[620] shadow-lit hover:bg-accent-hover hover:shadow-lit-glow",
  secondary: "border-line-2 bg-raised text-ink shadow-rim hover:border-control hover:bg-hover [&_svg]:text-muted",
  ghost: "border-transparent text-ink-2 hover:bg-hover hover:text-ink [&_svg]:text-muted",
  danger: "border-transparent bg-danger text-on-danger font-[620]",
  sun: "border-transparent bg-sun text-on-sun font-[620]",
};
const SIZE: Record<Size, string> = {
  small: "h-[30px] gap-1.5 rounded-[8px] px-2.5 text-[12.5px] max-md:h-11 coarse:h-11",
  normal: "h-9 gap-[7px] rounded-control px-[13px] text-[13.5px] compact:h-8 max-md:h-11 coarse:h-11",
  large: "h-[46px] gap-2 rounded-control px-[18px] text-[14.5px] max-md:h-[50px]",
};

export const buttonLook = (look: Look = "secondary", size: Size = "normal") =>
  clsx(
    "inline-flex select-none items-center justify-center whitespace-nowrap border font-[570] no-underline transition-[background-color,border-color,box-shadow] duration-160",
    "disabled:cursor-not-allowed disabled:border-line disabled:bg-transparent disabled:text-faint disabled:shadow-none",
    "aria-disabled:cursor-not-allowed! aria-disabled:border-line! aria-disabled:bg-transparent! aria-disabled:text-faint! aria-disabled:shadow-none! aria-disabled:[&_svg]:text-faint!",
    "[&_svg]:size-4 [&_svg]:shrink-0",
    LOOK[look],
    SIZE[size],
  );

export interface ButtonProps extends ComponentProps<"button"> {
  look?: Look;
  size?: Size;
  /** A 14 px ring takes the place of the icon; the label stays, and so does the width. */
  busy?: boolean;
  icon?: ReactNode;
  /**
   * Whether it changes something on the server: off for whoever only looks. What sends a form and what stands out does,
   * unless it is said otherwise; of quieter ones it has to be said.
   */
  writes?: boolean;
}

export function Button({ look, size, busy, icon, className, children, disabled, type, writes, ...rest }: ButtonProps) {
  const reason = useLookOnly(writes ?? (type === "submit" || look === "primary" || look === "danger"));
  return (
    <button
      {...rest}
      // A submit must be asked for.
      type={type ?? "button"}
      disabled={disabled}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
      {...(reason && refused(reason))}
      className={clsx(buttonLook(look, size), className)}
    >
      {busy ? <Ring /> : icon}
      {children}
    </button>
  );
}

export function Ring({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 14 14"
      aria-hidden="true"
      className={clsx("size-3.5! animate-[spin_.8s_linear_infinite]", className)}
    >
      <circle cx="7" cy="7" r="5.75" fill="none" stroke="currentColor" strokeWidth="1.5" opacity=".3" />
      <path d="M7 1.25A5.75 5.75 0 0 1 12.75 7" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}

/** An icon alone: it needs a name. A small one is as large as the others where fingers are meant. */
export function IconButton({
  label,
  small,
  className,
  children,
  type,
  writes = false,
  ...rest
}: ComponentProps<"button"> & { label: string; small?: boolean; writes?: boolean }) {
  const reason = useLookOnly(writes);
  return (
    <button
      {...rest}
      type={type ?? "button"}
      aria-label={label}
      title={rest.title ?? label}
      {...(reason && refused(reason))}
      className={clsx(
        "relative grid shrink-0 place-items-center rounded-control text-ink-2 hover:bg-hover hover:text-ink max-md:size-11 coarse:size-11",
        small ? "size-8 [&_svg]:size-4" : "size-9 [&_svg]:size-[18px]",
        "disabled:cursor-not-allowed disabled:text-faint disabled:hover:bg-transparent aria-disabled:cursor-not-allowed! aria-disabled:text-faint! aria-disabled:hover:bg-transparent! [&_svg]:stroke-[1.75]",
        className,
      )}
    >
      {children}
    </button>
  );
}
