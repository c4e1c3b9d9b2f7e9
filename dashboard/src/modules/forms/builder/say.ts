import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Say } from "./sentences";

/** Phrases of rules in the reader's language. */
export function useSay(): Say {
  const { t } = useTranslation();
  return useMemo<Say>(
    () => (phrase, holes) => String(t(`forms.say_rule.${phrase}` as "forms.say_rule.rule", holes as never)),
    [t],
  );
}
