import { SunMoon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { crossTerminator, type Theme } from "./terminator";

export interface TerminatorProps {
  /** What is shown now. */
  theme: Theme;
  /** Shows the other one, on the document and at once, and remembers it. */
  onChange: (next: Theme) => void;
  className?: string;
}

/** The switch of day and night. */
export function Terminator({ theme, onChange, className }: TerminatorProps) {
  const { t } = useTranslation("translation", { keyPrefix: "sky" });
  const next = theme === "dark" ? "light" : "dark";
  const name = t(next === "light" ? "theme.toDay" : "theme.toNight");
  return (
    <button
      type="button"
      className={className}
      aria-label={name}
      title={name}
      onClick={(event) => crossTerminator(() => onChange(next), event.currentTarget)}
    >
      <SunMoon size={18} strokeWidth={1.75} aria-hidden="true" />
    </button>
  );
}
