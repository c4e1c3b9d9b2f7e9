import { useTranslation } from "react-i18next";
import { singleKeys, useShortcutList } from "@/app/keys";
import { Dialog } from "@/ui/dialog";
import { Switch } from "@/ui/switch";
import { closeHelp } from "./help-state";
import { Kbd, modifier } from "@/ui/kbd";

export function Help() {
  const { t } = useTranslation();
  const shortcuts = useShortcutList();
  const all = [{ keys: `${modifier()}K`, label: t("keys.palette") }, ...shortcuts];
  return (
    <Dialog open onClose={closeHelp} title={t("keys.title")}>
      <dl
        // What scrolls is scrolled with the keyboard too.
        tabIndex={0}
        className="max-h-[50dvh] overflow-y-auto rounded-[8px]"
      >
        {all.map(({ keys, label }) => (
          <div key={keys} className="flex items-center justify-between gap-4 border-line border-b py-2 last:border-0">
            <dt className="text-sm text-ink-2">{label}</dt>
            <dd className="flex items-center gap-1.5 text-cap text-muted">
              {keys.split(" ").map((key, index) => (
                <span key={key} className="flex items-center gap-1.5">
                  {index > 0 && keys.startsWith("g") && t("keys.then")}
                  <Kbd>{key === "Escape" ? "Esc" : key.length === 1 ? key.toUpperCase() : key}</Kbd>
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <div className="mt-4 border-line border-t pt-4">
        <Switch local label={t("keys.enabled")} checked={singleKeys.on} onChange={(on) => (singleKeys.on = on)} />
      </div>
    </Dialog>
  );
}
