import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { CircleStop, GitMerge, ScanSearch, Undo2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { may, useMay, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Confirm } from "@/ui/confirm";
import { ButtonLink, PlainLink } from "@/ui/link";
import { Listed } from "@/ui/listed";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { Empty } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { useMembers } from "../contacts/data";
import { readView, VIEWS } from "./address";
import { type Merge, merges, type Pair, pairs, type Run, running, SURE, useAgain, useDecide, useUndo } from "./data";
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
  const formats = useFormats();
  const writes = useMay("contacts.write");
  const decide = useDecide();
  const names = { one: pair.one.name, other: pair.other.name };
  const open = pair.state === "open";
  const turn = () =>
    decide.mutate(
      { pair, state: open ? "dismissed" : "open" },
      {
        onSuccess: (fresh) =>
          open && say(t("duplicates.noneSaid"), { undo: () => decide.mutate({ pair: fresh, state: "open" }) }),
      },
    );
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2.5 px-[18px] py-3 max-md:grid-cols-1 max-md:px-4">
      <div className="grid grid-cols-2 gap-x-4 gap-y-2 max-md:grid-cols-1">
        <Side of={pair.one} />
        <Side of={pair.other} />
      </div>
      {writes && (
        <div className="flex gap-2 max-md:order-last md:row-span-2">
          <Button
            writes
            size="small"
            look="ghost"
            busy={decide.isPending}
            aria-label={open ? t("duplicates.noneOf", names) : undefined}
            onClick={turn}
          >
            {t(open ? "duplicates.none" : "duplicates.again")}
          </Button>
          <ButtonLink
            size="small"
            to="/contacts/merge"
            search={{ ids: [pair.one.contact, pair.other.contact] }}
            aria-label={t("duplicates.compareOf", names)}
          >
            {t("duplicates.compare")}
          </ButtonLink>
        </div>
      )}
      <div className="flex flex-wrap items-center gap-1.5">
        <Chip tone={pair.confidence >= SURE ? "success" : pair.confidence >= 70 ? "accent" : "neutral"}>
          {t("duplicates.sure", { percent: percent(pair.confidence, formats) })}
        </Chip>
        {pair.reasons.map((reason) => (
          <Chip key={reason}>{t(`duplicates.reason.${reason as Reason}`)}</Chip>
        ))}
      </div>
    </li>
  );
}

function Side({ of }: { of: Pair["one"] }) {
  const more = [of.email, of.phone, of.company_name, of.city].filter(Boolean).join(" · ");
  return (
    <PlainLink
      to="/contacts/$id"
      params={{ id: of.contact }}
      className="flex min-h-11 min-w-0 items-center gap-2.5 rounded-control hover:bg-hover"
    >
      <Avatar name={of.name} id={of.contact} size="sm" />
      <span className="min-w-0">
        <b className="block truncate text-[14px] leading-[1.35] font-[590]">
          <bdi>{of.name}</bdi>
        </b>
        <span className="block truncate text-[12.5px] text-muted">
          <bdi>{more}</bdi>
        </span>
      </span>
    </PlainLink>
  );
}

/** Every merge, with the way back. */
function History() {
  const { t } = useTranslation();
  const query = useInfiniteQuery(merges());
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
              <Past key={merge.id} merge={merge} undo={undo} />
            ))}
          </ul>
        )}
      </Listed>
      <EditsKept undo={undo} />
    </Panel>
  );
}

function Past({ merge, undo }: { merge: Merge; undo: ReturnType<typeof useUndo> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  const writes = useMay("contacts.write");
  const who = merge.actor_kind === "system" ? t("duplicates.bySystem") : merge.actor && members.get(merge.actor);
  const names = formats.list(merge.merged.map(({ name }) => name));
  return (
    <li className="flex min-h-[57px] flex-wrap items-center gap-x-4 gap-y-1.5 px-[18px] py-2.5 max-md:px-4">
      <PlainLink
        to="/contacts/$id"
        params={{ id: merge.kept }}
        className="flex min-h-11 min-w-0 flex-1 basis-52 flex-col justify-center hover:underline"
      >
        <b className="block truncate text-[14px] leading-[1.35] font-[590]">
          {t("duplicates.into", { merged: names, kept: merge.kept_name })}
        </b>
        <span className="block text-[12.5px] text-muted">
          {[formats.when(merge.created_at), who, t("duplicates.moved", { count: merge.moved })]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </PlainLink>
      {merge.state === "undone" ? (
        <Chip>{t("duplicates.wasUndone")}</Chip>
      ) : (
        writes &&
        merge.can_undo && (
          <Button
            writes
            size="small"
            icon={<Undo2 />}
            busy={undo.isPending}
            onClick={() => undo.mutate({ id: merge.id })}
          >
            {t("duplicates.undo")}
          </Button>
        )
      )}
    </li>
  );
}
