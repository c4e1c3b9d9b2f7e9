import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ChevronDown, ChevronRight, RotateCcw, Square } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/api/pages";
import { may, useMay, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Button } from "@/ui/button";
import { Chip, type Tone } from "@/ui/chip";
import { Link } from "@/ui/link";
import { Listed } from "@/ui/listed";
import { Panel } from "@/ui/panel";
import { Empty, SkeletonRows } from "@/ui/states";
import { sayError } from "@/ui/toast";
import { choosable } from "../../segments/data";
import { stages, useMembers } from "../data";
import { canUndo, isBusy, stepsOf } from "@/ui/bulk";
import { leftBy, type Run, type RunRow, runs, stop, takeBack } from "./runs";

const TONE: Record<Run["state"], Tone> = {
  running: "accent",
  undoing: "accent",
  done: "success",
  cancelled: "warning",
  failed: "danger",
  undone: "neutral",
};
const KNOWN = ["missing", "contact_on_hold", "not_unique", "required", "too_many", "segment_gone", "edited"] as const;

export function BulkRunsPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "contacts.mass_update"))
    return <Forbidden title={t("contacts.runs.title")} needs="contacts.mass_update" />;
  return (
    <Page title={t("contacts.runs.title")} back="/contacts" crumbs={<Crumbs />}>
      <div className="mx-auto flex max-w-[880px] flex-col gap-5 px-7 pt-4 pb-10 max-md:px-4">
        <p className="text-sm text-muted">{t("contacts.runs.lead")}</p>
        <Past />
      </div>
    </Page>
  );
}

function Crumbs() {
  const { t } = useTranslation();
  return (
    <>
      <Link to="/contacts" className="font-[420] text-muted!">
        {t("contacts.title")}
      </Link>
      <ChevronRight aria-hidden="true" className="size-3.5 rtl:-scale-x-100" />
      <b className="font-semibold text-ink">{t("contacts.runs.title")}</b>
    </>
  );
}

function Past() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const query = useInfiniteQuery(runs());
  const busy = rowsOf(query.data).some(isBusy);
  // Batches are no events of the run, so one that is at work is asked how far it is.
  useEffect(() => {
    if (!busy) return;
    const timer = setInterval(() => void cache.invalidateQueries({ queryKey: runs().queryKey }), 1000);
    return () => clearInterval(timer);
  }, [busy, cache]);
  return (
    <Panel label={t("contacts.runs.title")} flush>
      <Listed query={query} empty={<Empty title={t("contacts.runs.none")}>{t("contacts.runs.noneText")}</Empty>}>
        {(items) => (
          <ul className="divide-y divide-line">
            {items.map((run) => (
              <li key={run.id}>
                <Row run={run} />
              </li>
            ))}
          </ul>
        )}
      </Listed>
    </Panel>
  );
}

/** What a run changes, in words. */
function useSaid() {
  const { t } = useTranslation();
  const members = useMembers();
  const { data: known = [] } = useQuery(stages);
  const { data: segments = [] } = useQuery({ ...choosable, enabled: useMay("segments.read") });
  const empty = t("contacts.runs.say.empty");
  const shown = (value: unknown): string =>
    value === null || value === undefined || value === ""
      ? empty
      : Array.isArray(value)
        ? value.join(", ")
        : `${value}`;
  const segmentName = (id: string) => segments.find((segment) => segment.id === id)?.name ?? id;
  return ({ change }: Run): string[] => {
    const {
      stage,
      owner,
      tier,
      source,
      custom = {},
      add_tags = [],
      remove_tags = [],
      add_to_segment: into,
      remove_from_segment: outOf,
      block,
      unblock,
      deleted,
    } = change;
    const say = (
      what: "stage" | "owner" | "tier" | "source" | "add" | "remove" | "addTo" | "removeFrom" | "block" | "unblock",
      value: unknown,
    ) => t(`contacts.runs.say.${what}`, { value: shown(value) });
    return [
      ...(stage ? [say("stage", known.find(({ key }) => key === stage)?.label ?? stage)] : []),
      ...(owner !== undefined ? [say("owner", owner && (members.get(owner) ?? owner))] : []),
      ...(tier !== undefined ? [say("tier", tier && t(`contacts.tiers.${tier}`))] : []),
      ...(source !== undefined ? [say("source", source)] : []),
      ...Object.entries(custom).map(([field, value]) => t("contacts.runs.say.custom", { field, value: shown(value) })),
      ...add_tags.map((tag) => say("add", tag)),
      ...remove_tags.map((tag) => say("remove", tag)),
      ...(into ? [say("addTo", segmentName(into))] : []),
      ...(outOf ? [say("removeFrom", segmentName(outOf))] : []),
      ...(block ? [say("block", t(`contacts.channel.${block}`))] : []),
      ...(unblock ? [say("unblock", t(`contacts.channel.${unblock}`))] : []),
      ...(deleted === undefined ? [] : [t(deleted ? "contacts.runs.say.deleted" : "contacts.runs.say.restored")]),
    ];
  };
}

