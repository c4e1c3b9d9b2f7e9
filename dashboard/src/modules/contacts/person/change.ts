import { useTranslation } from "react-i18next";
import { say, sayError } from "@/ui/toast";
import { useContactPatch } from "../changes";
import type { Contact, Patch } from "../data";

/** A change that shows at once, says what it did and can be taken back. */
export function useChange(contact: Contact) {
  const { t } = useTranslation();
  const fail = (error: Error & { status?: number }) =>
    sayError(t("error.notSaved"), error.status === 412 ? t("error.changedElsewhere") : error.message);
  const { mutate } = useContactPatch(contact.id, fail);
  return (patch: Patch, back: Patch, said: string) =>
    mutate(patch, { onSuccess: () => say(said, { undo: () => mutate(back) }) });
}
