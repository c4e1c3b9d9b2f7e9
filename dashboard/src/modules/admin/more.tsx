import { useTranslation } from "react-i18next";
import { PlaceSheet, SheetGroup, SheetLink } from "@/shell/place-sheet";
import { GROUPS, PLACES } from "./places";

/** On phones, every place of the administration. */
export function More({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <PlaceSheet open={open} onClose={onClose} lead={t("admin.platform")}>
      {GROUPS.map((name) => (
        <SheetGroup key={name ?? "top"} title={name && t(`admin.${name}`)}>
          {PLACES.filter(({ group }) => group === name).map(({ to, label, icon }) => (
            <SheetLink
              key={to}
              to={to}
              exact={to === "/admin"}
              icon={icon}
              name={t(`admin.nav.${label}`)}
              onClose={onClose}
            />
          ))}
        </SheetGroup>
      ))}
    </PlaceSheet>
  );
}
