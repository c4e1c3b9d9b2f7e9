import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import {
  ChevronRight,
  CircleCheck,
  CircleX,
  EllipsisVertical,
  type LucideIcon,
  MoveRight,
  Pencil,
  Plus,
  Printer,
  RotateCcw,
  Trash2,
  Trophy,
  Undo2,
  UserRound,
} from "lucide-react";
import { lazy, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Page } from "@/shell/page";
import type { Step } from "@/sky/Trajectory/geometry";
import { Trajectory } from "@/sky/Trajectory/Trajectory";
import { Avatar } from "@/ui/avatar";
import { Boundary } from "@/ui/boundary";
import { Button, IconButton } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Link, PlainLink } from "@/ui/link";
import { Menu, MenuItem } from "@/ui/menu";
import { Opened } from "@/ui/opened";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { CustomValues } from "../fields/values";
import { Composer } from "../activities/composer";
import { FollowButton } from "../activities/followers";
import { pinned, timeline } from "../activities/data";
import { RecordTimeline, type Tell } from "../activities/timeline";
import { FilesBeside } from "../attachments/beside";
import { Card } from "../contacts/person/card";
import { FollowUpsBeside } from "../followups/beside";
import { TasksBeside } from "../tasks/beside";
import { useEnds } from "./changes";
import { type Deal, deal as one, history, type Pipeline, pipelines, useMembers } from "./data";
import { dayWords, daysBetween } from "../tasks/when";
import { money } from "@/ui/money";
import { Items } from "./items/panel";
import { last } from "./last";
import { CompanyName } from "./parts/company-name";
import { useAskedMoves } from "./parts/moving";

const EditDeal = lazy(async () => ({ default: (await import("./parts/new-deal")).EditDeal }));
const CloseDialog = lazy(async () => ({ default: (await import("./parts/close-dialog")).CloseDialog }));

export function DealPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/shell/deals/$id" });
  const query = useQuery(one(id));
  const lines = useQuery(pipelines);
  const reads = useMay("activities.read");
  const which = { kind: "deal" as const, id };
  // Asked for together and shown together: nothing below moves when the longest of them comes last.
  const past = useInfiniteQuery({ ...timeline(which), enabled: reads });
  const notes = useQuery({ ...pinned(which), enabled: reads });
  const steps = useQuery(history(id));
  const { zone } = useFormats();
  const waits =
    query.isPending || lines.isPending || steps.isPending || (reads && (past.isPending || notes.isPending)) || !zone;
  const found = query.data;
  const line = lines.data?.find((each) => each.id === found?.pipeline);
  return (
    <Page
      title={t("deals.one")}
      record={found?.title}
      back="/deals"
      backSearch={last.search}
      tools={
        found && (
          <>
            {!found.deleted_at && <FollowButton of={{ kind: "deal", id: found.id }} />}
            <Actions deal={found} line={line} />
          </>
        )
      }
      crumbs={
        <>
          <Link to="/deals" search={last.search} className="font-[420] text-muted!">
            {t("deals.title")}
          </Link>
          <ChevronRight aria-hidden="true" className="size-3.5 rtl:-scale-x-100" />
          <b className="max-w-[26ch] truncate font-semibold text-ink">{found?.title}</b>
        </>
      }
    >
      {waits && !query.isError ? (
        <SkeletonRows rows={6} tall />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        found && <Body deal={found} line={line} />
      )}
    </Page>
  );
}

function Body({ deal, line }: { deal: Deal; line: Pipeline | undefined }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_320px] gap-5 px-7 pt-4 pb-10 max-lg:grid-cols-1 max-md:px-4 print:grid-cols-1 print:px-0">
      <div className="flex min-w-0 flex-col gap-5">
        <Head deal={deal} />
        {line && <Way deal={deal} line={line} />}
        <Items key={deal.id} deal={deal} />
        <Story deal={deal} />
      </div>
      <aside className="flex min-w-0 flex-col gap-4">
        <Facts deal={deal} line={line} />
        <Contacts deal={deal} />
        <CustomValues record="deal" id={deal.id} custom={deal.custom} over={Boolean(deal.deleted_at)} />
        <TasksBeside about="deal" id={deal.id} name={deal.title} />
        <FollowUpsBeside about="deal" id={deal.id} over={Boolean(deal.deleted_at)} />
        <FilesBeside about="deal" id={deal.id} over={Boolean(deal.deleted_at)} />
      </aside>
    </div>
  );
}

