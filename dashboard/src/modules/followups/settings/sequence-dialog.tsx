import { useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useFieldArray } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { inputHeight } from "@/ui/input-look";
import { useBased } from "@/ui/merge";
import { Newer } from "@/ui/newer";
import { say } from "@/ui/toast";
import { type Sequence, sequences } from "../data";
import { Check, Conditions, conditionsOf, MemberField, TASK_KINDS } from "./parts";

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(100, "too_long")),
  enabled: z.boolean(),
  steps: z.array(
    z.object({
      day: z.string().check(z.regex(/^\d{1,3}$/, "days_range")),
      title: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(200, "too_long")),
      kind: z.string(),
      priority: z.number(),
    }),
  ),
  days: z.enum(["working", "calendar"]),
  at_time: z.string(),
  reply: z.boolean(),
  meeting: z.boolean(),
  stage: z.boolean(),
  withdraws: z.boolean(),
  assignee: z.enum(["owner", "actor", "member"]),
  member: z.string(),
});
type Values = z.infer<typeof schema>;

const NORMAL = 1;
const first = () => ({ day: "1", title: "", kind: "call", priority: NORMAL });

const valuesOf = (one: Sequence | undefined): Values => ({
  name: one?.name ?? "",
  enabled: one?.enabled ?? true,
  steps: one?.steps.map(({ day, title, kind, priority }) => ({
    day: String(day),
    title,
    kind: kind ?? "task",
    priority: priority ?? NORMAL,
  })) ?? [first()],
  days: one?.days ?? "working",
  at_time: one?.at_time ?? "",
  reply: one ? one.cancel_on.includes("reply") : true,
  meeting: one ? one.cancel_on.includes("meeting") : true,
  stage: one ? one.cancel_on.includes("stage") : false,
  withdraws: one?.withdraws ?? true,
  assignee: one?.assignee ?? "owner",
  member: one?.member ?? "",
});

/** Half of each would be somebody for whom nobody meant it. */
const TOGETHER = ["assignee", "member"] as const;
const LABELS = {
  name: "field.name",
  enabled: "field.enabled",
  steps: "sequences.steps",
  days: "field.counted",
  at_time: "field.at",
  reply: "field.conditions.reply",
  meeting: "field.conditions.meeting",
  stage: "field.conditions.stage",
  withdraws: "field.withdraws",
  assignee: "field.assignee",
  member: "field.member",
} as const;

/** As it is sent: what was left empty is left out. */
function bodyOf({ reply, meeting, stage, at_time, member, steps, ...rest }: Values): Schema["NewSequence"] {
  return {
    ...rest,
    steps: steps.map((step) => ({ ...step, day: Number(step.day), kind: step.kind as Schema["TaskKind"] })),
    cancel_on: conditionsOf({ reply, meeting, stage }),
    ...(at_time && { at_time }),
    ...(member && { member }),
  };
}

