import type { ReactNode } from "react";

/** A key, as it looks on a keyboard. */
export function Kbd({ children, className = "" }: { children: ReactNode; className?: string }) {
  return (
    <kbd
      className={`inline-block min-w-[19px] rounded-[5px] border border-line-2 bg-raised px-[5px] py-[3px] text-center text-muted ${className}`}
    >
      {children}
    </kbd>
  );
}

export const modifier = (): string => (/Mac|iP(hone|ad)/.test(navigator.userAgent) ? "⌘" : "Ctrl ");