function Head({ deal }: { deal: Deal }) {
  const { t } = useTranslation();
  const { locale, dayKey } = useFormats();
  const days = daysBetween(dayKey(deal.stage_since), dayKey(new Date()));
  const tone = deal.status === "won" ? "sun" : deal.status === "open" ? "accent" : "neutral";
  return (
    <div>
      <p className="wide mb-1.5 text-[22px] leading-tight font-[590] break-words md:hidden">
        <bdi>{deal.title}</bdi>
      </p>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <span className="wide num text-[26px] leading-tight font-[560]">
          {deal.amount > 0 ? money(deal.amount, deal.currency, locale) : "–"}
        </span>
        {deal.amount > 0 && deal.currency !== deal.home_currency && (
          <span className="num text-[13px] text-muted">
            {typeof deal.home_amount === "number"
              ? t("deals.home.about", { amount: money(deal.home_amount, deal.home_currency, locale) })
              : t("deals.home.none", { currency: deal.home_currency })}
          </span>
        )}
        <Chip tone={tone}>
          {deal.reason
            ? t("deals.closedBecause", { status: t(`deals.status.${deal.status}`), reason: deal.reason })
            : t(`deals.status.${deal.status}`)}
        </Chip>
        {deal.status === "open" && (
          <span className="text-[13px] text-muted">{t("deals.inStage", { count: Math.max(0, days) })}</span>
        )}
      </p>
      {deal.reason_note && <p className="mt-1 text-sm whitespace-pre-line text-ink-2">{deal.reason_note}</p>}
    </div>
  );
}

/** The stages as an arc with the sun at its end; a step is a button that leads there. */
function Way({ deal, line }: { deal: Deal; line: Pipeline }) {
  const { t } = useTranslation();
  const writes = useMay("deals.write");
  const { move, asking } = useAskedMoves();
  const { win } = useEnds();
  const at = line.stages.findIndex(({ id }) => id === deal.stage);
  const won = deal.status === "won";
  const steps: Step[] = [
    ...line.stages.map(({ id, name, probability }, index) => ({
      id,
      label: name,
      note: `${probability}%`,
      state:
        won || index < at
          ? ("done" as const)
          : index === at && deal.status === "open"
            ? ("current" as const)
            : ("next" as const),
    })),
    { id: "won", label: t("deals.status.won"), state: won ? ("done" as const) : ("next" as const) },
  ];
  const go = (id: string) => {
    if (id === deal.stage) return;
    if (id === "won") return win(deal);
    const name = line.stages.find((stage) => stage.id === id)?.name ?? "";
    move({ deal, stage: id, index: 0 }, name, { index: 0 });
  };
  return (
    <Panel label={t("deals.steps", { pipeline: line.name })}>
      <Trajectory
        label={t("deals.steps", { pipeline: line.name })}
        steps={steps}
        onSelect={writes && deal.status === "open" ? go : undefined}
      />
      {asking}
    </Panel>
  );
}

const ICON: Record<string, LucideIcon> = {
  "deal.created": Plus,
  "deal.moved": MoveRight,
  "deal.assigned": UserRound,
  "deal.won": Trophy,
  "deal.lost": CircleX,
  "deal.abandoned": CircleX,
  "deal.reopened": Undo2,
  "deal.deleted": Trash2,
  "deal.restored": RotateCcw,
};

