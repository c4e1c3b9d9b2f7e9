import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleX, RotateCw, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { type Admin, health } from "./api";
import { AdminPage } from "./page";
import { bytes } from "@/ui/bytes";
import { Verdict } from "./parts";
import { ProblemList, useVerdict } from "./problems";
import { SchemaGalaxy } from "./schema-galaxy";
import { WidgetOrigins } from "./sightings";
import { type Column, Table } from "./table";
import { Answers } from "./traffic";
import { Steadiness } from "./uptime";

export function HealthPage() {
  const { t } = useTranslation();
  const query = useQuery(health);
  const verdict = useVerdict(query.data);
  return (
    <AdminPage title={t("admin.nav.health")}>
      {query.isPending ? (
        <div className="px-7 pt-4 max-md:px-4">
          <Panel bare>
            <SkeletonRows rows={6} tall />
          </Panel>
        </div>
      ) : !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <>
          {verdict && (
            <Verdict
              {...verdict}
              tools={
                <Button icon={<RotateCw />} busy={query.isFetching} onClick={() => void query.refetch()}>
                  {t("admin.lookAgain")}
                </Button>
              }
            />
          )}
          <div className="flex flex-col gap-4 px-7 pb-8 max-md:px-4">
            {query.data.problems.length > 0 && <ProblemList health={query.data} />}
            <Services health={query.data} />
            <Answers traffic={query.data.traffic} />
            <Steadiness uptime={query.data.uptime} />
            <div className="grid items-start gap-4 xl:grid-cols-[1.35fr_1fr]">
              <SchemaGalaxy />
              <WidgetOrigins />
            </div>
          </div>
        </>
      )}
    </AdminPage>
  );
}

type Standing = "well" | "slow" | "away";
interface Service {
  name: string;
  what: string;
  standing: Standing;
  facts: string;
  more: string;
}

/** Programs, as the database sees them, and what flows between them. */
function Services({ health: now }: { health: Admin["Health"] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const has = (...problems: string[]) => problems.some((problem) => now.problems.includes(problem));
  const since = (at: string | null | undefined) => (at ? t("admin.oldest", { ago: formats.ago(at) }) : "");
  const what = {
    core: t("admin.service.core"),
    "embed-edge": t("admin.service.edge"),
    "admin-api": t("admin.service.admin"),
  } as Record<string, string>;
  const services: Service[] = [
    ...now.programs.map(
      ({ program, instances, versions, connections }): Service => ({
        name: program,
        what: what[program] ?? "",
        standing: connections > 0 ? "well" : "away",
        facts: t("admin.instances", { count: instances }),
        more: [versions.join(", "), t("admin.connections", { count: connections })].filter(Boolean).join(" · "),
      }),
    ),
    {
      name: "postgres",
      what: t("admin.service.database"),
      standing: has("locks_stuck") ? "slow" : "well",
      facts: bytes(now.database_bytes, formats.locale),
      more: `${t("admin.connections", { count: now.connections })} · ${t("admin.lockWaits", { count: now.lock_waits })}`,
    },
    {
      name: t("admin.service.jobsName"),
      what: t("admin.service.jobs"),
      standing: has("jobs_stuck", "dead_jobs") ? "slow" : "well",
      facts: t("admin.due", { count: now.jobs_due }),
      more: [
        t("admin.jobsNote", { running: formats.count(now.jobs_running), dead: formats.count(now.dead_jobs) }),
        since(now.oldest_due_at),
      ]
        .filter(Boolean)
        .join(" · "),
    },
    {
      name: t("admin.service.eventsName"),
      what: t("admin.service.events"),
      standing: has("events_stuck") ? "slow" : "well",
      facts: t("admin.toDeliver", { count: now.events_waiting }),
      more: since(now.oldest_event_at),
    },
    {
      name: t("admin.service.mailName"),
      what: t("admin.service.mail"),
      standing: has("mails_stuck") ? "slow" : "well",
      facts: t("admin.mailsWait", { count: now.mails_waiting }),
      more: [
        t("admin.mailsSent", { count: now.mails_sent_day }),
        t("admin.mailsNote", { count: now.mails_failed_day }),
        since(now.oldest_mail_at),
      ]
        .filter(Boolean)
        .join(" · "),
    },
    {
      name: t("admin.service.migrationsName"),
      what: t("admin.service.migrations"),
      standing: has("migrations_failed", "no_ready_schema") ? "slow" : "well",
      facts: `V${now.schema_version}`,
      more: [
        t("admin.schemasWait", { count: now.waiting_schemas }),
        t("admin.schemasFailed", { count: now.failed_schemas }),
        t("admin.schemasReady", { count: now.ready_schemas }),
      ].join(" · "),
    },
  ];
  const columns: Column<Service>[] = [
    {
      id: "service",
      label: t("admin.serviceLabel"),
      cell: ({ name, what }) => (
        <span className="block truncate">
          <b className="font-mono text-[13px] font-semibold">{name}</b>
          <span className="ms-2 text-[12.5px] text-muted">{what}</span>
        </span>
      ),
    },
    { id: "state", label: t("admin.stateLabel"), cell: ({ standing }) => <Sign standing={standing} /> },
    { id: "now", label: t("admin.now"), end: true, cell: ({ facts }) => <b className="font-semibold">{facts}</b> },
    {
      id: "more",
      label: t("admin.details"),
      end: true,
      cell: ({ more }) => <span className="text-muted">{more}</span>,
    },
  ];
  return (
    <Panel bare>
      <Table label={t("admin.services")} rows={services} keyOf={({ name }) => name} columns={columns} />
    </Panel>
  );
}

const LOOK: Record<Standing, { icon: ReactNode; look: string }> = {
  well: { icon: <CircleCheck aria-hidden="true" className="size-4" />, look: "text-success-text" },
  slow: { icon: <TriangleAlert aria-hidden="true" className="size-4" />, look: "text-warning-text" },
  away: { icon: <CircleX aria-hidden="true" className="size-4" />, look: "text-danger-text" },
};

function Sign({ standing }: { standing: Standing }) {
  const { t } = useTranslation();
  const { icon, look } = LOOK[standing];
  return (
    <span className={`flex items-center gap-2 whitespace-nowrap ${look}`}>
      {icon}
      {t(`admin.standing.${standing}`)}
    </span>
  );
}
