import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { stages } from "@/modules/contacts/data";
import { pipelines } from "@/modules/deals/data";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { useBased } from "@/ui/merge";
import { Newer } from "@/ui/newer";
import { say } from "@/ui/toast";
import { type Rule, rules, sequences } from "../data";
import { Check, Conditions, conditionsOf, MemberField, Tasks } from "./parts";

const whole = /^\d{1,3}$/;

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(100, "too_long")),
  cause: z.enum(["activity", "deal_stage", "contact_stage"]),
  activity_kind: z.string(),
  direction: z.string(),
  topic: z.string(),
  deal_stage: z.string(),
  contact_stage: z.string(),
  wait_days: z.string().check(z.regex(whole, "days_range")),
  days: z.enum(["working", "calendar"]),
  at_time: z.string(),
  reply: z.boolean(),
  meeting: z.boolean(),
  stage: z.boolean(),
  restarts: z.boolean(),
  withdraws: z.boolean(),
  sequence: z.string(),
  task_title: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(200, "too_long")),
  task_kind: z.string(),
  task_priority: z.string(),
  assignee: z.enum(["owner", "actor", "member"]),
  member: z.string(),
});
type Values = z.infer<typeof schema>;

const valuesOf = (rule: Rule | undefined): Values => ({
  name: rule?.name ?? "",
  cause: rule?.cause ?? "activity",
  activity_kind: rule ? (rule.activity_kind ?? "") : "email",
  direction: rule ? (rule.direction ?? "") : "outbound",
  topic: rule?.topic ?? "",
  deal_stage: rule?.deal_stage ?? "",
  contact_stage: rule?.contact_stage ?? "",
  wait_days: String(rule?.wait_days ?? 3),
  days: rule?.days ?? "working",
  at_time: rule?.at_time ?? "",
  reply: rule ? rule.cancel_on.includes("reply") : true,
  meeting: rule ? rule.cancel_on.includes("meeting") : true,
  stage: rule ? rule.cancel_on.includes("stage") : true,
  restarts: rule?.restarts ?? true,
  withdraws: rule?.withdraws ?? true,
  sequence: rule?.sequence ?? "",
  task_title: rule?.task_title ?? "",
  task_kind: rule?.task_kind ?? "call",
  task_priority: rule?.task_priority ?? "normal",
  assignee: rule?.assignee ?? "owner",
  member: rule?.member ?? "",
});

/** What starts it is said by several fields, and so is for whom the task is: half of each would be a rule that nobody meant. */
const TOGETHER = [
  "cause",
  "activity_kind",
  "direction",
  "topic",
  "deal_stage",
  "contact_stage",
  "assignee",
  "member",
] as const;
const LABELS = {
  name: "field.name",
  cause: "field.cause",
  activity_kind: "field.kind",
  direction: "field.direction",
  topic: "field.topic",
  deal_stage: "field.stage",
  contact_stage: "field.stage",
  wait_days: "field.wait",
  days: "field.counted",
  at_time: "field.at",
  reply: "field.conditions.reply",
  meeting: "field.conditions.meeting",
  stage: "field.conditions.stage",
  restarts: "field.restarts",
  withdraws: "field.withdraws",
  sequence: "field.makes",
  task_title: "field.task",
  task_kind: "field.taskKind",
  task_priority: "field.priority",
  assignee: "field.assignee",
  member: "field.member",
} as const;

/** As it is sent: what was left empty is left out. */
function bodyOf(values: Values, enabled: boolean): Schema["NewFollowUpRule"] {
  const { reply, meeting, stage, ...rest } = values;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== ""));
  return {
    ...(given as unknown as Schema["NewFollowUpRule"]),
    wait_days: Number(values.wait_days),
    enabled,
    cancel_on: conditionsOf({ reply, meeting, stage }),
  };
}