function Row({ run }: { run: Run }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const cache = useQueryClient();
  const members = useMembers();
  const said = useSaid();
  const [open, setOpen] = useState(false);
  const act = useMutation({
    mutationFn: (call: (id: string) => Promise<Run>) => call(run.id),
    onError: (error) => sayError(t("error.notSaved"), sayThrown(error)),
    onSettled: () => cache.invalidateQueries({ queryKey: ["contact_bulk_runs"] }),
  });
  const left = run.skipped + run.kept > 0 && !isBusy(run);
  const who = run.created_by && members.get(run.created_by);
  const counts = [
    t("contacts.runs.changed", { count: run.changed }),
    run.skipped > 0 && t("contacts.runs.skipped", { count: run.skipped }),
    run.undone > 0 && t("contacts.runs.undone", { count: run.undone }),
    run.kept > 0 && t("contacts.runs.left", { count: run.kept }),
  ].filter(Boolean);
  return (
    <div className="px-[18px] py-3 max-md:px-4">
      <div className="flex min-h-[44px] flex-wrap items-center gap-x-4 gap-y-1.5">
        <span className="min-w-0 flex-1 basis-60">
          <b className="block text-[14px] leading-[1.35] font-[590]">
            <bdi>{said(run).join(" · ")}</bdi>
          </b>
          <span className="block text-[12.5px] text-muted">
            {[
              formats.when(run.created_at),
              who && t("contacts.runs.who", { name: who }),
              t(run.named ? "contacts.runs.named" : "contacts.runs.matched", { count: run.total }),
            ]
              .filter(Boolean)
              .join(" · ")}
          </span>
          <span className="num block text-[12.5px] text-ink-2">{counts.join(" · ")}</span>
        </span>
        {isBusy(run) && <Meter run={run} />}
        <Chip tone={TONE[run.state]}>{t(`contacts.runs.state.${run.state}`)}</Chip>
        {run.state === "running" && (
          <Button writes size="small" icon={<Square />} busy={act.isPending} onClick={() => act.mutate(stop)}>
            {t("contacts.runs.stop")}
          </Button>
        )}
        {canUndo(run, Date.now()) && (
          <Button writes size="small" icon={<RotateCcw />} busy={act.isPending} onClick={() => act.mutate(takeBack)}>
            {t("contacts.runs.undo")}
          </Button>
        )}
      </div>
      {left && (
        <>
          <Button
            size="small"
            look="ghost"
            icon={<ChevronDown className={open ? "rotate-180" : ""} />}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className="-ms-2"
          >
            {t("contacts.runs.details")}
          </Button>
          {open && <Left run={run} />}
        </>
      )}
    </div>
  );
}

function Meter({ run }: { run: Run }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { done, of } = stepsOf(run);
  const words = t("contacts.runs.of", { done: formats.count(done), of: formats.count(of) });
  return (
    <span className="flex w-40 flex-col gap-1">
      <progress aria-label={words} value={done} max={Math.max(1, of)} className="bulk-progress block h-1.5 w-full" />
      <span className="num text-cap text-muted">{words}</span>
    </span>
  );
}

/** Who was left alone, and why; by name where he may be seen. */
function Left({ run }: { run: Run }) {
  const { t } = useTranslation();
  const { data } = useQuery(leftBy(run));
  if (!data) return <SkeletonRows rows={2} />;
  const why = (code: string | null | undefined) => {
    const known = KNOWN.find((each) => each === code);
    return t(`contacts.runs.reason.${known ?? "other"}`);
  };
  const list = (title: string, rows: readonly RunRow[], code: (row: RunRow) => string | null | undefined) =>
    rows.length > 0 && (
      <section className="mt-2">
        <h3 className="mb-1 text-cap font-[590] text-muted">{title}</h3>
        <ul className="flex flex-col gap-1 text-[13.5px]">
          {rows.map((row) => (
            <li key={row.place} className="flex flex-wrap gap-x-3">
              {row.contact && row.contact_name ? (
                <Link to="/contacts/$id" params={{ id: row.contact }}>
                  <bdi>{row.contact_name}</bdi>
                </Link>
              ) : (
                <span className="text-ink-2">{t("contacts.runs.unknown")}</span>
              )}
              <span className="text-muted">{why(code(row))}</span>
            </li>
          ))}
        </ul>
      </section>
    );
  return (
    <>
      {list(t("contacts.runs.skippedTitle"), data.skipped, ({ reason }) => reason)}
      {list(t("contacts.runs.keptTitle"), data.kept, ({ undo }) => undo)}
      {Math.max(run.skipped, run.kept) > 100 && <p className="mt-2 text-cap text-muted">{t("contacts.runs.first")}</p>}
    </>
  );
}
