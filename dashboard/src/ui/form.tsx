import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { CircleAlert } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { type DefaultValues, type FieldPath, type FieldValues, type UseFormReturn, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { sayProblem, sayThrown } from "@/i18n/problems";
import { useCountdown } from "./countdown";
import { useLookOnly } from "./read-only";

export interface ServerForm<V extends FieldValues> {
  form: UseFormReturn<V>;
  /** For `<form onSubmit>`. */
  onSubmit: (event?: FormEvent) => void;
  busy: boolean;
  /** What concerns no field: shown above the button. */
  trouble: ReactNode;
  /** A 429: until it is over, sending again is no use. */
  waiting: number;
}

/** `/emails/0/address` of a problem becomes `emails.0.address` of a form. */
export const pathOf = (pointer: string): string =>
  pointer
    .replace(/^\//, "")
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".");

/**
 * A form whose schema speaks first and whose server has the last word: refused fields of a problem land under the right
 * field, everything else above the button. What was typed is never lost.
 */
export function useServerForm<V extends FieldValues>(options: {
  schema: StandardSchemaV1<V, V>;
  defaults: DefaultValues<V>;
  submit: (values: V) => Promise<unknown>;
  /** Where a field of the API stands in this form, when the names differ. */
  fields?: Record<string, FieldPath<V>>;
  /** Problems that belong to one field, by code. */
  codes?: Record<string, FieldPath<V>>;
}): ServerForm<V> {
  const { t } = useTranslation();
  const form = useForm<V>({
    resolver: standardSchemaResolver(options.schema) as never,
    defaultValues: options.defaults,
    // On blur, and from then on with every change: an error that went away only on the way to the button would move the
    // button from under the pointer.
    mode: "onTouched",
    reValidateMode: "onChange",
  });
  const [trouble, setTrouble] = useState<unknown>();
  const lookOnly = useLookOnly(true);
  const [waiting, setWaiting] = useCountdown();

  const refuse = (error: unknown, values: V) => {
    if (!(error instanceof ApiProblem)) return setTrouble(error);
    if (error.retryAfter) setWaiting(error.retryAfter);
    const known = flat(values);
    const rest: string[] = [];
    for (const { field, code, detail } of error.fields) {
      const path = options.fields?.[field] ?? options.codes?.[code] ?? pathOf(field);
      if (known.has(path)) form.setError(path as FieldPath<V>, { type: code, message: sayProblem(code, detail) });
      else rest.push(sayProblem(code, detail));
    }
    const own = options.codes?.[error.code];
    if (own && error.fields.length === 0)
      form.setError(own, { type: error.code, message: sayProblem(error.code, error.detail) });
    else if (rest.length > 0 || error.fields.length === 0) setTrouble(rest.length > 0 ? rest.join(" ") : error);
    const first =
      error.fields.map((f) => options.fields?.[f.field] ?? pathOf(f.field)).find((path) => known.has(path)) ?? own;
    if (first) form.setFocus(first as FieldPath<V>);
  };

  const onSubmit = (event?: FormEvent) => {
    event?.preventDefault();
    if (lookOnly) return setTrouble(lookOnly);
    if (form.formState.isSubmitting || waiting > 0) return;
    setTrouble(undefined);
    void form.handleSubmit(async (values) => {
      try {
        await options.submit(values);
      } catch (error) {
        refuse(error, values);
      }
    })();
  };

  const text =
    waiting > 0
      ? t("error.wait", { count: waiting })
      : typeof trouble === "string" || trouble === undefined
        ? trouble
        : sayThrown(trouble);
  return { form, onSubmit, busy: form.formState.isSubmitting, waiting, trouble: text && <Trouble>{text}</Trouble> };
}

export function Trouble({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="flex items-start gap-2 rounded-[12px] bg-danger-soft px-3.5 py-2.5 text-sm text-ink">
      <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-danger-text" />
      <span>{children}</span>
    </p>
  );
}

/** Paths of everything a form holds. */
function flat(value: unknown, path = "", into = new Set<string>()): Set<string> {
  if (path) into.add(path);
  if (value && typeof value === "object")
    for (const [key, inner] of Object.entries(value)) flat(inner, path ? `${path}.${key}` : key, into);
  return into;
}
