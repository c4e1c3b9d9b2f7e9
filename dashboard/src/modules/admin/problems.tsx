import { ChevronRight, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Panel } from "@/ui/panel";
import { PlainLink } from "@/ui/link";
import type { Admin } from "./api";

type Health = Admin["Health"];
export const PROBLEMS = [
  "core_away",
  "edge_away",
  "migrations_failed",
  "events_stuck",
  "jobs_stuck",
  "dead_jobs",
  "mails_stuck",
  "locks_stuck",
  "no_ready_schema",
] as const;
type Problem = (typeof PROBLEMS)[number];
const isProblem = (name: string): name is Problem => (PROBLEMS as readonly string[]).includes(name);

/** Where somebody looks after it. */
const PLACE = {
  core_away: "/admin/health",
  edge_away: "/admin/health",
  migrations_failed: "/admin/schemas",
  events_stuck: "/admin/health",
  jobs_stuck: "/admin/jobs",
  dead_jobs: "/admin/jobs",
  mails_stuck: "/admin/health",
  locks_stuck: "/admin/health",
  no_ready_schema: "/admin/schemas",
} as const satisfies Record<Problem, string>;

/** The worst first, in words with their figures. */
export function useProblems(now: Health | undefined): { problem: Problem; text: string }[] {
  const { t } = useTranslation();
  const formats = useFormats();
  if (!now) return [];
  const ago = (at: string | null | undefined) => (at ? formats.ago(at) : "");
  const say = (problem: Problem): string => {
    switch (problem) {
      case "migrations_failed":
        return t("admin.trouble.migrations_failed", { count: now.failed_schemas });
      case "dead_jobs":
        return t("admin.trouble.dead_jobs", { count: now.dead_jobs });
      case "events_stuck":
        return t("admin.trouble.events_stuck", { count: now.events_waiting, ago: ago(now.oldest_event_at) });
      case "jobs_stuck":
        return t("admin.trouble.jobs_stuck", { count: now.jobs_due, ago: ago(now.oldest_due_at) });
      case "mails_stuck":
        return t("admin.trouble.mails_stuck", { count: now.mails_waiting, ago: ago(now.oldest_mail_at) });
      case "locks_stuck":
        return t("admin.trouble.locks_stuck", { count: now.lock_waits });
      default:
        return t(`admin.trouble.${problem}`);
    }
  };
  return PROBLEMS.filter((problem) => now.problems.includes(problem)).map((problem) => ({
    problem,
    text: say(problem),
  }));
}

/** One sentence that says how things are, then the first fact. */
export function useVerdict(now: Health | undefined): { title: string; text: string } | undefined {
  const { t } = useTranslation();
  const formats = useFormats();
  const problems = useProblems(now);
  if (!now) return undefined;
  if (now.problems.length === 0)
    return {
      title: t("admin.allWell"),
      text: t("admin.allWellText", {
        accounts: formats.count(now.agencies + now.clients),
        version: now.schema_version,
      }),
    };
  const known = now.problems.filter(isProblem);
  return {
    title: t("admin.offCourse", { count: now.problems.length }),
    text: known.length > 0 ? (problems[0]?.text ?? "") : now.problems.join(", "),
  };
}

export function ProblemList({ health: now }: { health: Health }) {
  const { t } = useTranslation();
  const problems = useProblems(now);
  return (
    <Panel bare label={t("admin.offCourse", { count: problems.length })}>
      <ul>
        {problems.map(({ problem, text }) => (
          <li key={problem} className="border-line border-b last:border-0">
            <PlainLink
              to={PLACE[problem]}
              {...(problem === "dead_jobs" && { search: { state: "dead" } })}
              {...(problem === "migrations_failed" && { search: { state: "failed" } })}
              className="flex min-h-[52px] items-center gap-3 px-[18px] py-2.5 text-[13.5px] hover:bg-hover max-md:px-4"
            >
              <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-warning-text" />
              <span className="min-w-0 flex-1">
                <b className="block font-[570]">{text}</b>
                <span className="block text-[12.5px] text-muted">{t(`admin.means.${problem}`)}</span>
              </span>
              <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-muted rtl:-scale-x-100" />
            </PlainLink>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