export function RuleDialog({ rule, onClose }: { rule: Rule | "new" | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const old = rule === "new" ? undefined : rule;
  return (
    <Dialog
      open={rule !== undefined}
      onClose={onClose}
      title={old ? t("followups.rules.edit", { name: old.name }) : t("followups.rules.add")}
    >
      <Form key={old?.id ?? "new"} rule={old} onClose={onClose} />
    </Dialog>
  );
}

function Form({ rule, onClose }: { rule: Rule | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const lines = useQuery(pipelines).data ?? [];
  const contactStages = useQuery(stages).data ?? [];
  const all = useQuery(sequences).data ?? [];
  const { newer, update, theirs } = useBased(rule, valuesOf, TOGETHER);
  /** On top of the version that `base` is; a new one has none. */
  const write = (values: Values, base?: Rule) => {
    const body = bodyOf(values, base?.enabled ?? true);
    if (!base) return ok(api.POST("/v1/follow-up-rules", { body }));
    const params = { path: { id: base.id }, header: ifMatch(base.version) };
    return ok(api.PUT("/v1/follow-up-rules/{id}", { params, body }));
  };
  const { form, onSubmit, busy, trouble } = useServerForm<Values>({
    schema,
    defaults: valuesOf(rule),
    submit: async (values) => {
      const saved = rule
        ? await update(form, values, {
            send: (base, next) => write(next, base),
            read: () => ok(api.GET("/v1/follow-up-rules/{id}", { params: { path: { id: rule.id } } })),
          })
        : await write(values);
      void cache.invalidateQueries({ queryKey: rules.queryKey });
      say(t("followups.said.rule", { name: saved?.name ?? values.name }));
      onClose();
    },
  });
  const { cause, sequence, assignee } = form.watch();
  const two = "grid grid-cols-2 gap-3.5 max-sm:grid-cols-1";
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <Newer
        of={newer}
        label={(key) => t(`followups.${LABELS[key]}`)}
        texts={["name", "wait_days", "at_time", "task_title"]}
        onTheirs={() => theirs(form)}
      />
      <TextField form={form} name="name" label={t("followups.field.name")} maxLength={100} dir="auto" autoFocus />
      <SelectField form={form} name="cause" label={t("followups.field.cause")}>
        {(["activity", "deal_stage", "contact_stage"] as const).map((value) => (
          <option key={value} value={value}>
            {t(`followups.field.causes.${value}`)}
          </option>
        ))}
      </SelectField>
      {cause === "activity" && (
        <div className="grid grid-cols-3 gap-3.5 max-sm:grid-cols-1">
          <SelectField form={form} name="activity_kind" label={t("followups.field.kind")}>
            <option value="">{t("followups.field.anything")}</option>
            {(["email", "call", "whatsapp", "sms", "message", "meeting", "other"] as const).map((value) => (
              <option key={value} value={value}>
                {t(`followups.field.activities.${value}`)}
              </option>
            ))}
          </SelectField>
          <SelectField form={form} name="direction" label={t("followups.field.direction")}>
            <option value="">{t("followups.field.anyone")}</option>
            {(["outbound", "inbound"] as const).map((value) => (
              <option key={value} value={value}>
                {t(`followups.field.directions.${value}`)}
              </option>
            ))}
          </SelectField>
          <SelectField form={form} name="topic" label={t("followups.field.topic")}>
            <option value="">{t("followups.field.anything")}</option>
            {(["proposal", "quote", "invoice"] as const).map((value) => (
              <option key={value} value={value}>
                {t(`followups.field.topics.${value}`)}
              </option>
            ))}
          </SelectField>
        </div>
      )}
      {cause === "deal_stage" && (
        <SelectField form={form} name="deal_stage" label={t("followups.field.stage")}>
          <option value="" />
          {lines.map((line) => (
            <optgroup key={line.id} label={line.name}>
              {line.stages.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </optgroup>
          ))}
        </SelectField>
      )}
      {cause === "contact_stage" && (
        <SelectField form={form} name="contact_stage" label={t("followups.field.stage")}>
          <option value="" />
          {contactStages.map(({ key, label }) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </SelectField>
      )}
      <div className="grid grid-cols-3 gap-3.5 max-sm:grid-cols-1">
        <TextField
          form={form}
          name="wait_days"
          label={t("followups.field.wait")}
          inputMode="numeric"
          dir="ltr"
          maxLength={3}
        />
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
      </div>
      <Conditions form={form} />
      <SelectField form={form} name="sequence" label={t("followups.field.makes")}>
        <option value="">{t("followups.field.aTask")}</option>
        {all.map(({ id, name }) => (
          <option key={id} value={id}>
            {t("followups.putInto", { name })}
          </option>
        ))}
      </SelectField>
      <TextField
        form={form}
        name="task_title"
        label={t("followups.field.task")}
        help={t("followups.field.taskHelp")}
        maxLength={200}
        dir="auto"
      />
      {sequence === "" && (
        <>
          <div className={two}>
            <Tasks form={form} />
          </div>
          <div className={two}>
            <SelectField form={form} name="assignee" label={t("followups.field.assignee")}>
              {(["owner", "actor", "member"] as const).map((value) => (
                <option key={value} value={value}>
                  {t(`followups.field.assignees.${value}`)}
                </option>
              ))}
            </SelectField>
            {assignee === "member" && <MemberField form={form} />}
          </div>
        </>
      )}
      <Check form={form} name="restarts" label={t("followups.field.restarts")} />
      <Check form={form} name="withdraws" label={t("followups.field.withdraws")} />
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
