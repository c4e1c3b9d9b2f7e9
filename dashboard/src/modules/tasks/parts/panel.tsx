import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, ChevronDown, NotebookPen, RotateCcw, SkipForward, Trash2 } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok } from "@/api/client";
import { useMay, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame, SelectField, TextField } from "@/ui/field";
import { type ServerForm, useServerForm } from "@/ui/form";
import { inputHeight, inputLook } from "@/ui/input-look";
import { PlainLink } from "@/ui/link";
import { Menu, MenuCheck } from "@/ui/menu";
import { useMerge } from "@/ui/merge";
import { Failed } from "@/ui/states";
import { say } from "@/ui/toast";
import { FilesBeside } from "../../attachments/beside";
import { KINDS, PRIORITIES } from "../address";
import { task as one, type Task, useNames } from "../data";
import { type About, AboutField } from "./about";
import { bodyOf, schema, type Values, valuesOf } from "./fields";
import { Reminders } from "./reminders";
import { Repeats } from "./repeats";
import { Due, type Around } from "./row";

/** A new task: its name is enough. What is open around it is what it is about. */
export function NewTask(props: { open: boolean; onClose: () => void; about?: readonly About[] }) {
  const { t } = useTranslation();
  return (
    <Dialog open={props.open} onClose={props.onClose} title={t("tasks.create")} wide>
      <Make about={props.about ?? []} onClose={props.onClose} />
    </Dialog>
  );
}

