import { validate } from "@widget/engine";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { FieldFrame } from "@/ui/field";
import type { FieldChange } from "./field-settings";
import { NumberInput, SelectInput, TextInput } from "./inputs";
import type { Field } from "./model";
import { sayOpen } from "./problem-list";

const MIB = 1 << 20;
const KINDS: readonly { name: "images" | "pdf" | "documents" | "sheets"; types: readonly string[] }[] = [
  { name: "images", types: ["image/*"] },
  { name: "pdf", types: ["application/pdf"] },
  {
    name: "documents",
    types: [
      "application/msword",
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      "text/plain",
    ],
  },
  {
    name: "sheets",
    types: [
      "application/vnd.ms-excel",
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      "text/csv",
    ],
  },
];

export function FileLimits(props: { field: Field; set: FieldChange; error: (name: string) => string | undefined }) {
  const { t } = useTranslation();
  const { field, set, error } = props;
  const id = useId();
  const accept = field.accept ?? [];
  const wrong = accept.map((_, index) => error(`accept/${index}`)).find(Boolean);
  const others = accept.filter((type) => !KINDS.some(({ types }) => types.includes(type)));
  const toggle = (types: readonly string[], on: boolean) => {
    const rest = accept.filter((type) => !types.includes(type));
    const next = on ? [...rest, ...types] : rest;
    set({ accept: next.length > 0 ? next : undefined });
  };
  return (
    <>
      <fieldset>
        <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("forms.accept.title")}</legend>
        <div className="flex flex-col gap-1">
          {KINDS.map(({ name, types }) => (
            <label key={name} className="flex min-h-8 items-center gap-2.5 text-sm coarse:min-h-11">
              <input
                type="checkbox"
                checked={types.every((type) => accept.includes(type))}
                onChange={(event) => toggle(types, event.target.checked)}
              />
              {t(`forms.accept.${name}`)}
            </label>
          ))}
        </div>
        <p className="mt-1 text-cap text-muted">
          {accept.length === 0 ? t("forms.accept.any") : t("forms.accept.checked")}
        </p>
      </fieldset>
      <FieldFrame id={id} label={t("forms.accept.other")} help={t("forms.accept.otherHelp")} error={wrong} optional>
        <Types
          id={id}
          others={others}
          onChange={(next) => set({ accept: joined(accept, others, next) }, "accept")}
          wrong={Boolean(wrong)}
        />
      </FieldFrame>
      <div className="grid grid-cols-2 gap-3">
        <NumberInput
          label={t("forms.maxSize")}
          unit={t("forms.megabytes")}
          value={field.max_bytes ? Math.round((field.max_bytes / MIB) * 10) / 10 : undefined}
          min={0.1}
          max={1024}
          onChange={(size) => set({ max_bytes: size === undefined ? undefined : Math.round(size * MIB) }, "max_bytes")}
          error={error("max_bytes")}
        />
        <NumberInput
          label={t("forms.maxFiles")}
          value={field.max_files ?? 1}
          whole
          min={1}
          max={20}
          onChange={(max_files) => set({ max_files }, "max_files")}
          error={error("max_files")}
        />
      </div>
    </>
  );
}

function joined(accept: readonly string[], old: readonly string[], next: readonly string[]): string[] | undefined {
  const list = [...accept.filter((type) => !old.includes(type)), ...next];
  return list.length > 0 ? list : undefined;
}

function Types(props: { id: string; others: readonly string[]; onChange: (next: string[]) => void; wrong: boolean }) {
  return (
    <input
      id={props.id}
      key={props.others.join(" ")}
      defaultValue={props.others.join(", ")}
      dir="ltr"
      aria-invalid={props.wrong || undefined}
      onBlur={(event) =>
        props.onChange(
          event.target.value
            .split(/[\s,]+/)
            .map((type) => type.trim().toLowerCase())
            .filter(Boolean),
        )
      }
      placeholder="video/mp4"
      className="h-[38px] w-full rounded-control border border-control bg-sunken px-3 font-mono text-[12.5px] light:bg-raised max-md:h-11"
    />
  );
}

/** The answer it begins with. The rules of the visitor's own form say whether the field would take it. */
export function Preset({ field, set, error }: { field: Field; set: FieldChange; error?: string }) {
  const { t } = useTranslation();
  const { type } = field;
  const value = field.default;
  const wrong =
    error ??
    (value !== undefined && validate(field, value, false) ? sayOpen({ code: "invalid", detail: "" }) : undefined);
  const label = t("forms.preset");
  if (type === "select" || type === "radio")
    return (
      <SelectInput
        label={label}
        value={typeof value === "string" ? value : ""}
        onChange={(next) => set({ default: next || undefined })}
        error={wrong}
        options={[
          { value: "", label: t("forms.noPreset") },
          ...(field.options ?? []).map((option) => ({ value: option.value, label: option.label })),
        ]}
      />
    );
  if (type === "checkbox")
    return (
      <label className="flex min-h-8 items-center gap-2.5 text-sm">
        <input
          type="checkbox"
          checked={value === true}
          onChange={(event) => set({ default: event.target.checked || undefined })}
        />
        {t("forms.presetTicked")}
      </label>
    );
  if (type === "multi") {
    const list = Array.isArray(value) ? (value as string[]) : [];
    return (
      <fieldset>
        <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{label}</legend>
        {(field.options ?? []).map((option) => (
          <label key={option.value} className="flex min-h-8 items-center gap-2.5 text-sm coarse:min-h-11">
            <input
              type="checkbox"
              checked={list.includes(option.value)}
              onChange={(event) => {
                const next = (field.options ?? [])
                  .map((one) => one.value)
                  .filter((one) => (one === option.value ? event.target.checked : list.includes(one)));
                set({ default: next.length > 0 ? next : undefined });
              }}
            />
            <bdi>{option.label}</bdi>
          </label>
        ))}
        {wrong && <p className="text-cap text-danger-text">{wrong}</p>}
      </fieldset>
    );
  }
  if (type === "number" || type === "rating")
    return (
      <NumberInput
        label={label}
        optional
        value={typeof value === "number" ? value : undefined}
        onChange={(next) => set({ default: next }, "default")}
        error={wrong}
      />
    );
  return (
    <TextInput
      label={label}
      optional
      value={typeof value === "string" ? value : ""}
      placeholder={type === "date" ? "2027-03-14" : undefined}
      onChange={(next) => set({ default: next || undefined }, "default")}
      error={wrong}
    />
  );
}
