import { clsx } from "clsx";
import type { ReactNode } from "react";

export type Tone = "neutral" | "accent" | "success" | "warning" | "danger" | "sun";
const TONE: Record<Tone, string> = {
  neutral: "border-line bg-sunken text-ink-2 [&_svg]:text-muted",
  accent: "border-transparent bg-accent-soft text-accent-text",
  success: "border-transparent bg-success-soft text-success-text",
  warning: "border-transparent bg-warning-soft text-warning-text",
  danger: "border-transparent bg-danger-soft text-danger-text",
  sun: "border-transparent bg-sun-soft text-sun-text",
};

/** A short fact. Colour confirms what the word or the icon says. */
export function Chip({ tone = "neutral", shrinks, children }: { tone?: Tone; shrinks?: boolean; children: ReactNode }) {
  return (
    <span
      className={clsx(
        "inline-flex h-[22px] max-w-full items-center gap-[5px] whitespace-nowrap rounded-chip border px-2 text-cap font-[520] [&_svg]:size-[13px] [&_svg]:shrink-0",
        TONE[tone],
        shrinks ? "min-w-9" : "shrink-0",
      )}
    >
      {shrinks ? <bdi className="truncate">{children}</bdi> : children}
    </span>
  );
}
