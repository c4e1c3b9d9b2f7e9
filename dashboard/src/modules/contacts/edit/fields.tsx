import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { type ReactNode, useId, useMemo, useState } from "react";
import { type UseFormReturn, useFormState, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { sayProblem } from "@/i18n/problems";
import { Chip } from "@/ui/chip";
import { FieldFrame, SelectField, TextField } from "@/ui/field";
import { Choices } from "@/ui/filter";
import { PickField } from "@/ui/pick";
import { Popover } from "@/ui/popover";
import { countries, languages } from "@/ui/regions";
import { stages, tags, useMembers } from "../data";
import { Lines } from "./lines";
import type { Values } from "./merge";
import { Profiles } from "./profiles";

type Form = UseFormReturn<Values>;

/** Who it is and where they work. */
export function Who({ form, all }: { form: Form; all: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="grid grid-cols-2 items-start gap-3.5 max-sm:grid-cols-1">
      {all && <TextField form={form} name="salutation" label={t("contacts.salutation")} optional dir="auto" />}
      <TextField form={form} name="first_name" label={t("contacts.firstName")} optional autoFocus dir="auto" />
      {all && <TextField form={form} name="middle_name" label={t("contacts.middleName")} optional dir="auto" />}
      <TextField form={form} name="last_name" label={t("contacts.lastName")} optional dir="auto" />
      <TextField form={form} name="company_name" label={t("contacts.company")} optional dir="auto" />
      <TextField form={form} name="job_title" label={t("contacts.job")} optional dir="auto" />
      {all && (
        <TextField
          form={form}
          name="display_name"
          label={t("contacts.shownAs")}
          help={t("contacts.shownAsHelp")}
          optional
          dir="auto"
          frameClass="col-span-full"
        />
      )}
    </div>
  );
}

export function Reach({ form, all }: { form: Form; all: boolean }) {
  return (
    <div className="flex flex-col gap-3.5">
      <Lines form={form} name="emails" />
      <Lines form={form} name="phones" />
      {all && <Profiles form={form} />}
    </div>
  );
}

/** Where somebody lives, and by which clock and in which language. */
export function Place({ form }: { form: Form }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const lands = useMemo(() => countries(locale), [locale]);
  const line = (name: "line1" | "line2" | "postal_code" | "city" | "region") => (
    <TextField form={form} name={`address.${name}`} label={t(`contacts.addressPart.${name}`)} optional dir="auto" />
  );
  return (
    <div className="grid grid-cols-2 items-start gap-3.5 max-sm:grid-cols-1">
      {line("line1")}
      {line("line2")}
      {line("postal_code")}
      {line("city")}
      {line("region")}
      <SelectField form={form} name="address.country" label={t("contacts.addressPart.country")} optional>
        <option value="">–</option>
        {lands.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </SelectField>
      <Zone form={form} />
      <Language form={form} />
    </div>
  );
}

function Zone({ form }: { form: Form }) {
  const { t } = useTranslation();
  const choices = useMemo(
    () => Intl.supportedValuesOf("timeZone").map((value) => ({ value, label: value.replaceAll("_", " ") })),
    [],
  );
  return <Picked form={form} name="zone" label={t("contacts.zone")} choices={choices} />;
}

function Language({ form }: { form: Form }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const choices = useMemo(() => languages(locale).map(({ code, name }) => ({ value: code, label: name })), [locale]);
  return <Picked form={form} name="language" label={t("contacts.language")} choices={choices} />;
}

/** Who looks after them, how far they are, and what they are filed under. */
export function Care({ form }: { form: Form }) {
  const { t } = useTranslation();
  const people = useMembers();
  const { data: known = [] } = useQuery(stages);
  const choices = useMemo(() => [...people].map(([value, label]) => ({ value, label })), [people]);
  return (
    <div className="grid grid-cols-2 items-start gap-3.5 max-sm:grid-cols-1">
      <SelectField form={form} name="stage" label={t("contacts.stage")}>
        {known.map(({ key, label }) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </SelectField>
      {choices.length > 0 && <Picked form={form} name="owner" label={t("contacts.owner")} choices={choices} />}
      <TextField form={form} name="source" label={t("contacts.source")} optional dir="auto" />
      <Tags form={form} />
    </div>
  );
}

function Picked(props: {
  form: Form;
  name: "zone" | "language" | "owner";
  label: string;
  choices: readonly { value: string; label: string }[];
}) {
  const { form, name } = props;
  const value = useWatch({ control: form.control, name });
  useFormState({ control: form.control, name });
  const message = form.getFieldState(name).error?.message;
  return (
    <PickField
      label={props.label}
      value={value}
      choices={props.choices}
      error={message && sayProblem(message)}
      onChange={(next) => form.setValue(name, next, { shouldDirty: true, shouldValidate: true })}
    />
  );
}

function Tags({ form }: { form: Form }) {
  const { t } = useTranslation();
  const id = useId();
  const { data: all = [] } = useQuery(tags);
  const chosen = useWatch({ control: form.control, name: "tags" });
  const [open, setOpen] = useState(false);
  useFormState({ control: form.control, name: "tags" });
  const message = form.getFieldState("tags").error?.message;
  const set = (next: string[]) => form.setValue("tags", next, { shouldDirty: true });
  const add = (tag: string) => {
    setOpen(false);
    set([...new Set([...chosen, tag])]);
  };
  return (
    <FieldFrame id={id} label={t("contacts.tags")} optional error={message && sayProblem(message)}>
      <div className="flex min-h-[38px] flex-wrap items-center gap-1.5">
        {chosen.map((tag) => (
          <Chip key={tag}>
            <span className="max-w-40 truncate">{tag}</span>
            <button
              type="button"
              aria-label={t("contacts.removeTag", { tag })}
              onClick={() => set(chosen.filter((other) => other !== tag))}
              className="relative -me-1 grid size-4 place-items-center rounded-full hover:text-ink after:absolute after:-inset-2"
            >
              <X aria-hidden="true" className="size-3!" />
            </button>
          </Chip>
        ))}
        <Popover
          label={t("contacts.addTagLabel")}
          align="start"
          open={open}
          onOpenChange={setOpen}
          trigger={
            <button
              id={id}
              type="button"
              aria-label={t("contacts.addTagLabel")}
              className="relative grid size-[22px] place-items-center rounded-chip border border-line-2 border-dashed text-muted hover:text-ink after:absolute after:-inset-3"
            >
              <Plus aria-hidden="true" className="size-3.5" />
            </button>
          }
        >
          <Choices
            label={t("contacts.addTagLabel")}
            choices={all.flatMap(({ name }) => (chosen.includes(name) ? [] : { value: name, label: name }))}
            onChoose={add}
            onNew={add}
          />
        </Popover>
      </div>
    </FieldFrame>
  );
}

export function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="min-w-0">
      <legend className="snug mb-2.5 text-sm font-semibold">{title}</legend>
      {children}
    </fieldset>
  );
}

/** Lines that were left empty go when the server refuses: it names a line by its place among those it got. Not before that: a form
 * that shrinks under a double click is left by the second press. */
export async function compacting(form: Form, save: () => Promise<void>): Promise<void> {
  try {
    await save();
  } catch (error) {
    compact(form);
    throw error;
  }
}

function compact(form: Form): void {
  const { emails, phones, profiles } = form.getValues();
  const [mails, numbers, pages] = [
    emails.filter(({ address }) => address.trim()),
    phones.filter((line) => line.number.trim()),
    profiles.filter(({ url }) => url.trim()),
  ];
  if (mails.length < emails.length) form.setValue("emails", mails);
  if (numbers.length < phones.length) form.setValue("phones", numbers);
  if (pages.length < profiles.length) form.setValue("profiles", pages);
}
