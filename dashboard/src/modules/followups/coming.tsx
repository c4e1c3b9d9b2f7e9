import { useInfiniteQuery } from "@tanstack/react-query";
import { ChevronRight, CirclePause, Pause, Play, SkipForward, Square } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { may, useMay, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { SheetButton, type SheetLook } from "@/modules/sheets/export";
import { useMembers } from "@/modules/tasks/data";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { IconButton } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Filter } from "@/ui/filter";
import { Link, PlainLink } from "@/ui/link";
import { Listed } from "@/ui/listed";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { Empty } from "@/ui/states";
import { say } from "@/ui/toast";
import { useAway } from "./away";
import { useFollowUpChanges } from "./changes";
import { coming, type FollowUp } from "./data";

const SHOWN = { all: "status:in:waiting,paused", waiting: "status:eq:waiting", paused: "status:eq:paused" } as const;
type Shown = keyof typeof SHOWN;

/** What will come, for everybody in reach, with what can be done about it. */
export function ComingPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "followups.read")) return <Forbidden title={t("followups.coming.title")} needs="followups.read" />;
  return <Coming />;
}

function Coming() {
  const { t } = useTranslation();
  const me = useMe();
  const members = useMembers();
  const [shown, setShown] = useState<Shown>("all");
  const [owner, setOwner] = useState<string>();
  const filter = [SHOWN[shown], ...(owner ? [`owner:eq:${owner}`] : [])];
  const query = useInfiniteQuery(coming(filter));
  const load = (look: SheetLook) =>
    api.GET("/v1/follow-ups/export", { params: { query: { filter, ...look } }, parseAs: "blob" });
  const mine = me?.user?.id;
  const owners = [
    ...(mine ? [{ value: mine, label: t("followups.radar.mine") }] : []),
    ...[...members].filter(([id]) => id !== mine).map(([value, label]) => ({ value, label })),
  ];
  return (
    <Page
      title={t("followups.coming.title")}
      back="/tasks"
      crumbs={
        <>
          <Link to="/tasks" className="font-[420] text-muted!">
            {t("followups.radar.back")}
          </Link>
          <ChevronRight aria-hidden="true" className="size-3.5 rtl:-scale-x-100" />
          <b className="font-semibold text-ink">{t("followups.coming.title")}</b>
        </>
      }
    >
      <div className="flex flex-col gap-4 px-7 pt-4 pb-8 max-md:px-4">
        <p className="text-sm text-muted">{t("followups.coming.text")}</p>
        <div className="relative flex items-center gap-2 md:flex-wrap max-md:-mx-4 max-md:-my-1 max-md:overflow-x-auto max-md:px-4 max-md:py-1 max-md:[scrollbar-width:none]">
          <Segments<Shown>
            label={t("followups.coming.show")}
            value={shown}
            onChange={setShown}
            options={(["all", "waiting", "paused"] as const).map((value) => ({
              value,
              label: t(`followups.coming.shown.${value}`),
            }))}
          />
          {owners.length > 0 && (
            <Filter label={t("followups.radar.owner")} value={owner} choices={owners} onChange={setOwner} />
          )}
          <span className="flex-1 max-md:hidden" />
          <SheetButton name="follow-ups" load={load} />
        </div>
        <Panel bare label={t("followups.coming.title")}>
          <Listed
            query={query}
            rows={8}
            empty={<Empty title={t("followups.coming.empty")}>{t("followups.coming.emptyText")}</Empty>}
          >
            {(items) => (
              <ul className="divide-y divide-line">
                {items.map((one) => (
                  <Row key={one.id} one={one} assignee={one.assignee ? members.get(one.assignee) : undefined} />
                ))}
              </ul>
            )}
          </Listed>
        </Panel>
      </div>
    </Page>
  );
}

function Row({ one, assignee }: { one: FollowUp; assignee: string | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const writes = useMay("followups.write");
  const { title, step } = one;
  const why = step
    ? t("followups.because.step", { step, name: one.sequence_name ?? "" })
    : one.rule_name
      ? t("followups.because.rule", { name: one.rule_name })
      : t("followups.because.alone");
  const held = one.status === "paused";
  const away = useAway()(one);
  return (
    <li className="flex min-h-[57px] items-center gap-3 px-[18px] py-2 max-md:flex-wrap max-md:px-4">
      <span className="min-w-0 flex-1 max-md:basis-full">
        <bdi className="block truncate text-sm font-[560]">{title}</bdi>
        <span className="block truncate text-[12.5px] text-muted coarse:-my-3 coarse:py-3">
          <About one={one} />
          {[why, assignee, away].filter(Boolean).join(" · ")}
        </span>
      </span>
      {held ? (
        <Chip tone="sun">
          <CirclePause aria-hidden="true" />
          {t("followups.held")}
        </Chip>
      ) : (
        <time dateTime={one.fire_at} title={formats.full(one.fire_at)} className="num shrink-0 text-end text-sm">
          {formats.day(one.fire_at)}
        </time>
      )}
      {writes && <Acts one={one} held={held} />}
    </li>
  );
}

/** Whom or what it is about. */
function About({ one }: { one: FollowUp }) {
  const look = "inline-flex hover:underline coarse:-my-3 coarse:min-h-11 coarse:items-center";
  return (
    <>
      {one.contact && (
        <>
          <PlainLink to="/contacts/$id" params={{ id: one.contact }} className={look}>
            <bdi>{one.contact_name}</bdi>
          </PlainLink>
          {" · "}
        </>
      )}
      {one.deal && (
        <>
          <PlainLink to="/deals/$id" params={{ id: one.deal }} className={look}>
            <bdi>{one.deal_title}</bdi>
          </PlainLink>
          {" · "}
        </>
      )}
    </>
  );
}

function Acts({ one, held }: { one: FollowUp; held: boolean }) {
  const { t } = useTranslation();
  const { pause, resume, stop, leave } = useFollowUpChanges();
  const { title, enrolment } = one;
  return (
    <span className="flex shrink-0 md:min-w-24">
      {held ? (
        <IconButton writes small label={t("followups.resume", { title })} onClick={() => resume.mutate(one)}>
          <Play className="rtl:-scale-x-100" />
        </IconButton>
      ) : (
        <IconButton writes small label={t("followups.pause", { title })} onClick={() => pause.mutate(one)}>
          <Pause />
        </IconButton>
      )}
      <IconButton writes small label={t("followups.coming.skip", { title })} onClick={() => stop.mutate(one)}>
        <SkipForward className="rtl:-scale-x-100" />
      </IconButton>
      {enrolment && (
        <IconButton
          writes
          small
          label={t("followups.runs.takeOut", { name: one.contact_name ?? title })}
          onClick={() =>
            leave.mutate(enrolment, {
              onSuccess: () => say(t("followups.said.out", { name: one.contact_name ?? title })),
            })
          }
        >
          <Square />
        </IconButton>
      )}
    </span>
  );
}
