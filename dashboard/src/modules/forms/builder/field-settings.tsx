import { Eye } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { Switch } from "@/ui/switch";
import { useDraft } from "./context";
import { AreaInput, NumberInput, SelectInput, TextInput } from "./inputs";
import { freshOptions } from "./kinds";
import {
  changeField,
  type Field,
  type FieldType,
  fieldKeys,
  hasOptions,
  isKey,
  isTyped,
  renameField,
  retypeField,
  isNeverShown,
  targetsOf,
} from "./model";
import { Options } from "./options";
import { FileLimits, Preset } from "./field-limits";
import { sayOpen } from "./problem-list";
import { problemsOf } from "./problems";
import { RuleCards } from "./rule-cards";
import { FIELD_TYPES } from "./model";

export type FieldChange = (change: Partial<Field>, what?: string) => void;

export function FieldSettings({ field }: { field: Field }) {
  const { t } = useTranslation();
  const { editor, draft, state } = useDraft();
  const { key, type } = field;
  const open = problemsOf(state.problems, key);
  const error = (name: string) => {
    const problem = open.get(name);
    return problem && sayOpen(problem);
  };
  const set: FieldChange = (change, what) =>
    editor.edit((now) => changeField(now, key, change), what && `${key}.${what}`);
  const targets = targetsOf(type);
  const drawn = type !== "hidden";
  return (
    <div className="flex flex-col gap-4">
      {type !== "consent" && (
        <TextInput
          label={t(type === "section" ? "forms.heading" : type === "hidden" ? "forms.innerName" : "forms.question")}
          value={field.label ?? ""}
          onChange={(label) => set({ label }, "label")}
          error={error("label")}
          optional={type === "hidden" || type === "section"}
        />
      )}
      {(type === "consent" || type === "section") && (
        <AreaInput
          label={t(type === "consent" ? "forms.consentText" : "forms.sectionText")}
          help={type === "consent" ? t("forms.consentHelp") : undefined}
          value={field.text ?? ""}
          rows={4}
          onChange={(text) => set({ text }, "text")}
          error={type === "consent" ? (error("text") ?? error("label")) : error("text")}
        />
      )}
      <SelectInput<FieldType>
        label={t("forms.kind")}
        value={type}
        onChange={(next) =>
          editor.edit((now) =>
            retypeField(
              now,
              key,
              next,
              freshOptions((name) => t(`forms.fresh.${name}` as "forms.fresh.option")),
            ),
          )
        }
        options={FIELD_TYPES.map((value) => ({ value, label: t(`forms.type.${value}`) }))}
      />
      {type === "hidden" && (
        <TextInput
          label={t("forms.param")}
          help={t("forms.paramHelp")}
          value={field.param ?? ""}
          dir="ltr"
          mono
          onChange={(param) => set({ param }, "param")}
          error={error("param")}
        />
      )}
      {targets.length > 0 && (
        <SelectInput
          label={t("forms.savesTo")}
          value={field.maps_to ?? ""}
          onChange={(target) => set({ maps_to: target || undefined })}
          error={error("maps_to")}
          options={[
            { value: "", label: t("forms.target.none") },
            ...targets.map((value) => ({ value, label: t(`forms.target.${value}` as "forms.target.name") })),
          ]}
        />
      )}
      {hasOptions(type) && <Options field={field} set={set} open={open} />}
      {drawn && type !== "section" && (
        <>
          <hr className="border-line" />
          <Switch
            label={t("forms.required")}
            checked={field.required === true}
            onChange={(required) => set({ required })}
          />
        </>
      )}
      {drawn && (
        <Switch
          label={t("forms.hiddenAtFirst")}
          checked={field.hidden === true}
          onChange={(hidden) => set({ hidden })}
        />
      )}
      {isNeverShown(draft, field) && (
        <div role="status" className="-mt-1 flex flex-col items-start gap-2 rounded-control bg-sunken p-2.5">
          <p className="text-cap text-warning-text">{t("forms.neverShown")}</p>
          <Button writes size="small" icon={<Eye />} onClick={() => set({ hidden: false })}>
            {t("forms.showFromStart")}
          </Button>
        </div>
      )}
      {drawn && type !== "section" && (
        <TextInput
          label={t("forms.help")}
          value={field.help ?? ""}
          optional
          onChange={(help) => set({ help }, "help")}
          error={error("help")}
        />
      )}
      {(isTyped(type) || type === "number" || type === "select") && (
        <TextInput
          label={t("forms.placeholder")}
          value={field.placeholder ?? ""}
          optional
          onChange={(placeholder) => set({ placeholder }, "placeholder")}
        />
      )}
      <Limits field={field} set={set} error={error} />
      {type !== "section" && type !== "file" && type !== "consent" && (
        <Preset field={field} set={set} error={error("default")} />
      )}
      {type !== "section" && <KeyInput field={field} error={error("key")} />}
      <hr className="border-line" />
      <section>
        <h3 className="snug mb-2.5 text-sm font-semibold">{t("forms.tab.logic")}</h3>
        <RuleCards about={key} />
      </section>
    </div>
  );
}

