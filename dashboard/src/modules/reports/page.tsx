import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Download, Printer } from "lucide-react";
import { useTranslation } from "react-i18next";
import { may, useMay, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { readingLanguage } from "@/modules/sheets/language";
import { useMembers } from "@/modules/tasks/data";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Button } from "@/ui/button";
import { Filter } from "@/ui/filter";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Menu, MenuItem } from "@/ui/menu";
import { save } from "@/ui/save";
import { Segments } from "@/ui/segments";
import { Failed, Skeleton, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { COMPARES, KINDS, type ReportSearch, readSearch, SPANS } from "./address";
import { pipelines, type Report, report, reportFile, reportKinds, teams } from "./data";
import { changed, daysOf, isRateless } from "./said";
import { Arrived, Schedules } from "./schedules";
import { TablePanel, Value } from "./table";

const route = getRouteApi("/shell/reports");

/** What the records add up to; each number leads to its rows. */
export function ReportsPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "reports.read")) return <Forbidden title={t("reports.title")} needs="reports.read" />;
  return <Reports />;
}

function Reports() {
  const { t } = useTranslation();
  const search = readSearch(route.useSearch() as Record<string, unknown>);
  const navigate = route.useNavigate();
  const { data: kinds = KINDS } = useQuery(reportKinds);
  const query = useQuery(report(search));
  const members = useMembers();
  const exports = useMay("reports.export");
  const plans = useMay("reports.schedule") && exports;
  const kind = search.kind ?? "overview";
  const go = (change: ReportSearch) => void navigate({ search: { ...search, ...change }, replace: true });
  return (
    <Page title={t("reports.title")}>
      <div className="flex flex-col gap-4 px-7 pt-4 pb-8 max-md:px-4 max-md:pb-24 print:px-0">
        <div className="flex items-center gap-2 print:hidden">
          <div className="min-w-0 flex-1">
            <Segments
              label={t("reports.chooser")}
              value={kind}
              onChange={(next) => go({ kind: next })}
              options={kinds.map((value) => ({ value, label: t(`reports.kinds.${value}`) }))}
            />
          </div>
          {plans && <Schedules search={search} />}
          {exports && <Files search={search} />}
        </div>
        {search.run && <Arrived run={search.run} />}
        <Narrowing search={search} go={go} />
        {query.data ? (
          <Shown report={query.data} members={members} stale={query.isPlaceholderData} />
        ) : query.isError ? (
          <Failed title={t("reports.failed")} error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Coming />
        )}
      </div>
    </Page>
  );
}

/** Which days, compared with what, and whose. */
function Narrowing({ search, go }: { search: ReportSearch; go: (change: ReportSearch) => void }) {
  const { t } = useTranslation();
  const names = useMembers();
  const sees = useMay("identity.members.read");
  const groups = useQuery({ ...teams, enabled: sees }).data ?? [];
  const lines = useQuery({ ...pipelines, enabled: useMay("deals.read") }).data ?? [];
  const span = search.span ?? "this_month";
  const today = new Date().toISOString().slice(0, 10);
  const choose = (next: (typeof SPANS)[number] | undefined) =>
    go(
      next === "days"
        ? { span: next, from: search.from ?? `${today.slice(0, 8)}01`, until: search.until ?? today }
        : { span: next },
    );
  const date = (field: "from" | "until") => (
    <input
      type="date"
      aria-label={t(`reports.${field}`)}
      value={search[field] ?? ""}
      onChange={({ target }) => target.value && go({ [field]: target.value })}
      className={`${inputLook} ${inputHeight} w-36!`}
    />
  );
  const isOf = (kinds: readonly string[]) => kinds.includes(search.kind ?? "overview");
  return (
    <div className="relative flex items-center gap-2 md:flex-wrap print:hidden max-md:-mx-4 max-md:-my-1 max-md:overflow-x-auto max-md:px-4 max-md:py-1 max-md:[scrollbar-width:none]">
      <Filter
        label={t("reports.period")}
        value={span}
        choices={SPANS.map((value) => ({ value, label: t(`reports.spans.${value}`) }))}
        onChange={(next) => choose(SPANS.find((each) => each === next))}
      />
      {span === "days" && (
        <>
          {date("from")}
          {date("until")}
        </>
      )}
      <Filter
        label={t("reports.compare")}
        value={search.compare ?? "before"}
        choices={COMPARES.map((value) => ({ value, label: t(`reports.compares.${value}`) }))}
        onChange={(next) => go({ compare: COMPARES.find((each) => each === next) })}
      />
      {names.size > 0 && (
        <Filter
          label={t("reports.member")}
          value={search.member}
          choices={[...names].map(([value, label]) => ({ value, label }))}
          onChange={(member) => go({ member })}
        />
      )}
      {groups.length > 0 && (
        <Filter label={t("reports.team")} value={search.team} choices={groups} onChange={(team) => go({ team })} />
      )}
      {lines.length > 1 && !isOf(["activity", "follow_ups", "clients", "health"]) && (
        <Filter
          label={t("reports.pipeline")}
          value={search.pipeline}
          choices={lines}
          onChange={(pipeline) => go({ pipeline })}
        />
      )}
    </div>
  );
}

