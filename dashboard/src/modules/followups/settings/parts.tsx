import { useQuery } from "@tanstack/react-query";
import type { FieldValues, Path, UseFormReturn } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { members } from "@/api/queries";
import { useMay } from "@/app/may";
import { SelectField } from "@/ui/field";

export const CONDITIONS = ["reply", "meeting", "stage"] as const;
type Condition = (typeof CONDITIONS)[number];

export const conditionsOf = (chosen: Record<Condition, boolean>): Condition[] =>
  CONDITIONS.filter((condition) => chosen[condition]);

export const TASK_KINDS = ["task", "call", "email", "message", "meeting", "proposal", "invoice"] as const;
export const PRIORITIES = ["low", "normal", "high", "urgent"] as const;

export function Check<V extends FieldValues>({
  form,
  name,
  label,
}: {
  form: UseFormReturn<V>;
  name: Path<V>;
  label: string;
}) {
  return (
    <label className="flex min-h-6 items-center gap-2.5 text-sm coarse:min-h-11">
      <input type="checkbox" {...form.register(name)} />
      {label}
    </label>
  );
}

/** The member who always gets it. Whoever has left stays chosen until somebody else is, so that the rest can be changed. */
export function MemberField<V extends FieldValues & { member: string }>({ form }: { form: UseFormReturn<V> }) {
  const { t } = useTranslation();
  const name = "member" as Path<V>;
  const { data } = useQuery({ ...members, enabled: useMay("identity.members.read") });
  const kept: string = form.formState.defaultValues?.member ?? "";
  const unlisted = kept !== "" && !data?.items.some(({ id }) => id === kept);
  const left = unlisted && data !== undefined && !data.next_cursor;
  const chosen = form.watch(name) === kept;
  return (
    <SelectField
      form={form}
      name={name}
      label={t("followups.field.member")}
      help={left && chosen ? t("followups.field.leftHelp") : undefined}
    >
      <option value="" />
      {unlisted && <option value={kept}>{left ? t("followups.field.left") : "…"}</option>}
      {data?.items.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}

/** What makes it needless. */
export function Conditions<V extends FieldValues & Record<Condition, boolean>>({ form }: { form: UseFormReturn<V> }) {
  const { t } = useTranslation();
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("followups.field.unless")}</legend>
      {CONDITIONS.map((condition) => (
        <Check
          key={condition}
          form={form}
          name={condition as Path<V>}
          label={t(`followups.field.conditions.${condition}`)}
        />
      ))}
    </fieldset>
  );
}

/** Of which kind the task is, and how much it presses. */
export function Tasks<V extends FieldValues & { task_kind: string; task_priority: string }>({
  form,
}: {
  form: UseFormReturn<V>;
}) {
  const { t } = useTranslation();
  return (
    <>
      <SelectField form={form} name={"task_kind" as Path<V>} label={t("followups.field.taskKind")}>
        {TASK_KINDS.map((value) => (
          <option key={value} value={value}>
            {t(`followups.field.kinds.${value}`)}
          </option>
        ))}
      </SelectField>
      <SelectField form={form} name={"task_priority" as Path<V>} label={t("followups.field.priority")}>
        {PRIORITIES.map((value) => (
          <option key={value} value={value}>
            {t(`followups.field.priorities.${value}`)}
          </option>
        ))}
      </SelectField>
    </>
  );
}
