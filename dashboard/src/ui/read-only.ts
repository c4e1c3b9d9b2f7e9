import type { MouseEvent, SyntheticEvent } from "react";
import { useTranslation } from "react-i18next";
import { useReadOnly } from "@/app/visit";

/** Why a control that changes something is switched off, for whoever only looks at a client's workspace. */
export function useLookOnly(writes: boolean): string | undefined {
  const { t } = useTranslation();
  return useReadOnly() && writes ? t("error.lookOnly") : undefined;
}

const stop = (event: SyntheticEvent) => event.preventDefault();

/**
 * What a refused control carries: it keeps its place and the focus, so that its reason can be read; nothing happens when
 * it is pressed, whatever was meant to listen.
 */
export const refused = (reason: string) => ({
  "aria-disabled": true as const,
  title: reason,
  onClick: (event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
  },
  onMouseDown: stop,
  onPointerDown: undefined,
  onKeyDown: undefined,
  onKeyUp: undefined,
});
