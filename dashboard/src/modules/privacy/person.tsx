import { Eraser, FileDown, Scale } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { MenuItem, MenuLine } from "@/ui/menu";
import { AskForData, LegalHold, type Person } from "./ask";
import type { Kind } from "./data";

export type Ask = Kind | "hold";

/** What can be asked about a person's own data, in the menu of his page. */
export function PersonItems({ person, onAsk }: { person: Person; onAsk: (ask: Ask) => void }) {
  const { t } = useTranslation();
  if (!useMay("privacy.requests.write")) return null;
  return (
    <>
      <MenuLine />
      <MenuItem writes icon={<FileDown />} onClick={() => onAsk("export")}>
        {t("privacy.exportPerson")}
      </MenuItem>
      <MenuItem writes icon={<Scale />} onClick={() => onAsk("hold")}>
        {person.hold_reason ? t("privacy.release") : t("privacy.legalHold")}
      </MenuItem>
      <MenuLine />
      <MenuItem danger icon={<Eraser />} onClick={() => onAsk("erasure")}>
        {t("privacy.erasePerson")}
      </MenuItem>
    </>
  );
}

export function PersonDialog(props: { ask: Ask; person: Person; onClose: (erased: boolean) => void }) {
  const { ask, person, onClose } = props;
  if (ask === "hold") return <LegalHold person={person} onClose={() => onClose(false)} />;
  return <AskForData kind={ask} person={person} onClose={onClose} />;
}
