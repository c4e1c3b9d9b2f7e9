import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CalendarClock, Download, Pause, Play, Send, Trash2 } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { SheetButton } from "@/modules/sheets/export";
import { useMembers } from "@/modules/tasks/data";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame, Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { save } from "@/ui/save";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import type { ReportSearch } from "./address";
import { runs, type Schedule, schedules, schedulesFile } from "./data";

const CADENCES = ["daily", "weekly", "monthly"] as const;
const FORMATS = ["pdf", "xlsx", "csv"] as const;
const TIME = /^(\d\d):(\d\d)$/;

/** The days of the week in the reader's language, from Monday. */
const weekdays = (locale: string) => {
  const format = new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" });
  return Array.from({ length: 7 }, (_, n) => format.format(Date.UTC(2024, 0, 1 + n)));
};

/** Reports that come by themselves: what comes when to whom, what became of it, and a new one of what is on the screen. */
export function Schedules({ search }: { search: ReportSearch }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<CalendarClock />} onClick={() => setOpen(true)}>
        <span className="max-sm:sr-only">{t("reports.schedules.title")}</span>
      </Button>
      <Dialog
        wide
        open={open}
        onClose={() => setOpen(false)}
        title={t("reports.schedules.title")}
        lead={t("reports.schedules.lead")}
      >
        <Listing />
        <NewSchedule search={search} />
      </Dialog>
    </>
  );
}

function Listing() {
  const { t } = useTranslation();
  const query = useQuery(schedules);
  if (query.isPending) return <SkeletonRows rows={2} tall />;
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.length === 0) return <Empty title={t("reports.schedules.empty")} />;
  return (
    <>
      <ul className="divide-y divide-line border-line border-y">
        {query.data.map((one) => (
          <Item key={one.id} one={one} />
        ))}
      </ul>
      <div className="my-3 flex justify-end">
        <SheetButton small name="report-schedules" load={schedulesFile} />
      </div>
    </>
  );
}

/** The same once more, as it comes now; what had come before is gone. */
async function restore(one: Schedule): Promise<void> {
  const {
    id: _id,
    owner: _owner,
    state,
    next_at: _next,
    created_at: _made,
    updated_at: _changed,
    version: _v,
    ...body
  } = one;
  const { id, version } = await ok(api.POST("/v1/report-schedules", { body }));
  if (state === "active") return;
  const params = { path: { id }, header: ifMatch(version) };
  await ok(api.PATCH("/v1/report-schedules/{id}", { params, body: { active: false } }));
}

function useChanges(one: Schedule) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const mine = useMe()?.user?.id === one.owner;
  const settle = {
    onSuccess: () => void cache.invalidateQueries({ queryKey: ["report_schedules"] }),
    onError: (error: unknown) => sayError(one.name, sayThrown(error)),
  };
  const params = { path: { id: one.id } };
  const header = ifMatch(one.version);
  const undo = useMutation({ mutationFn: () => restore(one), ...settle });
  return {
    turn: useMutation({
      mutationFn: (active: boolean) =>
        ok(api.PATCH("/v1/report-schedules/{id}", { params: { ...params, header }, body: { active } })),
      ...settle,
    }),
    remove: useMutation({
      mutationFn: () => ok(api.DELETE("/v1/report-schedules/{id}", { params: { ...params, header } })),
      ...settle,
      onSuccess: () => {
        settle.onSuccess();
        // Whoever makes it again is its owner, and it shows what he may see: of others that would be another report.
        say(t("reports.schedules.removed", { name: one.name }), mine ? { undo: () => undo.mutate() } : {});
      },
    }),
    send: useMutation({
      mutationFn: () => ok(api.POST("/v1/report-schedules/{id}/runs", { params })),
      ...settle,
      onSuccess: () => {
        void cache.invalidateQueries({ queryKey: ["report_runs"] });
        say(t("reports.schedules.sending", { name: one.name }));
      },
    }),
  };
}

