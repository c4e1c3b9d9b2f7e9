import { useTranslation } from "react-i18next";
import { singleKeys, useSingleKeys } from "@/app/keys";
import { Panel } from "@/ui/panel";
import { Switch } from "@/ui/switch";

/** Single keys get in the way of whoever dictates. */
export function Keyboard() {
  const { t } = useTranslation();
  const on = useSingleKeys();
  return (
    <Panel title={t("account.keysTitle")} note={t("account.keysNote")}>
      <Switch label={t("keys.enabled")} checked={on} onChange={(next) => (singleKeys.on = next)} />
      <p className="mt-2 text-cap text-muted">{t("account.keysText")}</p>
    </Panel>
  );
}
