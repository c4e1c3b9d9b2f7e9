import { clsx } from "clsx";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDraft } from "./context";
import { FieldSettings } from "./field-settings";
import { FormWords } from "./form-words";
import { findField, rulesAbout } from "./model";
import { RuleCards } from "./rule-cards";
import { StepSettings } from "./step-settings";

/** What is selected and everything that can be said about it. */
export function Inspector() {
  const { t } = useTranslation();
  const { draft, selected } = useDraft();
  const [tab, setTab] = useState<"field" | "logic">("field");
  const field = selected.kind === "field" ? findField(draft, selected.key) : undefined;
  if (selected.kind === "form")
    return (
      <Body title={t("forms.tab.form")}>
        <FormWords />
      </Body>
    );
  if (!field)
    return (
      <Body title={t("forms.tab.step")}>
        <StepSettings step={selected.step} />
      </Body>
    );
  const rules = rulesAbout(draft, field.key);
  return (
    <>
      <div
        role="tablist"
        aria-label={t("forms.inspector")}
        className="sticky top-0 z-2 flex gap-5 border-line border-b bg-void px-5"
      >
        {(["field", "logic"] as const).map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`inspect-${name}`}
            aria-selected={tab === name}
            aria-controls="inspect-panel"
            tabIndex={tab === name ? 0 : -1}
            onClick={() => setTab(name)}
            onKeyDown={(event) => {
              if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
              const other = name === "field" ? "logic" : "field";
              setTab(other);
              document.getElementById(`inspect-${other}`)?.focus();
            }}
            className={clsx(
              "relative flex h-11 items-center gap-1.5 text-sm",
              tab === name ? "font-[600] text-ink" : "font-[500] text-muted hover:text-ink",
            )}
          >
            {t(`forms.tab.${name}`)}
            {name === "logic" && rules.length > 0 && <span className="num text-muted">{rules.length}</span>}
            {tab === name && (
              <span
                aria-hidden="true"
                className="absolute -bottom-[4.5px] start-1/2 size-2 -translate-x-1/2 rounded-full bg-accent rtl:translate-x-1/2"
              />
            )}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id="inspect-panel"
        aria-labelledby={`inspect-${tab}`}
        className="px-5 pt-4 pb-10"
        data-inspect
      >
        {tab === "field" ? <FieldSettings key={field.key} field={field} /> : <RuleCards about={field.key} />}
      </div>
    </>
  );
}

function Body({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <>
      <h2 className="sticky top-0 z-2 flex h-11 items-center border-line border-b bg-void px-5 text-sm font-[600]">
        {title}
      </h2>
      <div className="px-5 pt-4 pb-10" data-inspect>
        {children}
      </div>
    </>
  );
}
