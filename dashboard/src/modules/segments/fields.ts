import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { stages, tags, useMembers } from "../contacts/data";
import { type CustomField, useShown } from "../fields/data";
import { shapeOf } from "../fields/show";
import { CONTACT, type FieldSpec, type Kind, LISTED, RELATED, recordOf, type Row } from "./catalogue";
import { forms, pipelines } from "./data";

export interface Choice {
  value: string;
  label: string;
}

const NONE: CustomField[] = [];

function specOf(field: CustomField): FieldSpec | undefined {
  const name = `custom.${field.id}`;
  const label = field.label;
  const shape = shapeOf(field);
  const kinds: Partial<Record<string, Kind>> = {
    text: "text",
    long_text: "long",
    number: "number",
    money: "money",
    date: "day",
    checkbox: "flag",
    select: "word",
    multi_select: "words",
  };
  const kind = kinds[shape];
  if (!kind) return undefined;
  const choices = field.options.map((option) => ({ value: option.key ?? "", label: option.label }));
  return {
    name,
    kind,
    label,
    ...(choices.length > 0 && { choices }),
    ...(field.currency && { currency: field.currency }),
  };
}

/** Fields that can be asked for, of contacts or of another row, with the tenant's own. */
export function useFields(row: Row | undefined): readonly FieldSpec[] {
  const own = { contact: useShown("contact"), deal: useShown("deal"), company: useShown("company") };
  const record = row ? recordOf(row) : "contact";
  const known = record === "contact" || record === "deal" || record === "company" ? own[record] : NONE;
  return useMemo(() => [...usual(row), ...known.flatMap((field) => specOf(field) ?? [])], [row, known]);
}

function usual(row: Row | undefined): readonly FieldSpec[] {
  if (row === undefined) return CONTACT;
  return row === "deals" || row === "companies" ? LISTED[row] : RELATED[row];
}

/** What a field is called. */
export function useNameOf(): (field: FieldSpec, row: Row | undefined) => string {
  const { t } = useTranslation();
  return ({ label, name }, row) =>
    label ??
    t(`segments.field.${row ? recordOf(row) : "contact"}.${name.replace(".", "_")}` as "segments.field.contact.name");
}

/** What there is to choose from, for fields that are chosen. */
export function useChoicesOf(): (field: FieldSpec) => readonly Choice[] {
  const { t } = useTranslation();
  const contacts = useMay("contacts.read");
  const { data: allStages = [] } = useQuery({ ...stages, enabled: contacts });
  const { data: allTags = [] } = useQuery({ ...tags, enabled: contacts });
  const { data: allPipelines = [] } = useQuery({ ...pipelines, enabled: useMay("deals.read") });
  const { data: allForms = [] } = useQuery({ ...forms, enabled: useMay("forms.read") });
  const members = useMembers();
  return (field) => {
    if (field.choices) return field.choices;
    if (field.options)
      return field.options.map((value) => ({
        value,
        label: /^\d/.test(value) ? value : t(`segments.word.${value}` as "segments.word.open"),
      }));
    switch (field.kind) {
      case "stage":
        return allStages.map(({ key, label }) => ({ value: key, label }));
      case "tags":
        return allTags.map(({ id, name }) => ({ value: id, label: name }));
      case "owner":
        return [...members].map(([value, label]) => ({ value, label }));
      case "pipeline":
        return allPipelines.map(({ id, name }) => ({ value: id, label: name }));
      case "pipeline_stage":
        return allPipelines.flatMap(({ name, stages: all }) =>
          all.map((stage) => ({ value: stage.id, label: `${name}: ${stage.name}` })),
        );
      case "form":
        return allForms.map(({ id, name }) => ({ value: id, label: name }));
      default:
        return [];
    }
  };
}
