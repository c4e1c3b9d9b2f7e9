import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Panel } from "@/ui/panel";
import { Failed, Later, Skeleton } from "@/ui/states";
import { AccountsOnTheMove } from "./newest";
import { type Admin, health } from "./api";
import { AdminPage } from "./page";
import { bytes } from "@/ui/bytes";
import { Verdict, VerdictComes } from "./parts";
import { ProblemList, useVerdict } from "./problems";
import { MoneyAMonth } from "./revenue-panel";
import { SchemaGalaxy } from "./schema-galaxy";
import { WidgetOrigins } from "./sightings";

export function Overview() {
  const { t } = useTranslation();
  const query = useQuery(health);
  const verdict = useVerdict(query.data);
  return (
    <AdminPage title={t("admin.nav.overview")}>
      {query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <>
          {verdict ? <Verdict title={verdict.title} text={verdict.text} /> : <VerdictComes />}
          <div className="flex flex-col gap-4 px-7 pb-8 max-md:px-4">
            {query.data && query.data.problems.length > 0 && <ProblemList health={query.data} />}
            <Instruments health={query.data} />
            <MoneyAMonth />
            <div className="grid items-start gap-4 xl:grid-cols-[1.35fr_1fr]">
              <div className="flex min-w-0 flex-col gap-4">
                <SchemaGalaxy />
                <WidgetOrigins />
              </div>
              <AccountsOnTheMove />
            </div>
          </div>
        </>
      )}
    </AdminPage>
  );
}

const GRID = "grid grid-cols-5 divide-x divide-line max-lg:grid-cols-2 max-lg:divide-x-0";

/** Five figures in one panel; what is behind each is one press away. */
function Instruments({ health: now }: { health: Admin["Health"] | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const navigate = useNavigate();
  if (!now)
    return (
      <Panel bare>
        <Later>
          <ul className={GRID}>
            {Array.from({ length: 5 }, (_, n) => (
              <li key={n} className="h-[99px] px-[18px] py-4 max-md:px-4">
                <Skeleton className="h-3 w-20" />
                <Skeleton className="mt-3 h-6 w-16" />
                <Skeleton className="mt-2.5 h-3 w-24" />
              </li>
            ))}
          </ul>
        </Later>
      </Panel>
    );
  const figures = [
    {
      to: "/admin/agencies" as const,
      label: t("admin.nav.agencies"),
      figure: formats.count(now.agencies),
      note: t("admin.active"),
    },
    {
      to: "/admin/clients" as const,
      label: t("admin.nav.clients"),
      figure: formats.count(now.clients),
      // The figure counts those at work: without the word it would read as if the stopped were among them.
      note: [t("admin.active"), now.stopped > 0 && t("admin.stoppedCount", { count: now.stopped })]
        .filter(Boolean)
        .join(" · "),
    },
    {
      to: "/admin/jobs" as const,
      label: t("admin.jobsDue"),
      figure: formats.count(now.jobs_due),
      note: t("admin.jobsNote", { running: formats.count(now.jobs_running), dead: formats.count(now.dead_jobs) }),
    },
    {
      to: "/admin/health" as const,
      label: t("admin.mails"),
      figure: formats.count(now.mails_sent_day),
      note: t("admin.mailsNote", { count: now.mails_failed_day }),
    },
    {
      to: "/admin/health" as const,
      label: t("admin.database"),
      figure: bytes(now.database_bytes, formats.locale),
      note: t("admin.connections", { count: now.connections }),
    },
  ];
  return (
    <Panel bare label={t("admin.figures")}>
      <ul className={GRID}>
        {figures.map(({ to, label, figure, note }) => (
          <li key={label} className="min-w-0">
            <button
              type="button"
              onClick={() => void navigate({ to })}
              className="h-full w-full px-[18px] py-3.5 text-start hover:bg-hover max-md:px-4"
            >
              <span className="block text-cap text-muted">{label}</span>
              <span className="num wider mt-1 block text-[26px] leading-none font-[560] tracking-[-.02em]">
                {figure}
              </span>
              <span className="num mt-1.5 block truncate text-[12.5px] text-muted">{note}</span>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
