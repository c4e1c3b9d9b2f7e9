import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { CircleCheck, CircleDot, CircleX, Clock, RotateCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Filter } from "@/ui/filter";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { type Admin, admin, ok, queues, exported, useList, useMay } from "./api";
import { Confirm } from "./confirm";
import { AdminPage } from "./page";
import { Filters, Moment, Who } from "./parts";
import { type Column, Rows, Table } from "./table";

type Job = Admin["JobView"];
const STATES = {
  queued: { tone: "neutral", icon: Clock },
  running: { tone: "accent", icon: CircleDot },
  done: { tone: "success", icon: CircleCheck },
  dead: { tone: "danger", icon: CircleX },
} as const;
type State = keyof typeof STATES;
const NAMES = ["dead", "queued", "running", "done"] as const;

export function JobsPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/admin/jobs" });
  const navigate = useNavigate();
  const cache = useQueryClient();
  const writes = useMay("platform.jobs.write");
  const standing = useQuery(queues);
  const [doomed, setDoomed] = useState<Job>();
  const set = (next: { state?: string; kind?: string }) =>
    void navigate({ to: "/admin/jobs", search: (before) => ({ ...before, ...next }), replace: true });
  const filter = [
    ...(search.state ? [`state:eq:${search.state}`] : []),
    ...(search.kind ? [`kind:eq:${search.kind}`] : []),
  ];
  const query = useList("/v1/jobs", filter.length > 0 ? { filter } : {}, 15_000);
  const count = (state: "queued" | "running" | "dead") =>
    (standing.data ?? []).reduce((all, queue) => all + queue[state], 0);
  const refresh = () => cache.invalidateQueries({ queryKey: ["admin"] });
  const retry = async (job: Job) => {
    try {
      await ok(admin.POST("/v1/jobs/{id}/retry", { params: { path: { id: job.id } } }));
      say(t("admin.retried", { kind: job.kind }));
    } catch (error) {
      sayError(t("admin.retryFailed"), error instanceof Error ? error.message : undefined);
    }
    await refresh();
  };
  const columns: Column<Job>[] = [
    {
      id: "kind",
      label: t("admin.job"),
      cell: (job) => (
        <span className="block min-w-0">
          <code className="block truncate font-mono text-[12.5px] font-semibold">{job.kind}</code>
          {job.last_error && (
            <span className="line-clamp-2 text-[12.5px] break-words text-danger-text" title={job.last_error}>
              {job.last_error}
            </span>
          )}
        </span>
      ),
    },
    {
      id: "tenant",
      label: t("admin.account"),
      cell: (job) => <Who id={job.tenant_id} name={job.tenant_name} />,
    },
    { id: "state", label: t("admin.stateLabel"), cell: (job) => <JobState state={job.state} /> },
    { id: "tries", label: t("admin.tries"), end: true, cell: (job) => `${job.attempts}/${job.max_attempts}` },
    { id: "run", label: t("admin.runAt"), end: true, cell: (job) => <Moment at={job.run_at} /> },
    { id: "made", label: t("admin.made"), end: true, roomy: true, cell: (job) => <Moment at={job.created_at} /> },
  ];
  return (
    <AdminPage title={t("admin.nav.jobs")}>
      <div className="px-7 pt-4 max-md:px-4">
        <Standing query={standing} onChoose={(kind) => set({ kind: kind === search.kind ? undefined : kind })} />
      </div>
      {/* How many kinds of work there are is known first, so that the list does not move. */}
      {!standing.isPending && (
        <>
          <Filters file={{ name: "jobs", load: () => exported("/v1/jobs", { filter }) }}>
            <Segments<State | "all">
              label={t("admin.stateLabel")}
              value={(NAMES as readonly string[]).includes(search.state ?? "") ? (search.state as State) : "all"}
              onChange={(state) => set({ state: state === "all" ? undefined : state })}
              options={[
                { value: "all", label: t("admin.all") },
                { value: "dead", label: t("admin.jobState.dead"), count: count("dead"), tone: "warning" },
                { value: "queued", label: t("admin.jobState.queued"), count: count("queued") },
                { value: "running", label: t("admin.jobState.running"), count: count("running") },
                { value: "done", label: t("admin.jobState.done") },
              ]}
            />
            <Filter
              label={t("admin.job")}
              value={search.kind}
              choices={(standing.data ?? []).map(({ kind }) => ({ value: kind, label: kind }))}
              onChange={(kind) => set({ kind })}
            />
          </Filters>
          <div className="px-7 pb-8 max-md:px-4">
            <Rows
              query={query}
              isEmpty={query.rows.length === 0}
              empty={
                search.state === "dead" && !search.kind ? (
                  <Empty title={t("admin.noDead")}>{t("admin.noDeadText")}</Empty>
                ) : filter.length > 0 ? (
                  <Empty
                    title={t("admin.noneFits")}
                    actions={
                      <Button onClick={() => set({ state: undefined, kind: undefined })}>
                        {t("action.clearFilters")}
                      </Button>
                    }
                  />
                ) : (
                  <Empty title={t("admin.noJobs")}>{t("admin.noJobsText")}</Empty>
                )
              }
            >
              <Table
                label={t("admin.nav.jobs")}
                rows={query.rows}
                keyOf={(job) => job.id}
                columns={columns}
                action={
                  writes
                    ? (job) => (
                        <span className="inline-flex gap-1.5">
                          {job.state === "dead" && (
                            <Button
                              size="small"
                              icon={<RotateCw />}
                              aria-label={t("admin.retryOne", { kind: job.kind })}
                              onClick={() => void retry(job)}
                            >
                              {t("admin.retry")}
                            </Button>
                          )}
                          {(job.state === "dead" || job.state === "queued") && (
                            <Button
                              size="small"
                              look="ghost"
                              icon={<Trash2 />}
                              aria-label={t("admin.discardOne", { kind: job.kind })}
                              onClick={() => setDoomed(job)}
                            >
                              {t("admin.discard")}
                            </Button>
                          )}
                        </span>
                      )
                    : undefined
                }
              />
            </Rows>
          </div>
        </>
      )}
      {doomed && (
        <Confirm
          danger
          title={t("admin.discardOne", { kind: doomed.kind })}
          text={t("admin.discardText", { account: doomed.tenant_name || t("admin.ofPlatform") })}
          verb={t("admin.discard")}
          onClose={() => setDoomed(undefined)}
          onDo={async () => {
            await ok(admin.DELETE("/v1/jobs/{id}", { params: { path: { id: doomed.id } } }));
            await refresh();
            say(t("admin.discarded", { kind: doomed.kind }));
          }}
        />
      )}
    </AdminPage>
  );
}