/** What happened with the deal, what is planned and what somebody adds to that. */
function Story({ deal }: { deal: Deal }) {
  const { t } = useTranslation();
  const lines = useQuery(pipelines);
  const steps = useQuery(history(deal.id));
  const { locale } = useFormats();
  const members = useMembers();
  const reads = useMay("activities.read");
  const writes = useMay("activities.write");
  const about = {
    kind: "deal" as const,
    id: deal.id,
    name: deal.title,
    over: Boolean(deal.deleted_at),
    people: deal.contacts.map(({ contact, name }) => ({ id: contact, name })),
  };
  const byRule = (step: Schema["DealChange"] | undefined) => {
    if (!step?.rule || !step.rule_mode) return undefined;
    const known = { rule: step.rule_name ?? t("deals.assignment.gone") };
    if (!step.owner) return t("deals.assignment.by.nobody", known);
    const name = members.get(step.owner) ?? t("deals.assignment.former");
    return t(`deals.assignment.by.${step.rule_mode}`, { ...known, name, count: step.rule_open ?? 0 });
  };
  const tell: Tell = (entry) => {
    if (entry.subject !== "deals" || !entry.kind.startsWith("deal.")) return undefined;
    const payload = (entry.payload ?? {}) as Record<string, unknown>;
    // What a board showed from then on stands in the history, written at the same moment.
    const at = Date.parse(entry.occurred_at);
    const step = steps.data?.items.find(
      ({ occurred_at, kind }) => Date.parse(occurred_at) === at && (STEP[entry.kind] ?? entry.kind) === `deal.${kind}`,
    );
    const known = lines.data?.flatMap(({ stages }) => stages).find(({ id }) => id === (payload.to ?? payload.stage));
    const stage = step?.stage_name ?? known?.name ?? "";
    const icon = ICON[entry.kind] ?? Pencil;
    switch (entry.kind) {
      case "deal.assigned": {
        const name = typeof payload.to === "string" ? members.get(payload.to) : undefined;
        return { verb: name ? t("deals.did.assigned", { name }) : t("deals.did.unassigned"), icon };
      }
      case "deal.created":
      case "deal.moved":
      case "deal.reopened":
        return stage ? { verb: t(DID[entry.kind], { stage }), icon, detail: byRule(step) } : undefined;
      case "deal.won":
      case "deal.lost":
      case "deal.abandoned":
      case "deal.deleted":
      case "deal.restored":
        return { verb: t(DID[entry.kind]), icon };
      case "deal.updated":
        return {
          verb: step
            ? t("deals.did.changed", { amount: money(step.amount, step.currency, locale) })
            : t("deals.did.updated"),
          icon,
        };
      default:
        return undefined;
    }
  };
  if (!reads) return null;
  return (
    <section>
      <h2 className="wide mb-2 text-h2 font-semibold">{t("deals.history")}</h2>
      {writes && !about.over && (
        <div className="print:hidden">
          <Composer key={deal.id} about={about} />
        </div>
      )}
      <Boundary title={t("deals.history")}>
        <RecordTimeline about={about} tell={tell} />
      </Boundary>
    </section>
  );
}

/** Steps that are called otherwise than their events. */
const STEP: Record<string, string> = { "deal.updated": "deal.changed" };

const DID = {
  "deal.created": "deals.did.created",
  "deal.moved": "deals.did.moved",
  "deal.won": "deals.did.won",
  "deal.lost": "deals.did.lost",
  "deal.abandoned": "deals.did.abandoned",
  "deal.reopened": "deals.did.reopened",
  "deal.deleted": "deals.did.deleted",
  "deal.restored": "deals.did.restored",
} as const;

function Facts({ deal, line }: { deal: Deal; line: Pipeline | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  const reads = useMay("companies.read");
  const day = (value: string | null | undefined) => value && dayWords(value, formats.locale);
  const campaign = (source?: string | null, name?: string | null) =>
    (source || name) && <bdi>{[source, name].filter(Boolean).join(" · ")}</bdi>;
  const facts: [string, ReactNode][] = [
    [t("deals.pipeline"), line && <bdi>{line.name}</bdi>],
    [t("deals.field.company"), deal.company && <CompanyName deal={deal} reads={reads} />],
    [t("deals.field.owner"), deal.owner ? <bdi>{members.get(deal.owner)}</bdi> : t("deals.nobody")],
    [t("deals.field.expected_close"), day(deal.expected_close)],
    [t("deals.field.next_step"), deal.next_step && <bdi>{deal.next_step}</bdi>],
    [t("deals.field.next_step_on"), day(deal.next_step_on)],
    [t("deals.field.starts_on"), day(deal.starts_on)],
    [t("deals.field.ends_on"), day(deal.ends_on)],
    [t("deals.field.source"), deal.source && <bdi>{deal.source}</bdi>],
    [t("deals.field.first_touch"), campaign(deal.first_source, deal.first_campaign)],
    [t("deals.field.last_touch"), campaign(deal.last_source, deal.last_campaign)],
    [t("deals.field.stage_since"), formats.when(deal.stage_since)],
  ];
  return (
    <Card title={t("deals.facts")}>
      <dl className="text-[13.5px]">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name} className="flex justify-between gap-3 py-1.5">
                <dt className="shrink-0 text-muted">{name}</dt>
                <dd className="min-w-0 text-end break-words">{value}</dd>
              </div>
            ),
        )}
      </dl>
      {deal.description && (
        <p dir="auto" className="mt-2 border-line border-t pt-2.5 text-[13.5px] whitespace-pre-line break-words">
          {deal.description}
        </p>
      )}
    </Card>
  );
}