export function SequenceDialog({ sequence, onClose }: { sequence: Sequence | "new" | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const old = sequence === "new" ? undefined : sequence;
  return (
    <Dialog
      open={sequence !== undefined}
      onClose={onClose}
      title={old ? t("followups.rules.edit", { name: old.name }) : t("followups.sequences.add")}
    >
      <Form key={old?.id ?? "new"} old={old} onClose={onClose} />
    </Dialog>
  );
}

function Form({ old, onClose }: { old: Sequence | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { newer, update, theirs } = useBased(old, valuesOf, TOGETHER);
  /** On top of the version that `base` is; a new one has none. */
  const write = (values: Values, base?: Sequence) => {
    const body = bodyOf(values);
    if (!base) return ok(api.POST("/v1/sequences", { body }));
    const params = { path: { id: base.id }, header: ifMatch(base.version) };
    return ok(api.PUT("/v1/sequences/{id}", { params, body }));
  };
  const { form, onSubmit, busy, trouble } = useServerForm<Values>({
    schema,
    defaults: valuesOf(old),
    submit: async (values) => {
      const saved = old
        ? await update(form, values, {
            send: (base, next) => write(next, base),
            read: () => ok(api.GET("/v1/sequences/{id}", { params: { path: { id: old.id } } })),
          })
        : await write(values);
      void cache.invalidateQueries({ queryKey: sequences.queryKey });
      say(t("followups.said.rule", { name: saved?.name ?? values.name }));
      onClose();
    },
  });
  const { fields, append, remove } = useFieldArray({ control: form.control, name: "steps" });
  const assignee = form.watch("assignee");
  const addStep = () => {
    const last = form.getValues("steps").at(-1);
    append({ ...first(), day: String(Math.min(365, (Number(last?.day) || 0) + 3)) });
  };
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <Newer
        of={newer}
        label={(key) => t(`followups.${LABELS[key]}`)}
        texts={["name", "at_time"]}
        onTheirs={() => theirs(form)}
      />
      <TextField form={form} name="name" label={t("followups.field.name")} maxLength={100} dir="auto" autoFocus />
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("followups.sequences.steps")}</legend>
        {fields.map((field, i) => (
          <section
            key={field.id}
            aria-label={t("followups.sequences.step", { step: i + 1 })}
            className="grid grid-cols-[72px_minmax(0,1fr)_120px_auto] items-start gap-2 max-sm:grid-cols-[72px_minmax(0,1fr)_auto]"
          >
            <TextField
              form={form}
              name={`steps.${i}.day`}
              label={t("followups.field.wait")}
              inputMode="numeric"
              dir="ltr"
              maxLength={3}
            />
            <TextField
              form={form}
              name={`steps.${i}.title`}
              label={t("followups.field.task")}
              maxLength={200}
              dir="auto"
              frameClass="max-sm:col-span-2"
            />
            <SelectField
              form={form}
              name={`steps.${i}.kind`}
              label={t("followups.field.kind")}
              frameClass="max-sm:col-span-2"
            >
              {TASK_KINDS.map((value) => (
                <option key={value} value={value}>
                  {t(`followups.field.kinds.${value}`)}
                </option>
              ))}
            </SelectField>
            <span className={`mt-6 grid place-items-center ${inputHeight}`}>
              <IconButton
                label={t("followups.sequences.removeStep", { step: i + 1 })}
                disabled={fields.length === 1}
                onClick={() => remove(i)}
              >
                <X />
              </IconButton>
            </span>
          </section>
        ))}
        <p className="text-cap text-muted">{t("followups.field.taskHelp")}</p>
        <span>
          <Button size="small" icon={<Plus />} disabled={fields.length >= 30} onClick={addStep}>
            {t("followups.sequences.addStep")}
          </Button>
        </span>
      </fieldset>
      <div className="grid grid-cols-2 gap-3.5 max-sm:grid-cols-1">
        <SelectField form={form} name="days" label={t("followups.field.counted")}>
          {(["working", "calendar"] as const).map((value) => (
            <option key={value} value={value}>
              {t(`followups.field.days.${value}`)}
            </option>
          ))}
        </SelectField>
        <TextField
          form={form}
          name="at_time"
          type="time"
          optional
          label={t("followups.field.at")}
          help={t("followups.field.atHelp")}
        />
        <SelectField form={form} name="assignee" label={t("followups.field.assignee")}>
          {(["owner", "actor", "member"] as const).map((value) => (
            <option key={value} value={value}>
              {t(`followups.field.assignees.${value}`)}
            </option>
          ))}
        </SelectField>
        {assignee === "member" && <MemberField form={form} />}
      </div>
      <Conditions form={form} />
      <Check form={form} name="withdraws" label={t("followups.field.withdraws")} />
      <Check form={form} name="enabled" label={t("followups.field.enabled")} />
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy}>
          {t("action.save")}
        </Button>
      </footer>
    </form>
  );
}