/** A task is done, and something follows: done by the same and about the same, unless it is changed. */
export function NextTask({ after, onClose }: { after: Task | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const [last, setLast] = useState(after);
  // Its words stay while it goes away.
  if (after && after !== last) setLast(after);
  const now = after ?? last;
  if (!now) return null;
  return (
    <Dialog
      open={after !== undefined}
      onClose={onClose}
      title={t("tasks.thenTitle")}
      lead={t("tasks.thenLead", { title: now.title })}
      wide
    >
      <Make key={now.id} about={aboutOf(now)} after={now} onClose={onClose} />
    </Dialog>
  );
}

function Make(props: { about: readonly About[]; after?: Task; onClose: () => void }) {
  const { about: first, after, onClose } = props;
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
      assignee: after?.assignee ?? me?.user?.id ?? "",
      collaborators: "",
      reminder: "",
      rule: "",
      repeats: "schedule",
      description: "",
    },
    submit: async (values) => {
      const body = { ...bodyOf(values, undefined), ...linksOf(about, undefined) };
      if (after) {
        const params = { path: { id: after.id } };
        await ok(api.POST("/v1/tasks/{id}/completion", { params, body: { next: body } }));
      } else await ok(api.POST("/v1/tasks", { body }));
      void cache.invalidateQueries({ queryKey: ["tasks"] });
      say(t("tasks.said.created", { title: body.title }), {
        ...(after && { description: t("tasks.said.done", { title: after.title }) }),
      });
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
          {t(after ? "tasks.completeAndAdd" : "action.add")}
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
    // It comes with what is in it: nothing in it moves.
    <Dialog
      open={id !== undefined && !query.isPending}
      onClose={onClose}
      title={query.data?.title ?? t("tasks.one")}
      wide
    >
      {query.isError && !query.data ? (
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
  const { newer, guarded } = useMerge<Values>();
  // What the typed text is based on: news that arrive meanwhile do not change it, or they would be overwritten.
  const [base, setBase] = useState(task);
  const [linked, setLinked] = useState<readonly About[]>();
  const about = linked ?? aboutOf(base);
  const server = useServerForm<Values>({
    schema,
    defaults: valuesOf(task),
    submit: async (values) => {
      const body = { ...bodyOf(values, null), ...linksOf(about, null) };
      const params = { path: { id: base.id }, header: ifMatch(base.version) };
      const read = async () => {
        const theirs = await cache.fetchQuery({ ...one(base.id), staleTime: 0 });
        setBase(theirs);
        return valuesOf(theirs);
      };
      const send = () => ok(api.PATCH("/v1/tasks/{id}", { params, body }));
      const fresh = await guarded(server.form, send, read);
      cache.setQueryData(one(base.id).queryKey, fresh);
      void cache.invalidateQueries({ queryKey: ["tasks"] });
      say(t("action.saved"));
      onClose();
    },
  });
  const told = TOLD.filter((key) => key in newer).map((key) => `${t(`tasks.field.${key}`)}: ${newer[key] || "–"}`);
  const end = (run: () => void) => () => {
    onClose();
    run();
  };
  const open = task.status === "open";
  return (
    <form onSubmit={server.onSubmit} noValidate className="flex flex-col gap-3.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm text-muted empty:hidden">
        <Due task={task} />
        <Links task={task} />
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 empty:hidden">
        {writes && open && (
          <>
            <Button size="small" writes icon={<Check />} onClick={end(() => changes.complete.mutate({ task }))}>
              {t("tasks.complete")}
            </Button>
            <Button
              size="small"
              writes
              look="ghost"
              icon={<NotebookPen />}
              onClick={end(() => around.asks.onNote(task))}
            >
              {t("tasks.completeNote")}
            </Button>
            <Button
              size="small"
              writes
              look="ghost"
              icon={<SkipForward />}
              onClick={end(() => around.asks.onSkip(task))}
            >
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
      <Fields server={server} about={about} onAbout={setLinked} kept={base} />
      {told.length > 0 && (
        <p className="text-sm text-muted">
          <bdi>{told.join(", ")}</bdi>
        </p>
      )}
      <FilesBeside about="task" id={task.id} over={Boolean(task.deleted_at)} />
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

/** What is said in words, so that it can be told when somebody else has changed it too. */
const TOLD = ["title", "due_on", "due_time", "description"] as const;

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
  const look = "inline-flex min-h-6 max-w-52 items-center text-accent-text hover:underline coarse:min-h-11";
  return (
    <>
      {task.contact && task.contact_name && (
        <PlainLink to="/contacts/$id" params={{ id: task.contact }} className={look}>
          <bdi className="truncate">{task.contact_name}</bdi>
        </PlainLink>
      )}
      {task.company && task.company_name && (
        <PlainLink to="/companies/$id" params={{ id: task.company }} className={look}>
          <bdi className="truncate">{task.company_name}</bdi>
        </PlainLink>
      )}
      {task.deal && task.deal_title && (
        <PlainLink to="/deals/$id" params={{ id: task.deal }} className={look}>
          <bdi className="truncate">{task.deal_title}</bdi>
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
  const me = useMe();
  const team = useMay("identity.members.read");
  const chosen = [form.getValues("assignee"), ...form.getValues("collaborators").split(",")];
  const { names, complete } = useNames(chosen);
  const people = new Map(names);
  // Names come later than the form, and whoever has left has none: who is chosen stands in the list, or the choice would be lost.
  const outside = complete ? t("tasks.outside") : "…";
  for (const one of chosen)
    if (one !== "" && !people.has(one)) people.set(one, me?.user?.id === one ? me.user.name : outside);
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
        {team && (
          <SelectField form={form} name="assignee" label={t("tasks.field.assignee")} optional>
            <option value="">{t("tasks.nobody")}</option>
            {[...people].map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </SelectField>
        )}
        {team && <Together form={form} people={people} />}
      </div>
      <Reminders form={form} />
      <Repeats form={form} />
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

/** Who sees it, changes it and is reminded of it besides whoever does it. */
function Together({ form, people }: { form: ServerForm<Values>["form"]; people: ReadonlyMap<string, string> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const id = useId();
  const chosen = form.watch("collaborators").split(",").filter(Boolean);
  const assignee = form.watch("assignee");
  const set = (next: string[]) => form.setValue("collaborators", next.join(","), { shouldDirty: true });
  return (
    <FieldFrame id={id} label={t("tasks.field.collaborators")} optional>
      <Menu
        trigger={
          <button
            type="button"
            id={id}
            className={`${inputLook} ${inputHeight} flex items-center justify-between gap-2 text-start`}
          >
            <span className="min-w-0 truncate">
              {chosen.length > 0 ? formats.list(chosen.map((one) => people.get(one) ?? "…")) : t("tasks.nobody")}
            </span>
            <ChevronDown aria-hidden="true" className="size-4 shrink-0 text-muted" />
          </button>
        }
      >
        {[...people]
          .filter(([one]) => one !== assignee)
          .map(([one, name]) => (
            <MenuCheck
              key={one}
              checked={chosen.includes(one)}
              onChange={(on) => set(on ? [...chosen, one] : chosen.filter((other) => other !== one))}
            >
              {name}
            </MenuCheck>
          ))}
      </Menu>
    </FieldFrame>
  );
}
