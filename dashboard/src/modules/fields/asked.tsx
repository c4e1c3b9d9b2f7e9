import { useQuery } from "@tanstack/react-query";
import { lazy } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";
import * as z from "zod/mini";
import { useMay } from "@/app/may";
import { withWords } from "@/i18n/words";
import type { Custom, CustomField } from "./data";
import { fieldsOf } from "./fields-of";
import type { RecordKind } from "./kinds";

const Inputs = lazy(async () => ({
  default: (await withWords(["fields"], import("./asked-inputs"))).AskedInputs,
}));

/** Values by the key of their field, inside what a form sends. Only the form writes them and the server knows what fits. */
export const asked = z.unknown() as unknown as z.ZodMiniType<Custom, Custom>;

/**
 * Fields that whoever makes a record has to fill in. Nothing while they are on their way: the dialog opens with them,
 * so that they move nothing. It does not wait for a network that fails; the server asks for what is missing.
 */
export function useAsked(record: RecordKind): CustomField[] | undefined {
  const { data, isLoading, failureCount } = useQuery({ ...fieldsOf(record), enabled: useMay("fields.read") });
  if (isLoading && failureCount === 0) return undefined;
  const items = data?.items ?? [];
  return items.filter(
    ({ required, archived_at, deleting_at, type }) => required && !archived_at && !deleting_at && type !== "formula",
  );
}

/** Asks for them as `custom` of the form. It has no fallback of its own: the dialog appears with it. */
export function Asked<V extends FieldValues & { custom: Custom }>(props: {
  fields: readonly CustomField[];
  form: UseFormReturn<V>;
}) {
  if (props.fields.length === 0) return null;
  return <Inputs fields={props.fields} form={props.form as unknown as UseFormReturn} />;
}