function Item({ one }: { one: Schedule }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { turn, remove, send } = useChanges(one);
  const [asking, setAsking] = useState(false);
  const active = one.state === "active";
  const label = (key: "send" | "pause" | "resume" | "remove") => t(`reports.schedules.${key}`, { name: one.name });
  return (
    <li className="py-2.5">
      <div className="flex items-center gap-1">
        <span className="min-w-0 flex-1">
          <bdi className="block truncate text-sm font-[560]">{one.name}</bdi>
          <span className="block text-[12.5px] text-muted">
            {t(`reports.kinds.${one.kind}`)} · {t(`reports.schedules.cadences.${one.cadence}`)} ·{" "}
            {active && one.next_at ? formats.when(one.next_at) : t(`reports.schedules.states.${one.state}`)}
          </span>
        </span>
        <IconButton writes label={label("send")} onClick={() => send.mutate()}>
          <Send />
        </IconButton>
        <IconButton writes label={label(active ? "pause" : "resume")} onClick={() => turn.mutate(!active)}>
          {active ? <Pause /> : <Play />}
        </IconButton>
        <IconButton writes label={label("remove")} onClick={() => setAsking(!asking)}>
          <Trash2 />
        </IconButton>
      </div>
      {asking && (
        <div className="mt-2 flex justify-end gap-2">
          <Button size="small" onClick={() => setAsking(false)}>
            {t("action.cancel")}
          </Button>
          <Button size="small" look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            {label("remove")}
          </Button>
        </div>
      )}
      <History one={one} onRetry={() => send.mutate()} />
    </li>
  );
}

/** Gets the file of one time that it came. */
function useFile() {
  const { t } = useTranslation();
  return useMutation({
    mutationFn: async (run: string) => {
      const params = { path: { id: run } };
      const answer = await api.GET("/v1/report-runs/{id}/file", { params, parseAs: "blob" });
      const file = await ok(Promise.resolve(answer));
      const [, name = "report"] =
        /filename="([^"]+)"/.exec(answer.response.headers.get("content-disposition") ?? "") ?? [];
      save(file as Blob, name);
    },
    onError: (error) => sayError(t("reports.schedules.arrived"), sayThrown(error)),
  });
}

/** The file that the link of a mail means. */
export function Arrived({ run }: { run: string }) {
  const { t } = useTranslation();
  const { mutate, isPending } = useFile();
  return (
    <div className="flex items-center gap-3 rounded-panel border border-line bg-surface px-[18px] py-3 print:hidden">
      <p className="min-w-0 flex-1 text-sm">{t("reports.schedules.arrived")}</p>
      <Button look="primary" icon={<Download />} busy={isPending} onClick={() => mutate(run)}>
        {t("reports.download")}
      </Button>
    </div>
  );
}