function JobState({ state }: { state: string }) {
  const { t } = useTranslation();
  const known = STATES[state as State];
  if (!known) return <Chip>{state}</Chip>;
  const Icon = known.icon;
  return (
    <Chip tone={known.tone}>
      <Icon aria-hidden="true" />
      {t(`admin.jobState.${state as State}`)}
    </Chip>
  );
}

/** How each kind of work stands. */
function Standing(props: {
  query: { data?: Admin["Queue"][]; isPending: boolean; error: unknown; refetch: () => unknown };
  onChoose: (kind: string) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { query, onChoose } = props;
  const columns: Column<Admin["Queue"]>[] = [
    {
      id: "kind",
      label: t("admin.queue"),
      cell: ({ kind }) => (
        <button
          type="button"
          onClick={() => onChoose(kind)}
          className="reach block max-w-full rounded-chip font-mono text-[12.5px] font-semibold hover:underline"
        >
          <span className="block truncate">{kind}</span>
        </button>
      ),
    },
    { id: "queued", label: t("admin.jobState.queued"), end: true, cell: ({ queued }) => formats.count(queued) },
    { id: "running", label: t("admin.jobState.running"), end: true, cell: ({ running }) => formats.count(running) },
    {
      id: "dead",
      label: t("admin.jobState.dead"),
      end: true,
      cell: ({ dead }) => (
        <span className={dead > 0 ? "font-semibold text-danger-text" : undefined}>{formats.count(dead)}</span>
      ),
    },
    {
      id: "oldest",
      label: t("admin.oldestDue"),
      end: true,
      cell: ({ oldest_due_at }) => (oldest_due_at ? formats.ago(oldest_due_at) : "–"),
    },
  ];
  return (
    <Panel title={t("admin.queues")} flush>
      {query.isPending ? (
        <SkeletonRows rows={3} />
      ) : !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.length === 0 ? (
        <p className="px-[18px] pb-4 text-sm text-muted">{t("admin.noQueues")}</p>
      ) : (
        <Table label={t("admin.queues")} rows={query.data} keyOf={({ kind }) => kind} columns={columns} />
      )}
    </Panel>
  );
}
