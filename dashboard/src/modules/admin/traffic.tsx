import { useTranslation } from "react-i18next";
import { type Formats, useFormats } from "@/i18n/format";
import { Panel } from "@/ui/panel";
import type { Admin } from "./api";
import { type Column, Table } from "./table";

type Traffic = Admin["ProgramTraffic"];

/** Slower than this for one in twenty, or more failures than this, is worth a look. */
const SLOW = 1_000_000;
const FAILING = 0.01;

/** How programs answered in the last hour, and since when their processes run. */
export function Answers({ traffic }: { traffic: readonly Traffic[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const took = (micros: number | null | undefined) => duration(micros, formats);
  const columns: Column<Traffic>[] = [
    {
      id: "service",
      label: t("admin.serviceLabel"),
      cell: (row) => <b className="font-mono text-[13px]">{row.program}</b>,
    },
    { id: "hour", label: t("admin.requestsHour"), cell: ({ minutes }) => <Bars minutes={minutes} /> },
    {
      id: "now",
      label: t("admin.now"),
      end: true,
      cell: ({ minutes }) => (
        <b className="font-semibold">
          {t("admin.perSecond", { rate: rate((minutes.at(-1)?.requests ?? 0) / 60, formats) })}
        </b>
      ),
    },
    {
      id: "mean",
      label: t("admin.meanRate"),
      end: true,
      roomy: true,
      cell: ({ requests, seconds }) => t("admin.perSecond", { rate: rate(requests / seconds, formats) }),
    },
    { id: "p50", label: "p50", end: true, cell: ({ p50_us }) => took(p50_us) },
    {
      id: "p95",
      label: "p95",
      end: true,
      cell: ({ p95_us }) => (
        <span className={(p95_us ?? 0) >= SLOW ? "font-semibold text-warning-text" : ""}>{took(p95_us)}</span>
      ),
    },
    { id: "p99", label: "p99", end: true, cell: ({ p99_us }) => took(p99_us) },
    {
      id: "errors",
      label: t("admin.errorsLabel"),
      end: true,
      cell: (row) => (
        <span className={failed(row) >= FAILING ? "font-semibold text-danger-text" : ""}>
          {share(failed(row), formats)}
        </span>
      ),
    },
  ];
  return (
    <Panel title={t("admin.answers")} note={t("admin.answersNote")} flush>
      {traffic.length === 0 ? (
        <p className="px-4 pb-4 text-sm text-muted md:px-[18px]">{t("admin.noAnswers")}</p>
      ) : (
        <>
          <Table label={t("admin.answers")} rows={traffic} keyOf={({ program }) => program} columns={columns} />
          <ul aria-label={t("admin.processes")} className="border-line border-t px-4 py-2 md:px-[18px]">
            {traffic.flatMap(({ program, processes }) =>
              processes.map(({ name, version, started_at }) => (
                <li key={`${program}${name}`} className="flex flex-wrap items-baseline gap-x-3 py-1 text-[12.5px]">
                  <span className="min-w-0 truncate font-mono">
                    {program} <bdi>{name}</bdi>
                  </span>
                  <span className="text-muted">{version}</span>
                  <time dateTime={started_at} title={formats.full(started_at)} className="ms-auto">
                    {t("admin.startedAgo", { ago: formats.ago(started_at) })}
                  </time>
                </li>
              )),
            )}
          </ul>
        </>
      )}
    </Panel>
  );
}

/** The part of the answers that were our fault. */
const failed = ({ requests, errors }: Traffic): number => (requests > 0 ? errors / requests : 0);

/** Few digits, as many as say something: 0.02, 4.1, 1,840. */
const rate = (perSecond: number, { locale }: Formats): string =>
  new Intl.NumberFormat(
    locale,
    perSecond < 100 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 },
  ).format(perSecond);

const share = (part: number, { locale }: Formats): string =>
  new Intl.NumberFormat(locale, { style: "percent", minimumFractionDigits: 2 }).format(part);

/** A time in its own unit; a dash when nobody asked. */
export function duration(micros: number | null | undefined, { locale }: Pick<Formats, "locale">): string {
  if (micros === null || micros === undefined) return "–";
  const seconds = micros >= 1_000_000;
  const unit = seconds ? "second" : "millisecond";
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumSignificantDigits: 2 }).format(
    micros / (seconds ? 1_000_000 : 1000),
  );
}

const [WIDE, HIGH] = [180, 24];

/** Where the bars of minutes stand and how high they are; even a single request can be seen. */
export function barsOf(minutes: readonly Admin["TrafficMinute"][]): { x: number; height: number; bad: boolean }[] {
  const most = Math.max(1, ...minutes.map(({ requests }) => requests));
  const step = WIDE / Math.max(1, minutes.length);
  return minutes.map(({ requests, errors }, index) => ({
    x: index * step,
    height: requests > 0 ? Math.max(2, (requests / most) * HIGH) : 0,
    bad: requests > 0 && errors / requests >= FAILING,
  }));
}

/** Each minute of the hour; the numbers beside it say it in words. */
function Bars({ minutes }: { minutes: readonly Admin["TrafficMinute"][] }) {
  const bars = barsOf(minutes);
  const path = (bad: boolean) =>
    bars
      .filter((bar) => bar.bad === bad && bar.height > 0)
      .map(({ x, height }) => `M${x.toFixed(1)} ${HIGH}v-${height.toFixed(1)}h2v${height.toFixed(1)}z`)
      .join("");
  return (
    <svg aria-hidden="true" viewBox={`0 0 ${WIDE} ${HIGH}`} className="h-6 w-[180px] max-w-full rtl:-scale-x-100">
      <path d={`M0 ${HIGH - 0.5}H${WIDE}`} stroke="var(--chart-grid)" />
      <path d={path(false)} fill="var(--chart-1)" />
      <path d={path(true)} fill="var(--danger)" />
    </svg>
  );
}
