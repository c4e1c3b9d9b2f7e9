import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { CircleStop, GitMerge, ScanSearch } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { may, useMay, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Listed } from "@/ui/listed";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { Empty } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { readView, VIEWS } from "./address";
import { merges, type Pair, pairs, type Run, running, SURE, useAgain, useDecide, useUndo } from "./data";
import { PairRow, Past } from "./lists";
import { Crumbs, EditsKept, percent } from "./parts";

type Reason = "email" | "phone" | "name" | "similar_name" | "company" | "city";

export function DuplicatesPage() {
  const { t } = useTranslation();
  const me = useMe();
  const view = readView({ ...useSearch({ from: "/shell/contacts/duplicates" }) });
  const navigate = useNavigate();
  if (me && !may(me, "contacts.read")) return <Forbidden title={t("duplicates.title")} needs="contacts.read" />;
  return (
    <Page title={t("duplicates.title")} back="/contacts" crumbs={<Crumbs />}>
      <div className="mx-auto flex max-w-[960px] flex-col gap-4 px-7 pt-4 pb-10 max-md:px-4">
        <div className="flex flex-wrap items-center gap-2">
          <Segments
            label={t("duplicates.views")}
            value={view}
            onChange={(next) => {
              const search = { view: next === "open" ? undefined : next };
              void navigate({ to: "/contacts/duplicates", search, replace: true });
            }}
            options={VIEWS.map((value) => ({ value, label: t(`duplicates.${value}`) }))}
          />
          <Runs />
        </div>
        {view === "history" ? <History /> : <Pairs key={view} state={view} />}
      </div>
    </Page>
  );
}

/** Looking through all contacts, and merging what is sure, with how far it is. */
function Runs() {
  const { t } = useTranslation();
  const formats = useFormats();
  const cache = useQueryClient();
  const again = useAgain();
  const allowed = useMay("contacts.mass_update");
  const [asking, setAsking] = useState(false);
  const { data } = useQuery(running);
  const run = data?.items[0];
  const was = useRef<string>(undefined);
  useEffect(() => {
    if (was.current && !run) void again();
    was.current = run?.id;
  }, [run, again]);
  const done = () => cache.invalidateQueries({ queryKey: running.queryKey });
  const wrong = (error: unknown) => sayError(t("error.notSaved"), sayThrown(error));
  const start = useMutation({
    mutationFn: (kind: Run["kind"]) =>
      ok(api.POST("/v1/contact-duplicate-runs", { body: { kind, ...(kind === "merge" && { confidence: SURE }) } })),
    onSuccess: () => setAsking(false),
    onError: wrong,
    onSettled: done,
  });
  const stop = useMutation({
    mutationFn: (id: string) =>
      ok(api.POST("/v1/contact-duplicate-runs/{id}/cancellation", { params: { path: { id } } })),
    onError: wrong,
    onSettled: done,
  });
  if (run) {
    const total = Math.max(1, run.total);
    const words = t("duplicates.progress", { done: formats.count(run.done), total: formats.count(total) });
    const label = t(run.kind === "scan" ? "duplicates.scanning" : "duplicates.merging");
    return (
      <div className="ms-auto flex min-h-9 flex-wrap items-center gap-3 text-[12.5px] text-muted max-md:min-h-11">
        <span>{label}</span>
        <span
          role="progressbar"
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={total}
          aria-valuenow={Math.min(run.done, total)}
          aria-valuetext={words}
          className="block h-1.5 w-32 overflow-hidden rounded-full bg-sunken"
        >
          <span
            className="block h-full rounded-full bg-accent transition-[width] duration-400"
            style={{ width: `${Math.min(100, (run.done / total) * 100)}%` }}
          />
        </span>
        <span className="num">{words}</span>
        {allowed && (
          <Button writes size="small" icon={<CircleStop />} busy={stop.isPending} onClick={() => stop.mutate(run.id)}>
            {t("duplicates.stop")}
          </Button>
        )}
      </div>
    );
  }
  if (!allowed) return null;
  const sure = percent(SURE, formats);
  return (
    <div className="ms-auto flex flex-wrap gap-2">
      <Button writes icon={<ScanSearch />} busy={start.isPending && !asking} onClick={() => start.mutate("scan")}>
        {t("duplicates.scan")}
      </Button>
      <Button writes icon={<GitMerge />} onClick={() => setAsking(true)}>
        {t("duplicates.mergeSure")}
      </Button>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        look="primary"
        title={t("duplicates.mergeSureTitle", { percent: sure })}
        lead={t("duplicates.mergeSureText")}
        action={t("duplicates.merge")}
        icon={<GitMerge />}
        busy={start.isPending}
        onConfirm={() => start.mutate("merge")}
      />
    </div>
  );
}

function Pairs({ state }: { state: "open" | "dismissed" }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(pairs(state));
  const empty =
    state === "open" ? (
      <Empty title={t("duplicates.empty")}>{t("duplicates.emptyText")}</Empty>
    ) : (
      <Empty title={t("duplicates.emptyDismissed")} />
    );
  return (
    <Panel label={t(`duplicates.${state}`)} bare flush>
      <Listed query={query} empty={empty}>
        {(items) => (
          <ul className="divide-y divide-line">
            {items.map((pair) => (
              <Row key={pair.id} pair={pair} />
            ))}
          </ul>
        )}
      </Listed>
    </Panel>
  );
}

function Row({ pair }: { pair: Pair }) {
  const { t } = useTranslation();
  const writes = useMay("contacts.write");
  const decide = useDecide();
  const open = pair.state === "open";
  const turn = () =>
    decide.mutate(
      { pair, state: open ? "dismissed" : "open" },
      {
        onSuccess: (fresh) =>
          open && say(t("duplicates.noneSaid"), { undo: () => decide.mutate({ pair: fresh, state: "open" }) }),
      },
    );
  const side = ({ contact, name, email, phone, company_name, city }: Pair["one"]) => ({
    id: contact,
    name,
    more: [email, phone, company_name, city],
  });
  return (
    <PairRow
      kind="contacts"
      one={side(pair.one)}
      other={side(pair.other)}
      open={open}
      confidence={pair.confidence}
      reasons={pair.reasons.map((reason) => t(`duplicates.reason.${reason as Reason}`))}
      writes={writes}
      busy={decide.isPending}
      onTurn={turn}
    />
  );
}

/** Every merge, with the way back. */
function History() {
  const { t } = useTranslation();
  const query = useInfiniteQuery(merges());
  const writes = useMay("contacts.write");
  const undo = useUndo();
  return (
    <Panel label={t("duplicates.history")} bare flush>
      <Listed
        query={query}
        empty={<Empty title={t("duplicates.emptyHistory")}>{t("duplicates.emptyHistoryText")}</Empty>}
      >
        {(items) => (
          <ul className="divide-y divide-line">
            {items.map((merge) => (
              <Past key={merge.id} kind="contacts" merge={merge} writes={writes} undo={undo} />
            ))}
          </ul>
        )}
      </Listed>
      <EditsKept undo={undo} />
    </Panel>
  );
}