/** What became of it, with the file of each time. */
function History({ one, onRetry }: { one: Schedule; onRetry: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data = [] } = useQuery(runs(one.id));
  const { mutate } = useFile();
  if (data.length === 0) return null;
  return (
    <details className="mt-1">
      <summary className="flex min-h-9 cursor-pointer items-center text-[12.5px] text-accent-text coarse:min-h-11">
        {t("reports.schedules.history", { count: data.length })}
      </summary>
      <ul className="text-[12.5px]">
        {data.map((run) => (
          <li key={run.id} className="flex min-h-9 items-center gap-2">
            <time dateTime={run.due_at} className="num w-40 shrink-0 text-muted">
              {formats.when(run.due_at)}
            </time>
            <span className={`min-w-0 flex-1 ${run.state === "failed" ? "text-danger-text" : ""}`}>
              {t(`reports.schedules.runs.${run.state}`)}
              {run.error && ` · ${run.error === "owner_rights_lost" ? t("reports.schedules.lost") : run.error}`}
            </span>
            {run.state === "sent" && (
              <IconButton
                small
                label={t("reports.schedules.file", { when: formats.when(run.due_at) })}
                onClick={() => mutate(run.id)}
              >
                <Download />
              </IconButton>
            )}
            {run.state === "failed" && (
              <Button writes size="small" onClick={onRetry}>
                {t("action.retry")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** A new one of the report on the screen. */
function NewSchedule({ search }: { search: ReportSearch }) {
  const { t } = useTranslation();
  const me = useMe();
  const { locale } = useFormats();
  const members = useMembers();
  const cache = useQueryClient();
  const id = useId();
  const kind = search.kind ?? "overview";
  const mine = me?.user?.id;
  const [cadence, setCadence] = useState<(typeof CADENCES)[number]>("weekly");
  const [chosen, setChosen] = useState<string[]>();
  const recipients = chosen ?? (mine ? [mine] : []);
  const people = new Map(members);
  if (me?.user) people.set(me.user.id, me.user.name);
  const { mutate, isPending } = useMutation({
    mutationFn: (body: Schema["NewReportSchedule"]) => ok(api.POST("/v1/report-schedules", { body })),
    onSuccess: ({ name }) => {
      void cache.invalidateQueries({ queryKey: ["report_schedules"] });
      say(t("reports.schedules.made", { name }));
    },
    onError: (error) => sayError(t("reports.schedules.add"), sayThrown(error)),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const [, hour = "8", minute = "0"] = TIME.exec(String(given.get("time"))) ?? [];
    const { span = "this_month", compare, member, team, pipeline } = search;
    mutate({
      name: String(given.get("name")),
      kind,
      span: span === "days" ? "this_month" : span,
      ...(compare && { compare }),
      ...(member && { member }),
      ...(team && { team }),
      ...(pipeline && { pipeline }),
      format: FORMATS.find((format) => format === given.get("format")) ?? "pdf",
      cadence,
      day: Number(given.get("day") ?? 1),
      minute: Number(hour) * 60 + Number(minute),
      recipients,
    });
  };
  const input = `${inputLook} ${inputHeight}`;
  return (
    <form onSubmit={submit} className="mt-5">
      <h3 className="mb-3 text-sm font-semibold">{t("reports.schedules.add")}</h3>
      <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
        <FieldFrame id={`${id}n`} label={t("reports.schedules.name")}>
          <input
            id={`${id}n`}
            name="name"
            required
            maxLength={100}
            defaultValue={t(`reports.kinds.${kind}`)}
            className={input}
          />
        </FieldFrame>
        <FieldFrame id={`${id}c`} label={t("reports.schedules.cadence")}>
          <Select
            id={`${id}c`}
            value={cadence}
            onChange={({ target }) => setCadence(CADENCES.find((c) => c === target.value) ?? "weekly")}
          >
            {CADENCES.map((value) => (
              <option key={value} value={value}>
                {t(`reports.schedules.cadences.${value}`)}
              </option>
            ))}
          </Select>
        </FieldFrame>
        {cadence === "weekly" && (
          <FieldFrame id={`${id}d`} label={t("reports.schedules.weekday")}>
            <Select id={`${id}d`} name="day" defaultValue="1">
              {weekdays(locale).map((name, n) => (
                <option key={name} value={n + 1}>
                  {name}
                </option>
              ))}
            </Select>
          </FieldFrame>
        )}
        {cadence === "monthly" && (
          <FieldFrame id={`${id}d`} label={t("reports.schedules.monthday")}>
            <input id={`${id}d`} name="day" type="number" min={1} max={31} defaultValue={1} className={input} />
          </FieldFrame>
        )}
        <FieldFrame id={`${id}t`} label={t("reports.schedules.time")}>
          <input id={`${id}t`} name="time" type="time" required defaultValue="08:00" className={input} />
        </FieldFrame>
        <FieldFrame id={`${id}f`} label={t("reports.schedules.format")}>
          <Select id={`${id}f`} name="format" defaultValue="pdf">
            {FORMATS.map((format) => (
              <option key={format} value={format}>
                {t(`reports.${format}`)}
              </option>
            ))}
          </Select>
        </FieldFrame>
      </div>
      <fieldset className="mt-3">
        <legend className="mb-1 text-sm font-[520]">{t("reports.schedules.to")}</legend>
        <div className="flex max-h-40 flex-wrap gap-x-4 overflow-y-auto">
          {[...people].map(([value, name]) => (
            <label key={value} className="flex min-h-9 items-center gap-2 text-sm coarse:min-h-11">
              <input
                type="checkbox"
                checked={recipients.includes(value)}
                onChange={({ target }) =>
                  setChosen(target.checked ? [...recipients, value] : recipients.filter((one) => one !== value))
                }
              />
              <bdi>{name}</bdi>
            </label>
          ))}
        </div>
      </fieldset>
      <div className="mt-4 flex justify-end">
        <Button type="submit" look="primary" busy={isPending} disabled={recipients.length === 0}>
          {t("reports.schedules.add")}
        </Button>
      </div>
    </form>
  );
}