function Limits({
  field,
  set,
  error,
}: {
  field: Field;
  set: FieldChange;
  error: (name: string) => string | undefined;
}) {
  const { t } = useTranslation();
  const { type } = field;
  const pair = "grid grid-cols-2 gap-3";
  if (isTyped(type))
    return (
      <div className={pair}>
        <NumberInput
          label={t("forms.minLength")}
          value={field.min_length}
          whole
          min={0}
          onChange={(min_length) => set({ min_length }, "min_length")}
          error={error("min_length")}
        />
        <NumberInput
          label={t("forms.maxLength")}
          value={field.max_length}
          whole
          min={1}
          onChange={(max_length) => set({ max_length }, "max_length")}
          error={error("max_length")}
        />
      </div>
    );
  if (type === "number")
    return (
      <>
        <div className={pair}>
          <NumberInput
            label={t("forms.min")}
            value={field.min}
            onChange={(min) => set({ min }, "min")}
            error={error("min")}
          />
          <NumberInput
            label={t("forms.max")}
            value={field.max}
            onChange={(max) => set({ max }, "max")}
            error={error("max")}
          />
        </div>
        <NumberInput
          label={t("forms.stepSize")}
          value={field.step}
          optional
          onChange={(step) => set({ step }, "step")}
          error={error("step")}
        />
      </>
    );
  if (type === "rating")
    return (
      <NumberInput
        label={t("forms.stars")}
        value={field.max ?? 5}
        whole
        min={1}
        max={10}
        onChange={(max) => set({ max }, "max")}
        error={error("max")}
      />
    );
  if (type === "multi")
    return (
      <NumberInput
        label={t("forms.mostChoices")}
        value={field.max}
        whole
        min={1}
        optional
        onChange={(max) => set({ max }, "max")}
        error={error("max")}
      />
    );
  return type === "file" ? <FileLimits field={field} set={set} error={error} /> : null;
}

/** The name of the answer in exports, webhooks and rules. It changes when it is one, and rules follow. */
function KeyInput({ field, error }: { field: Field; error?: string }) {
  const { t } = useTranslation();
  const { editor, draft } = useDraft();
  const [typed, setTyped] = useState(field.key);
  const wrong = !isKey(typed)
    ? sayOpen({ code: "key", detail: "" })
    : typed !== field.key && fieldKeys(draft).has(typed)
      ? sayOpen({ code: "duplicate", detail: "" })
      : undefined;
  const take = () => {
    if (wrong || typed === field.key) return setTyped(field.key);
    editor.edit((now) => renameField(now, field.key, typed));
    const { selected } = editor.get();
    editor.select({ kind: "field", step: selected.kind === "form" ? 0 : selected.step, key: typed });
  };
  return (
    <TextInput
      label={t("forms.key")}
      help={t("forms.keyHelp")}
      value={typed}
      dir="ltr"
      mono
      maxLength={63}
      onChange={(next) => setTyped(next.toLowerCase())}
      onBlur={take}
      error={wrong ?? error}
    />
  );
}
