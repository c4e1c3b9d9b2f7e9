import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { useFormats } from "@/i18n/format";
import { sayProblem, sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { FieldFrame, Select } from "@/ui/field";
import { Trouble } from "@/ui/form";
import { inputHeight, inputLook } from "@/ui/input-look";
import { useDraftOf } from "@/ui/merge";
import { Newer } from "@/ui/newer";
import { Switch } from "@/ui/switch";
import { say } from "@/ui/toast";
import { type CustomField, patchField, useChange, useCreate } from "./data";
import { fieldsOf } from "./fields-of";
import { RECORDS, type RecordKind } from "./kinds";
import { Input } from "./input";
import { Trial } from "./trial";

type Type = CustomField["type"];
const TYPES: readonly Type[] = [
  "text",
  "long_text",
  "number",
  "money",
  "date",
  "select",
  "multi_select",
  "checkbox",
  "link",
  "file",
  "formula",
];
const RESULTS = ["number", "money", "text", "date", "checkbox"] as const;
const UNIQUE: readonly Type[] = ["text", "number", "date"];

interface Draft {
  label: string;
  type: Type;
  help: string;
  section: string;
  options: string;
  decimals: string;
  currency: string;
  target: RecordKind;
  expression: string;
  result: (typeof RESULTS)[number];
  blankAsZero: boolean;
  required: boolean;
  unique: boolean;
}

const draftOf = (field: CustomField | undefined, currency: string): Draft => ({
  label: field?.label ?? "",
  type: field?.type ?? "text",
  help: field?.help ?? "",
  section: field?.section ?? "",
  options: (field?.options ?? [])
    .filter(({ archived }) => !archived)
    .map(({ label }) => label)
    .join("\n"),
  decimals: String(field?.decimals ?? 0),
  currency: field?.currency ?? currency,
  target: field?.target ?? "contact",
  expression: field?.expression ?? "",
  result: field?.result ?? "number",
  blankAsZero: field?.blank_as_zero ?? false,
  required: field?.required ?? false,
  unique: field?.unique ?? false,
});

const LABELS = {
  label: "fields.label",
  type: "fields.kind",
  help: "fields.help",
  section: "fields.section",
  options: "fields.options",
  decimals: "fields.decimals",
  currency: "fields.currency",
  target: "fields.target",
  expression: "fields.expression",
  result: "fields.result",
  blankAsZero: "fields.blankAsZero",
  required: "fields.requiredLabel",
  unique: "fields.uniqueLabel",
} as const satisfies Record<keyof Draft, string>;

/** Lines as options: a line that was there keeps its key, by its label, else by its place among those that changed. */
function optionsOf(text: string, known: CustomField["options"]): Schema["FieldOption"][] {
  const labels = text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const active = known.filter(({ archived }) => !archived);
  const renamed = labels.length === active.length;
  return labels.map((label, at) => {
    const same = known.find((option) => option.label === label);
    const here = active[at];
    const moved = renamed && here && !labels.includes(here.label) ? here : undefined;
    const key = (same ?? moved)?.key;
    return key ? { key, label } : { label };
  });
}

/** A field while it is defined or changed; what it will look like stands below. */
export function EditField(props: {
  record: RecordKind;
  field?: CustomField;
  others: readonly CustomField[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { record, field, onClose } = props;
  const formats = useFormats();
  const cache = useQueryClient();
  const { draft, setDraft, newer, update, theirs } = useDraftOf(field, (one) => draftOf(one, currencyOf(props.others)));
  const create = useCreate();
  const change = useChange();
  const error = create.error ?? change.error;
  const wrong: Record<string, string> =
    error instanceof ApiProblem
      ? Object.fromEntries(error.fields.map((one) => [one.field.split("/")[1] ?? "", sayProblem(one.code, one.detail)]))
      : {};
  const known = ["label", "help", "section", "options", "decimals", "currency", "expression", "unique", "key"];
  const elsewhere = error && !Object.keys(wrong).some((name) => known.includes(name));
  const put = (next: Partial<Draft>) => setDraft((old) => ({ ...old, ...next }));
  const { type } = draft;
  const formula = type === "formula";
  const choice = type === "select" || type === "multi_select";
  const number = type === "number" || (formula && draft.result === "number");
  const money = type === "money" || (formula && draft.result === "money");
  const commonOf = (said: Draft, base: CustomField | undefined) => ({
    label: said.label.trim(),
    ...(choice && { options: optionsOf(said.options, base?.options ?? []) }),
    ...(number && { decimals: Number(said.decimals) || 0 }),
    ...(formula && { expression: said.expression.trim(), blank_as_zero: said.blankAsZero }),
    ...(!formula && { required: said.required, unique: said.unique && UNIQUE.includes(type) }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (create.isPending || change.isPending) return;
    const done = (said: string) => ({
      onSuccess: () => {
        say(said);
        onClose();
      },
    });
    if (field)
      change.mutate(
        () =>
          update({
            send: (base, said) =>
              patchField(base ?? field, {
                ...commonOf(said, base),
                help: said.help.trim() || null,
                section: said.section.trim() || null,
              }),
            read: async () => {
              const { items } = await cache.fetchQuery({ ...fieldsOf(record), staleTime: 0 });
              return items.find(({ id }) => id === field.id) ?? field;
            },
          }),
        done(t("fields.saved", { name: draft.label })),
      );
    else
      create.mutate(
        {
          record,
          type,
          ...commonOf(draft, undefined),
          ...(draft.help.trim() && { help: draft.help.trim() }),
          ...(draft.section.trim() && { section: draft.section.trim() }),
          ...(money && { currency: draft.currency }),
          ...(type === "link" && { target: draft.target }),
          ...(formula && { result: draft.result }),
        },
        done(t("fields.created", { name: draft.label })),
      );
  };
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-3.5">
      {elsewhere && <Trouble>{sayThrown(error)}</Trouble>}
      <Newer of={newer} label={(key) => t(LABELS[key])} texts={["label", "help", "section"]} onTheirs={theirs} />
      <div className="grid grid-cols-2 gap-3.5 max-sm:grid-cols-1">
        <Text
          label={t("fields.label")}
          wrong={wrong.label ?? wrong.key}
          value={draft.label}
          maxLength={80}
          autoFocus
          onChange={(label) => put({ label })}
        />
        <Pick
          label={t("fields.kind")}
          value={type}
          disabled={field !== undefined}
          choices={TYPES.map((value) => [value, t(`fields.type.${value}`)])}
          onChange={(next) => put({ type: next })}
        />
      </div>
      {choice && (
        <Lines
          label={t("fields.options")}
          help={t("fields.optionsHelp")}
          wrong={wrong.options}
          value={draft.options}
          onChange={(options) => put({ options })}
        />
      )}
      {formula && (
        <>
          <Lines
            mono
            label={t("fields.expression")}
            help={`${t("fields.expressionHelp")} ${t("fields.names", {
              names: formats.list(props.others.filter((one) => one.id !== field?.id).map(({ key }) => `custom.${key}`)),
            })}`}
            wrong={wrong.expression}
            value={draft.expression}
            onChange={(expression) => put({ expression })}
          />
          <Pick
            label={t("fields.result")}
            value={draft.result}
            disabled={field !== undefined}
            choices={RESULTS.map((value) => [value, t(`fields.type.${value}`)])}
            onChange={(result) => put({ result })}
          />
          <Switch
            label={t("fields.blankAsZero")}
            checked={draft.blankAsZero}
            onChange={(blankAsZero) => put({ blankAsZero })}
          />
          <Trial
            others={props.others}
            asked={{
              record,
              expression: draft.expression.trim(),
              result: draft.result,
              blank_as_zero: draft.blankAsZero,
              ...(number && { decimals: Number(draft.decimals) || 0 }),
              ...(money && { currency: draft.currency }),
            }}
          />
        </>
      )}
      {number && (
        <Pick
          label={t("fields.decimals")}
          value={draft.decimals}
          wrong={wrong.decimals}
          choices={["0", "1", "2", "3", "4", "5", "6"].map((value) => [value, formats.count(Number(value))])}
          onChange={(decimals) => put({ decimals })}
        />
      )}
      {money && (
        <Text
          label={t("fields.currency")}
          wrong={wrong.currency}
          value={draft.currency}
          maxLength={3}
          disabled={field !== undefined}
          onChange={(currency) => put({ currency: currency.toUpperCase() })}
        />
      )}
      {type === "link" && (
        <Pick
          label={t("fields.target")}
          value={draft.target}
          disabled={field !== undefined}
          choices={RECORDS.map((value) => [value, t(`fields.of.${value}`)])}
          onChange={(target) => put({ target })}
        />
      )}
      <div className="grid grid-cols-2 gap-3.5 max-sm:grid-cols-1">
        <Text
          label={t("fields.section")}
          help={t("fields.sectionHelp")}
          wrong={wrong.section}
          value={draft.section}
          maxLength={60}
          onChange={(section) => put({ section })}
        />
        <Text
          label={t("fields.help")}
          help={t("fields.helpHelp")}
          wrong={wrong.help}
          value={draft.help}
          maxLength={300}
          onChange={(help) => put({ help })}
        />
      </div>
      {!formula && (
        <Switch label={t("fields.requiredLabel")} checked={draft.required} onChange={(required) => put({ required })} />
      )}
      {UNIQUE.includes(type) && (
        <Switch label={t("fields.uniqueLabel")} checked={draft.unique} onChange={(unique) => put({ unique })} />
      )}
      {wrong.unique && <Trouble>{wrong.unique}</Trouble>}
      {!formula && type !== "link" && type !== "file" && <Preview draft={draft} known={field?.options ?? []} />}
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={create.isPending || change.isPending}>
          {field ? t("action.save") : t("action.add")}
        </Button>
      </footer>
    </form>
  );
}

/** The currency that the other fields have, else the euro. */
const currencyOf = (others: readonly CustomField[]) => others.find(({ currency }) => currency)?.currency ?? "EUR";

/** The field as a record will show it, to be tried. */
function Preview({ draft, known }: { draft: Draft; known: CustomField["options"] }) {
  const { t } = useTranslation();
  const id = useId();
  const [value, setValue] = useState<unknown>();
  const options = optionsOf(draft.options, known).map((option, at) => ({
    ...option,
    key: option.key ?? `new_${at}`,
    archived: false,
  }));
  return (
    <FieldFrame id={id} label={t("fields.preview")} help={draft.help}>
      <Input
        id={id}
        field={{ type: draft.type, options, currency: draft.currency, label: draft.label || t("fields.preview") }}
        value={value}
        onSave={setValue}
      />
    </FieldFrame>
  );
}

function Text(props: {
  label: string;
  help?: string;
  wrong?: string;
  value: string;
  maxLength: number;
  autoFocus?: boolean;
  disabled?: boolean;
  onChange: (text: string) => void;
}) {
  const { label, help, wrong, onChange, ...rest } = props;
  const id = useId();
  return (
    <FieldFrame id={id} label={label} help={help} error={wrong}>
      <input
        {...rest}
        id={id}
        dir="auto"
        autoComplete="off"
        aria-invalid={wrong ? true : undefined}
        aria-describedby={wrong || help ? `${id}-say` : undefined}
        onChange={(event) => onChange(event.target.value)}
        className={`${inputLook} ${inputHeight}`}
      />
    </FieldFrame>
  );
}

function Lines(props: {
  label: string;
  help: ReactNode;
  wrong?: string;
  value: string;
  mono?: boolean;
  onChange: (text: string) => void;
}) {
  const id = useId();
  return (
    <FieldFrame id={id} label={props.label} help={props.help} error={props.wrong}>
      <textarea
        id={id}
        rows={props.mono ? 2 : 4}
        dir={props.mono ? "ltr" : "auto"}
        spellCheck={!props.mono}
        value={props.value}
        aria-invalid={props.wrong ? true : undefined}
        aria-describedby={`${id}-say`}
        onChange={(event) => props.onChange(event.target.value)}
        className={`${inputLook} block resize-y py-2 [field-sizing:content] ${props.mono ? "font-mono" : ""}`}
      />
    </FieldFrame>
  );
}

function Pick<V extends string>(props: {
  label: string;
  value: V;
  wrong?: string;
  disabled?: boolean;
  choices: readonly (readonly [V, string])[];
  onChange: (value: V) => void;
}) {
  const id = useId();
  return (
    <FieldFrame id={id} label={props.label} error={props.wrong}>
      <Select
        id={id}
        value={props.value}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.target.value as V)}
      >
        {props.choices.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
    </FieldFrame>
  );
}