/** The report as a file, or on paper. */
function Files({ search }: { search: ReportSearch }) {
  const { t, i18n } = useTranslation();
  const { mutate, isPending } = useMutation({
    mutationFn: async (format: "csv" | "xlsx" | "pdf") => {
      const file = await reportFile(search, { format, language: readingLanguage(i18n.language) });
      save(file as Blob, `${search.kind ?? "overview"}-${new Date().toISOString().slice(0, 10)}.${format}`);
    },
    onSuccess: () => say(t("action.exported")),
    onError: (error) => sayError(t("reports.download"), sayThrown(error)),
  });
  return (
    <Menu
      trigger={
        <Button icon={<Download />} busy={isPending}>
          <span className="max-sm:sr-only">{t("reports.download")}</span>
        </Button>
      }
    >
      <MenuItem onClick={() => mutate("pdf")}>{t("reports.pdf")}</MenuItem>
      <MenuItem onClick={() => mutate("xlsx")}>{t("reports.xlsx")}</MenuItem>
      <MenuItem onClick={() => mutate("csv")}>{t("reports.csv")}</MenuItem>
      <MenuItem icon={<Printer />} onClick={() => window.print()}>
        {t("reports.print")}
      </MenuItem>
    </Menu>
  );
}

function Shown({ report, members, stale }: { report: Report; members: Map<string, string>; stale: boolean }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const said = (days: { from: string; until: string }) => daysOf(locale, days.from, days.until);
  return (
    <div aria-busy={stale} className="flex flex-col gap-4 transition-opacity aria-busy:opacity-60">
      <p className="num text-sm text-muted">
        <b className="hidden font-semibold text-ink print:inline">{t(`reports.kinds.${report.kind}`)} · </b>
        {said(report.days)}
        {report.before && `, ${t("reports.than", { days: said(report.before) })}`}
      </p>
      <section
        aria-label={t("reports.figures")}
        className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,200px),1fr))] gap-px overflow-hidden rounded-panel border border-line bg-surface shadow-1 max-md:grid-cols-2 max-md:rounded-[14px]"
      >
        {report.figures
          .filter(({ numbers }) => numbers.length > 0)
          .map((figure) => {
            const { key, unit, numbers } = figure;
            const rateless = isRateless(report, figure);
            const what = t(`reports.measures.${key}` as "reports.measures.late");
            return (
              <div
                key={key}
                className="min-w-0 break-inside-avoid px-[18px] py-4 [box-shadow:1px_0_0_var(--line),0_1px_0_var(--line)] max-md:px-4"
              >
                <p className="truncate text-[12.5px] leading-[18px] text-muted">{what}</p>
                {numbers.map((number) => {
                  const note = rateless ? t("reports.noRate") : changed(t, locale, unit, number);
                  return (
                    <div key={number.currency ?? ""}>
                      <Value
                        number={rateless ? { ...number, value: null } : number}
                        unit={unit}
                        what={what}
                        className="wide text-[22px] leading-[34px] font-[560] coarse:leading-[44px] tracking-[-.02em]"
                      />
                      {note && (
                        <p className="truncate text-[12.5px] leading-[18px] text-ink-2 max-md:whitespace-normal">
                          {note}
                        </p>
                      )}
                    </div>
                  );
                })}
              </div>
            );
          })}
      </section>
      {report.tables.map((table, at) => (
        <TablePanel key={`${table.key}${table.about}${at}`} table={table} members={members} />
      ))}
    </div>
  );
}

/** The place of what comes. */
function Coming() {
  return (
    <div className="flex flex-col gap-4">
      <Skeleton className="h-5 w-72" />
      <Skeleton className="h-[210px] w-full rounded-panel" />
      <div className="rounded-panel border border-line bg-surface">
        <SkeletonRows rows={8} />
      </div>
    </div>
  );
}