function Contacts({ deal }: { deal: Deal }) {
  const { t } = useTranslation();
  const reads = useMay("contacts.read");
  return (
    <Card title={t("deals.people")}>
      {deal.contacts.length === 0 ? (
        <p className="text-sm text-muted">{t("deals.noPeople")}</p>
      ) : (
        <ul>
          {deal.contacts.map(({ contact, name, role }) => (
            <li key={contact} className="flex min-h-11 items-center gap-2.5 text-[13.5px]">
              <Avatar name={name} id={contact} size="sm" />
              {reads ? (
                <PlainLink to="/contacts/$id" params={{ id: contact }} className="reach min-w-0 flex-1 hover:underline">
                  <bdi className="block truncate">{name}</bdi>
                </PlainLink>
              ) : (
                <bdi className="min-w-0 flex-1 truncate">{name}</bdi>
              )}
              <span className="text-cap text-muted">{t(`deals.role.${role}`)}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Actions({ deal, line }: { deal: Deal; line: Pipeline | undefined }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const writes = useMay("deals.write");
  const deletes = useMay("deals.delete");
  const { win, reopen, remove } = useEnds();
  const [ending, setEnding] = useState<{ deal: Deal; how: "lost" | "abandoned" }>();
  const [editing, setEditing] = useState(false);
  const open = deal.status === "open";
  return (
    <span className="ms-2 flex items-center gap-1.5">
      {writes && open && (
        <>
          <Button size="small" writes icon={<CircleCheck />} onClick={() => win(deal)} className="max-sm:hidden">
            {t("deals.win")}
          </Button>
          <Button
            size="small"
            writes
            icon={<CircleX />}
            onClick={() => setEnding({ deal, how: "lost" })}
            className="max-sm:hidden"
          >
            {t("deals.lose")}
          </Button>
        </>
      )}
      {writes && !open && (
        <Button size="small" writes icon={<Undo2 />} busy={reopen.isPending} onClick={() => reopen.mutate(deal.id)}>
          {t("deals.reopen")}
        </Button>
      )}
      <Menu
        trigger={
          <IconButton small label={t("deals.actionsOf", { title: deal.title })}>
            <EllipsisVertical />
          </IconButton>
        }
      >
        {writes && (
          <MenuItem writes icon={<Pencil />} onClick={() => setEditing(true)}>
            {t("deals.edit")}
          </MenuItem>
        )}
        {writes && open && (
          <>
            <MenuItem writes icon={<CircleCheck />} onClick={() => win(deal)}>
              {t("deals.win")}
            </MenuItem>
            <MenuItem writes icon={<CircleX />} onClick={() => setEnding({ deal, how: "lost" })}>
              {t("deals.lose")}
            </MenuItem>
            <MenuItem writes icon={<CircleX />} onClick={() => setEnding({ deal, how: "abandoned" })}>
              {t("deals.abandon")}
            </MenuItem>
          </>
        )}
        <MenuItem icon={<Printer />} onClick={() => print()}>
          {t("deals.print")}
        </MenuItem>
        {deletes && (
          <MenuItem
            danger
            icon={<Trash2 />}
            onClick={() =>
              remove.mutate(deal, { onSuccess: () => void navigate({ to: "/deals", search: last.search }) })
            }
          >
            {t("deals.delete")}
          </MenuItem>
        )}
      </Menu>
      <Opened open={ending !== undefined}>
        <CloseDialog ending={ending} onClose={() => setEnding(undefined)} />
      </Opened>
      {line && (
        <Opened open={editing}>
          <EditDeal deal={deal} line={line} open={editing} onClose={() => setEditing(false)} />
        </Opened>
      )}
    </span>
  );
}
