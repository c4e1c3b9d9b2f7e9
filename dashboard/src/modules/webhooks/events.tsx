import { useTranslation } from "react-i18next";
import { Checkbox } from "@/ui/checkbox";
import { Switch } from "@/ui/switch";
import { families, hears, kindsOf, others, turned } from "./kinds";

type Key = "contact_created";

/** Which events are told, family by family. */
export function Events(props: { kinds: readonly string[]; onChange: (kinds: string[]) => void; error?: string }) {
  const { t } = useTranslation();
  const { kinds, onChange, error } = props;
  const all = kinds.includes("*");
  const name = (kind: string) => t(`webhooks.kinds.${kind.replace(".", "_") as Key}`);
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("webhooks.events")}</legend>
      <Switch label={t("webhooks.everything")} checked={all} onChange={(on) => onChange(on ? ["*"] : [])} />
      {!all && (
        <div className="mt-2 max-h-[300px] divide-y divide-line overflow-y-auto rounded-[12px] border border-line">
          {families.map((family) => {
            const own = kindsOf(family);
            const on = own.filter((kind) => hears(kinds, kind)).length;
            return (
              <section key={family} aria-label={t(`webhooks.families.${family}`)} className="px-3.5 py-2.5">
                <div className="flex items-center gap-2.5">
                  <Checkbox
                    label={t("webhooks.allOf", { family: t(`webhooks.families.${family}`) })}
                    checked={on === own.length}
                    some={on > 0}
                    onChange={(checked) => onChange(turned(kinds, own, checked))}
                  />
                  <b className="text-[13.5px] font-[590]">{t(`webhooks.families.${family}`)}</b>
                </div>
                <ul className="mt-1.5 grid grid-cols-2 gap-x-3 gap-y-1.5 ps-[27px] max-sm:grid-cols-1">
                  {own.map((kind) => (
                    <li key={kind} className="flex items-center gap-2.5 text-[12.5px] text-ink-2" title={kind}>
                      <Checkbox
                        label={name(kind)}
                        checked={hears(kinds, kind)}
                        onChange={(checked) => onChange(turned(kinds, [kind], checked))}
                      />
                      <span aria-hidden="true">{name(kind)}</span>
                    </li>
                  ))}
                </ul>
              </section>
            );
          })}
        </div>
      )}
      {others(kinds).length > 0 && (
        <p className="mt-1.5 text-cap text-muted">
          {t("webhooks.also")} <code dir="ltr">{others(kinds).join(", ")}</code>
        </p>
      )}
      {!error && kinds.length === 0 && <p className="mt-[5px] text-cap text-muted">{t("webhooks.noEvents")}</p>}
      {error && (
        <p role="alert" className="mt-[5px] text-cap text-danger-text">
          {error}
        </p>
      )}
    </fieldset>
  );
}
