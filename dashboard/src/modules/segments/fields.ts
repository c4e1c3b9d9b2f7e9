import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { stages, tags, useMembers } from "../contacts/data";
import { type CustomField, useShown } from "../fields/data";
import { shapeOf } from "../fields/show";
import { CONTACT, type FieldSpec, type Kind, RELATED, type Related } from "./catalogue";
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

/** Fields that can be asked for, of contacts or of a related record, with the tenant's own. */
export function useFields(record: Related | undefined): readonly FieldSpec[] {
  const own = { contact: useShown("contact"), deal: useShown("deal"), company: useShown("company") };
  const known = record === undefined ? own.contact : record === "deal" || record === "company" ? own[record] : NONE;
  return useMemo(
    () => [...(record ? RELATED[record] : CONTACT), ...known.flatMap((field) => specOf(field) ?? [])],
    [record, known],
  );
}

/** What a field is called. */
export function useNameOf(): (field: FieldSpec, record: Related | undefined) => string {
  const { t } = useTranslation();
  return ({ label, name }, record) =>
    label ?? t(`segments.field.${record ?? "contact"}.${name.replace(".", "_")}` as "segments.field.contact.name");
}

/** What there is to choose from, for fields that are chosen. */
export function useChoicesOf(): (field: FieldSpec) => readonly Choice[] {
  const { t } = useTranslation();
  const { data: allStages = [] } = useQuery(stages);
  const { data: allTags = [] } = useQuery(tags);
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
