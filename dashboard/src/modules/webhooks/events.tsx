import i18next from "i18next";
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { matches } from "@/shell/search";
import { Checkbox } from "@/ui/checkbox";
import { SearchBox } from "@/ui/search-box";
import { Switch } from "@/ui/switch";
import { type Family, families, hears, kindsOf, nameOf, others, turned } from "./kinds";

interface Props {
  kinds: readonly string[];
  onChange: (kinds: string[]) => void;
}

/** Which events are told: everything, or some, family by family. */
export function Events({ kinds, onChange, error }: Props & { error?: string }) {
  const { t } = useTranslation();
  const [q, setQ] = useState("");
  const all = kinds.includes("*");
  const found = families
    .map((family) => {
      const title = t(`webhooks.families.${family}`);
      const whole = matches(`${title} ${family}`, q);
      const shown = kindsOf(family).filter((kind) => whole || matches(`${title} ${nameOf(kind, i18next)} ${kind}`, q));
      return { family, shown };
    })
    .filter(({ shown }) => shown.length > 0);
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("webhooks.events")}</legend>
      <Switch label={t("webhooks.everything")} checked={all} onChange={(on) => onChange(on ? ["*"] : [])} />
      {!all && (
        <>
          <SearchBox label={t("webhooks.searchEvents")} value={q} onChange={setQ} className="mt-2 block w-full" />
          <div className="mt-2 h-[300px] divide-y divide-line overflow-y-auto rounded-[12px] border border-line">
            {found.map(({ family, shown }) => (
              <Kinds
                key={`${family} ${q}`}
                family={family}
                shown={shown}
                unfolded={q !== ""}
                kinds={kinds}
                onChange={onChange}
              />
            ))}
            {found.length === 0 && (
              <p role="status" className="px-3.5 py-2.5 text-sm text-muted">
                {t("state.noneTitle")}
              </p>
            )}
          </div>
        </>
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

/** A family in one line; its kinds unfold where only some of them are wanted. */
function Kinds({
  family,
  shown,
  unfolded,
  kinds,
  onChange,
}: Props & { family: Family; shown: string[]; unfolded: boolean }) {
  const { t } = useTranslation();
  const own = kindsOf(family);
  const on = own.filter((kind) => hears(kinds, kind)).length;
  const [open, setOpen] = useState(unfolded || (on > 0 && on < own.length));
  const title = t(`webhooks.families.${family}`);
  return (
    <section aria-label={title} className="px-3.5 py-1.5">
      <div className="flex min-h-8 items-center gap-2.5 coarse:min-h-11">
        <Checkbox
          label={t("webhooks.allOf", { family: title })}
          checked={on === own.length}
          some={on > 0}
          onChange={(checked) => onChange(turned(kinds, own, checked))}
        />
        <b className="min-w-0 truncate text-[13.5px] font-[590]">{title}</b>
        <span className="num ms-auto text-cap text-muted">{t("webhooks.someOf", { on, all: own.length })}</span>
        <button
          type="button"
          aria-expanded={open}
          aria-label={t("webhooks.single", { family: title })}
          onClick={() => setOpen(!open)}
          className="group -me-2 grid size-8 shrink-0 place-items-center rounded-control text-muted hover:bg-hover hover:text-ink coarse:size-11"
        >
          <ChevronDown aria-hidden="true" className="size-4 group-aria-expanded:rotate-180" />
        </button>
      </div>
      {open && (
        <ul className="grid grid-cols-2 gap-x-3 gap-y-1.5 ps-[27px] pb-1.5 max-sm:grid-cols-1">
          {shown.map((kind) => (
            <li key={kind} className="flex items-center gap-2.5 text-[12.5px] text-ink-2 coarse:min-h-11" title={kind}>
              <Checkbox
                label={nameOf(kind, i18next)}
                checked={hears(kinds, kind)}
                onChange={(checked) => onChange(turned(kinds, [kind], checked))}
              />
              <span aria-hidden="true">{nameOf(kind, i18next)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
