/** Changes of many: what ran over one kind of records, how far it is, what it left alone and why, and the way back. */
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { ChevronDown, ChevronRight, RotateCcw, Square } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { paged, rowsOf } from "@/api/pages";
import { may, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { canUndo, isBusy, type Run, stepsOf } from "@/ui/bulk";
import { Button } from "@/ui/button";
import { Chip, type Tone } from "@/ui/chip";
import { Link } from "@/ui/link";
import { Listed } from "@/ui/listed";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";
import { sayError } from "@/ui/toast";
import { useMembers } from "../contacts/data";
import { companies, contacts, deals, type Kind, type Name, ONE, type RunRow } from "./kinds";
import { LeftRow } from "./left";

const TONE: Record<Run["state"], Tone> = {
  running: "accent",
  undoing: "accent",
  done: "success",
  cancelled: "warning",
  failed: "danger",
  undone: "neutral",
};
/** Of the list beside which it stands. */
export function RunsPage(): ReactNode {
  const list = useLocation({ select: ({ pathname }) => pathname.split("/")[1] });
  return list === "deals" ? (
    <Runs kind={deals} />
  ) : list === "companies" ? (
    <Runs kind={companies} />
  ) : (
    <Runs kind={contacts} />
  );
}

function Runs<R extends Run>({ kind }: { kind: Kind<R> }) {
  const { t } = useTranslation();
  const me = useMe();
  const needs = `${kind.name}.mass_update`;
  if (me && !may(me, needs)) return <Forbidden title={t("runs.title")} needs={needs} />;
  return (
    <Page title={t("runs.title")} back={`/${kind.name}`} crumbs={<Crumbs of={kind.name} />}>
      <div className="mx-auto flex max-w-[880px] flex-col gap-5 px-7 pt-4 pb-10 max-md:px-4">
        <p className="text-sm text-muted">{t("runs.lead")}</p>
        <Past kind={kind} />
      </div>
    </Page>
  );
}

function Crumbs({ of }: { of: Name }) {
  const { t } = useTranslation();
  return (
    <>
      <Link to={`/${of}`} className="font-[420] text-muted!">
        {t(`${of}.title`)}
      </Link>
      <ChevronRight aria-hidden="true" className="size-3.5 rtl:-scale-x-100" />
      <b className="font-semibold text-ink">{t("runs.title")}</b>
    </>
  );
}

const keyOf = (name: Name) => [`${ONE[name]}_bulk_runs`] as const;

function Past<R extends Run>({ kind }: { kind: Kind<R> }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const key = keyOf(kind.name);
  const query = useInfiniteQuery(
    paged<R>([...key, "list"], (cursor, signal) => kind.list({ limit: 30, ...(cursor && { cursor }) }, signal)),
  );
  const busy = rowsOf(query.data).some(isBusy);
  // Batches are no events of the run, so one that is at work is asked how far it is.
  useEffect(() => {
    if (!busy) return;
    const timer = setInterval(() => void cache.invalidateQueries({ queryKey: [...keyOf(kind.name), "list"] }), 1000);
    return () => clearInterval(timer);
  }, [busy, cache, kind.name]);
  const said = kind.useSaid();
  return (
    <Panel label={t("runs.title")} flush>
      <Listed query={query} empty={<Empty title={t("runs.none")}>{t("runs.noneText")}</Empty>}>
        {(items) => (
          <ul className="divide-y divide-line">
            {items.map((run) => (
              <li key={run.id}>
                <Row kind={kind} run={run} said={said(run).join(" · ")} />
              </li>
            ))}
          </ul>
        )}
      </Listed>
    </Panel>
  );
}

function Row<R extends Run>({ kind, run, said }: { kind: Kind<R>; run: R; said: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const cache = useQueryClient();
  const members = useMembers();
  const [open, setOpen] = useState(false);
  const act = useMutation({
    mutationFn: (call: (id: string) => Promise<unknown>) => call(run.id),
    onError: (error) => sayError(t("error.notSaved"), sayThrown(error)),
    onSettled: () => cache.invalidateQueries({ queryKey: keyOf(kind.name) }),
  });
  const who = run.created_by && members.get(run.created_by);
  const counts = [
    t("runs.changed", { count: run.changed }),
    run.skipped > 0 && t("runs.skipped", { count: run.skipped }),
    run.undone > 0 && t("runs.undone", { count: run.undone }),
    run.kept > 0 && t("runs.left", { count: run.kept }),
  ].filter(Boolean);
  return (
    <div className="px-[18px] py-3 max-md:px-4">
      <div className="flex min-h-[44px] flex-wrap items-center gap-x-4 gap-y-1.5">
        <span className="min-w-0 flex-1 basis-60">
          <b className="block text-[14px] leading-[1.35] font-[590]">
            <bdi>{said}</bdi>
          </b>
          <span className="block text-[12.5px] text-muted">
            {[
              formats.when(run.created_at),
              who && t("runs.who", { name: who }),
              t(run.named ? "runs.named" : "runs.matched", { number: formats.count(run.total) }),
            ]
              .filter(Boolean)
              .join(" · ")}
          </span>
          <span className="num block text-[12.5px] text-ink-2">{counts.join(" · ")}</span>
          {run.state === "failed" && <span className="block text-[12.5px] text-danger-text">{t("runs.failed")}</span>}
        </span>
        {isBusy(run) && <Meter run={run} />}
        <Chip tone={TONE[run.state]}>{t(`runs.state.${run.state}`)}</Chip>
        {run.state === "running" && (
          <Button writes size="small" icon={<Square />} busy={act.isPending} onClick={() => act.mutate(kind.stop)}>
            {t("runs.stop")}
          </Button>
        )}
        {canUndo(run, Date.now()) && (
          <Button
            writes
            size="small"
            icon={<RotateCcw />}
            busy={act.isPending}
            onClick={() => act.mutate(kind.takeBack)}
          >
            {t("runs.undo")}
          </Button>
        )}
      </div>
      {run.skipped + run.kept > 0 && !isBusy(run) && (
        <>
          <Button
            size="small"
            look="ghost"
            icon={<ChevronDown className={open ? "rotate-180" : ""} />}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className="-ms-2"
          >
            {t("runs.details")}
          </Button>
          {open && run.skipped > 0 && <Left kind={kind} run={run} by="change" />}
          {open && run.kept > 0 && <Left kind={kind} run={run} by="undo" />}
        </>
      )}
    </div>
  );
}

function Meter({ run }: { run: Run }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { done, of } = stepsOf(run);
  const words = t("runs.of", { done: formats.count(done), of: formats.count(of) });
  return (
    <span className="flex w-40 flex-col gap-1">
      <progress aria-label={words} value={done} max={Math.max(1, of)} className="bulk-progress block h-1.5 w-full" />
      <span className="num text-cap text-muted">{words}</span>
    </span>
  );
}

/** What a run left alone, or its undo, and why; by name where it may be seen. */
function Left<R extends Run>({ kind, run, by }: { kind: Kind<R>; run: R; by: "change" | "undo" }) {
  const { t } = useTranslation();
  const filter = by === "change" ? ["outcome:eq:skipped"] : ["undo:empty:false", "undo:ne:restored"];
  const query = useInfiniteQuery(
    paged<RunRow>([...keyOf(kind.name), "left", run.id, run.version, by], (cursor, signal) =>
      kind.rows(run.id, { limit: 50, filter, ...(cursor && { cursor }) }, signal),
    ),
  );
  return (
    <section className="mt-2">
      <h3 className="mb-1 text-cap font-[590] text-muted">
        {t(by === "change" ? "runs.skippedTitle" : "runs.keptTitle")}
      </h3>
      <Listed query={query} rows={2} empty={<p className="text-[13.5px] text-muted">{t("runs.forgotten")}</p>}>
        {(rows) => (
          <ul className="flex flex-col text-[13.5px]">
            {rows.map((row) => (
              <LeftRow key={row.place} of={kind.name} row={row} code={by === "change" ? row.reason : row.undo} />
            ))}
          </ul>
        )}
      </Listed>
    </section>
  );
}
