import { useTranslation } from "react-i18next";
import { type Formats, useFormats } from "@/i18n/format";
import { Panel } from "@/ui/panel";
import type { Admin } from "./api";
import { type Column, Table } from "./table";

type Uptime = Admin["ProgramUptime"];
type Span = Admin["UptimeSpan"];

/** Away for more than one minute in a thousand is worth a look. */
const STEADY = 0.999;

/** In how many minutes each program was there, over a day, a week and a month. */
export function Steadiness({ uptime }: { uptime: readonly Uptime[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const span = (index: number, label: string): Column<Uptime> => ({
    id: `span-${index}`,
    label,
    end: true,
    cell: ({ spans }) => <Part span={spans[index]} />,
  });
  const columns: Column<Uptime>[] = [
    {
      id: "service",
      label: t("admin.serviceLabel"),
      cell: (row) => <b className="font-mono text-[13px]">{row.program}</b>,
    },
    span(0, t("admin.uptimeDay")),
    span(1, t("admin.uptimeWeek")),
    span(2, t("admin.uptimeMonth")),
    {
      id: "since",
      label: t("admin.knownSince"),
      end: true,
      cell: ({ since }) => (
        <time dateTime={since} title={formats.full(since)} className="text-muted">
          {formats.ago(since)}
        </time>
      ),
    },
  ];
  return (
    <Panel title={t("admin.uptime")} note={t("admin.uptimeNote")} flush>
      {uptime.length === 0 ? (
        <p className="px-4 pb-4 text-sm text-muted md:px-[18px]">{t("admin.noAnswers")}</p>
      ) : (
        <Table label={t("admin.uptime")} rows={uptime} keyOf={({ program }) => program} columns={columns} />
      )}
    </Panel>
  );
}

function Part({ span }: { span: Span | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  if (!span || span.minutes === 0) return <>–</>;
  const { minutes, up } = span;
  return (
    <span
      title={t("admin.uptimeMinutes", { up: formats.count(up), minutes: formats.count(minutes) })}
      className={up / minutes < STEADY ? "font-semibold text-warning-text" : ""}
    >
      {percentUp(span, formats)}
    </span>
  );
}

/** Never rounded up: whoever was away for a minute is not said to have been there all the time. */
export const percentUp = ({ minutes, up }: Pick<Span, "minutes" | "up">, { locale }: Pick<Formats, "locale">): string =>
  new Intl.NumberFormat(locale, { style: "percent", minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(
    Math.floor((up * 10_000) / minutes) / 10_000,
  );
