import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, Moon, RotateCcw, Trash2 } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok } from "@/api/client";
import { useMay, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame, SelectField, TextField } from "@/ui/field";
import { type ServerForm, useServerForm } from "@/ui/form";
import { inputLook } from "@/ui/input-look";
import { PlainLink } from "@/ui/link";
import { Failed, SkeletonRows } from "@/ui/states";
import { say } from "@/ui/toast";
import { KINDS, PRIORITIES } from "../address";
import { task as one, type Task, useMembers } from "../data";
import { type About, AboutField } from "./about";
import { BEFORE, BEFORE_DAY, bodyOf, RULES, schema, type Values, valuesOf } from "./fields";
import { Due, type Around } from "./row";

const NAMED: readonly string[] = RULES.map(([, rule]) => rule);

/** A new task: its name is enough. What is open around it is what it is about. */
export function NewTask(props: { open: boolean; onClose: () => void; about?: readonly About[] }) {
  const { t } = useTranslation();
  return (
    <Dialog open={props.open} onClose={props.onClose} title={t("tasks.create")} wide>
      <Make about={props.about ?? []} onClose={props.onClose} />
    </Dialog>
  );
}

function Make({ about: first, onClose }: { about: readonly About[]; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const me = useMe();
  const { dayKey } = useFormats();
  const [about, setAbout] = useState<readonly About[]>(first);
  const server = useServerForm<Values>({
    schema,
    defaults: {
      title: "",
      kind: "task",
      priority: "normal",
      due_on: dayKey(new Date()),
      due_time: "",
      assignee: me?.user?.id ?? "",
      reminder: "",
      rule: "",
      repeats: "schedule",
      description: "",
    },
    submit: async (values) => {
      const body = { ...bodyOf(values, undefined), ...linksOf(about, undefined) };
      const made = await ok(api.POST("/v1/tasks", { body }));
      void cache.invalidateQueries({ queryKey: ["tasks"] });
      say(t("tasks.said.created", { title: made.title }));
      onClose();
    },
  });
  return (
    <form onSubmit={server.onSubmit} noValidate className="flex flex-col gap-3.5">
      <Fields server={server} about={about} onAbout={setAbout} />
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={server.busy}>
          {t("action.add")}
        </Button>
      </footer>
    </form>
  );
}

/** A task, to be read, changed and ended. */
export function TaskPanel({ id, around, onClose }: { id: string | undefined; around: Around; onClose: () => void }) {
  const { t } = useTranslation();
  const [last, setLast] = useState(id);
  // Its words stay while it goes away.
  if (id && id !== last) setLast(id);
  const query = useQuery({ ...one(last ?? ""), enabled: last !== undefined });
  return (
    <Dialog open={id !== undefined} onClose={onClose} title={query.data?.title ?? t("tasks.one")} wide>
      {query.isPending ? (
        <SkeletonRows rows={6} />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        query.data && <Change key={query.data.id} task={query.data} around={around} onClose={onClose} />
      )}
    </Dialog>
  );
}

function Change({ task, around, onClose }: { task: Task; around: Around; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const writes = useMay("tasks.write");
  const deletes = useMay("tasks.delete");
  const { changes } = around;
  // What the typed text is based on: news that arrive meanwhile are not overwritten, the server says 412.
  const [base] = useState(task);
  const [about, setAbout] = useState<readonly About[]>(aboutOf(base));
  const server = useServerForm<Values>({
    schema,
    defaults: valuesOf(base),
    submit: async (values) => {
      const body = { ...bodyOf(values, null), ...linksOf(about, null) };
      const params = { path: { id: base.id }, header: ifMatch(base.version) };
      const fresh = await ok(api.PATCH("/v1/tasks/{id}", { params, body }));
      cache.setQueryData(one(base.id).queryKey, fresh);
      void cache.invalidateQueries({ queryKey: ["tasks"] });
      say(t("action.saved"));
      onClose();
    },
  });
  const end = (run: () => void) => () => {
    onClose();
    run();
  };
  const open = task.status === "open";
  return (
    <form onSubmit={server.onSubmit} noValidate className="flex flex-col gap-3.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm text-muted">
        <Due task={task} />
        <Links task={task} />
        <span className="flex-1" />
        {writes && open && (
          <>
            <Button size="small" writes icon={<Check />} onClick={end(() => changes.complete.mutate({ task }))}>
              {t("tasks.complete")}
            </Button>
            <Button size="small" writes look="ghost" icon={<Moon />} onClick={end(() => around.onSkip(task))}>
              {t("tasks.skip")}
            </Button>
          </>
        )}
        {writes && !open && (
          <Button size="small" writes icon={<RotateCcw />} onClick={end(() => changes.reopen.mutate(task))}>
            {t("tasks.reopen")}
          </Button>
        )}
        {deletes && (
          <IconButton small label={t("tasks.delete")} onClick={end(() => changes.remove.mutate(task))}>
            <Trash2 />
          </IconButton>
        )}
      </div>
      {task.outcome && (
        <p dir="auto" className="rounded-[10px] bg-sunken px-3 py-2 text-sm whitespace-pre-line break-words">
          {task.outcome}
        </p>
      )}
      <Fields server={server} about={about} onAbout={setAbout} kept={base} />
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t(writes ? "action.cancel" : "action.close")}
        </Button>
        {writes && (
          <Button type="submit" look="primary" busy={server.busy}>
            {t("action.save")}
          </Button>
        )}
      </footer>
    </form>
  );
}

const aboutOf = (task: Task): About[] => [
  ...(task.contact ? [{ kind: "contact" as const, id: task.contact, name: task.contact_name ?? "–" }] : []),
  ...(task.company ? [{ kind: "company" as const, id: task.company, name: task.company_name ?? "–" }] : []),
  ...(task.deal ? [{ kind: "deal" as const, id: task.deal, name: task.deal_title ?? "–" }] : []),
];

const linksOf = <E extends null | undefined>(about: readonly About[], empty: E) => {
  const of = (kind: About["kind"]) => about.find((link) => link.kind === kind)?.id ?? empty;
  return { contact: of("contact"), company: of("company"), deal: of("deal") };
};

/** The way to what a task is about. */
function Links({ task }: { task: Task }) {
  const look = "reach max-w-52 truncate text-accent-text hover:underline";
  return (
    <>
      {task.contact && task.contact_name && (
        <PlainLink to="/contacts/$id" params={{ id: task.contact }} className={look}>
          <bdi>{task.contact_name}</bdi>
        </PlainLink>
      )}
      {task.company && task.company_name && (
        <PlainLink to="/companies/$id" params={{ id: task.company }} className={look}>
          <bdi>{task.company_name}</bdi>
        </PlainLink>
      )}
      {task.deal && task.deal_title && (
        <PlainLink to="/deals/$id" params={{ id: task.deal }} className={look}>
          <bdi>{task.deal_title}</bdi>
        </PlainLink>
      )}
    </>
  );
}

function Fields(props: {
  server: ServerForm<Values>;
  about: readonly About[];
  onAbout: (about: readonly About[]) => void;
  kept?: Task;
}) {
  const { t } = useTranslation();
  const id = useId();
  const { server, about, onAbout, kept } = props;
  const { form, trouble } = server;
  const members = useMembers();
  const timed = form.watch("due_time") !== "";
  const rule = form.watch("rule");
  const reminders: readonly number[] = timed ? BEFORE : BEFORE_DAY;
  const offered = reminders.map(String);
  const chosen = form.watch("reminder");
  return (
    <>
      {trouble}
      <TextField form={form} name="title" label={t("tasks.field.title")} autoFocus={!kept} />
      <div className="grid grid-cols-2 gap-3.5">
        <TextField form={form} name="due_on" type="date" label={t("tasks.field.due_on")} optional />
        <TextField form={form} name="due_time" type="time" label={t("tasks.field.due_time")} optional />
      </div>
      <div className="grid grid-cols-2 gap-3.5">
        <SelectField form={form} name="kind" label={t("tasks.field.kind")}>
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`tasks.kind.${kind}`)}
            </option>
          ))}
        </SelectField>
        <SelectField form={form} name="priority" label={t("tasks.field.priority")}>
          {PRIORITIES.map((priority) => (
            <option key={priority} value={priority}>
              {t(`tasks.priority.${priority}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <AboutField about={about} onChange={onAbout} />
      <div className="grid grid-cols-2 gap-3.5 max-sm:grid-cols-1">
        {members.size > 0 && (
          <SelectField form={form} name="assignee" label={t("tasks.field.assignee")} optional>
            <option value="">{t("tasks.nobody")}</option>
            {[...members].map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </SelectField>
        )}
        <SelectField form={form} name="reminder" label={t("tasks.field.reminder")} optional>
          <option value="">{t("tasks.noReminder")}</option>
          {reminders.map((minutes) => (
            <option key={minutes} value={String(minutes)}>
              {t(`tasks.before.m${minutes}` as "tasks.before.m0")}
            </option>
          ))}
          {chosen !== "" && !offered.includes(chosen) && <option value={chosen}>{t("tasks.ownReminder")}</option>}
        </SelectField>
      </div>
      <div className="grid grid-cols-2 gap-3.5 max-sm:grid-cols-1">
        <SelectField form={form} name="rule" label={t("tasks.field.rule")} optional>
          <option value="">{t("tasks.noRule")}</option>
          {RULES.map(([name, value]) => (
            <option key={name} value={value}>
              {t(`tasks.rule.${name}`)}
            </option>
          ))}
          {kept?.rule && !NAMED.includes(kept.rule) && <option value={kept.rule}>{kept.rule}</option>}
        </SelectField>
        {rule !== "" && (
          <SelectField form={form} name="repeats" label={t("tasks.field.repeats")}>
            <option value="schedule">{t("tasks.counted.schedule")}</option>
            <option value="after_completion">{t("tasks.counted.after_completion")}</option>
          </SelectField>
        )}
      </div>
      <FieldFrame id={id} label={t("tasks.field.description")} optional>
        <textarea
          id={id}
          rows={3}
          maxLength={5000}
          {...form.register("description")}
          className={`${inputLook} resize-y py-2`}
        />
      </FieldFrame>
    </>
  );
}
