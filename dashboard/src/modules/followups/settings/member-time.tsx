import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { type FormEvent, useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { useMay, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayProblem, sayThrown } from "@/i18n/problems";
import { useMembers } from "@/modules/tasks/data";
import { dayInFull } from "@/modules/tasks/when";
import { Button, IconButton } from "@/ui/button";
import { FieldFrame, Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { useDraftOf } from "@/ui/merge";
import { Newer } from "@/ui/newer";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { absencesOf, type MemberAbsence, type MemberHours, memberHours, type WorkingTime, workingTime } from "../data";
import { type Days, daysOf, spansOf, useDayName, WeekForm } from "./hours";

/** When a member works and is away: oneself, or another one for whoever may say it of others. */
export function MemberTime() {
  const { t } = useTranslation();
  const me = useMe();
  const members = useMembers();
  const id = useId();
  const mine = me?.user?.id;
  const others = me?.grants["followups.write"] === "all" ? [...members].filter(([one]) => one !== mine) : [];
  const [chosen, setChosen] = useState<string>();
  const member = chosen ?? mine ?? others[0]?.[0];
  const writes = useMay("followups.write");
  if (!member) return null;
  return (
    <Panel title={t("followups.mine.title")}>
      <p className="-mt-2 mb-3 text-[12.5px] text-muted">{t("followups.mine.lead")}</p>
      {others.length > 0 && (
        <div className="mb-3 max-w-[320px]">
          <FieldFrame id={id} label={t("followups.mine.whose")}>
            <Select id={id} value={member} onChange={(event) => setChosen(event.target.value)}>
              {mine && <option value={mine}>{t("followups.mine.me")}</option>}
              {others.map(([one, name]) => (
                <option key={one} value={one}>
                  {name}
                </option>
              ))}
            </Select>
          </FieldFrame>
        </div>
      )}
      <OwnHours key={`hours/${member}`} member={member} writes={writes} />
      <Absences key={`away/${member}`} member={member} names={members} writes={writes} />
    </Panel>
  );
}

function OwnHours({ member, writes }: { member: string; writes: boolean }) {
  const { t } = useTranslation();
  const query = useQuery(memberHours);
  const { data: usual } = useQuery(workingTime);
  const [begun, setBegun] = useState(false);
  const mine = useMe()?.user?.id === member;
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending || !usual) return <SkeletonRows rows={2} />;
  const own = query.data.find((hours) => hours.member === member);
  if (own || begun) return <OwnWeek {...{ member, mine, own, usual, writes }} onEnd={() => setBegun(false)} />;
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-3 text-sm">
      <span className="me-auto text-ink-2">{t("followups.mine.usual")}</span>
      {writes && (
        <Button writes size="small" onClick={() => setBegun(true)}>
          {t("followups.mine.own")}
        </Button>
      )}
    </div>
  );
}

/** Where the hours of the account are meant is said as nothing: it goes along when the account's changes. */
function firstZone(own: MemberHours | undefined, mine: boolean, usual: WorkingTime): string {
  if (own) return own.zone ?? "";
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return mine && here !== usual.zone_in_force ? here : "";
}

function OwnWeek(props: {
  member: string;
  mine: boolean;
  own: MemberHours | undefined;
  usual: WorkingTime;
  writes: boolean;
  onEnd: () => void;
}) {
  const { t } = useTranslation();
  const { member, mine, own, usual, writes, onEnd } = props;
  const id = useId();
  const cache = useQueryClient();
  const dayName = useDayName();
  const { draft, setDraft, touched, newer, update, theirs, discard } = useDraftOf(
    own,
    (hours): Draft => ({
      zone: firstZone(hours, mine, usual),
      ...daysOf(hours?.spans ?? usual.spans),
    }),
  );
  const { zone } = draft;
  const zones = useMemo(() => Intl.supportedValuesOf("timeZone"), []);
  const { put, again, remove } = useHours(member);
  const save = useMutation({
    mutationFn: () =>
      update({
        send: (base, body) => put(body, base?.version),
        read: async () => {
          const { items } = await cache.fetchQuery({ ...memberHours, staleTime: 0 });
          return items.find((hours) => hours.member === member);
        },
      }),
    onSuccess: async () => {
      await again();
      onEnd();
      say(t("followups.hours.saved"));
    },
  });
  return (
    <>
      <div className="mb-3 max-w-[320px]">
        <FieldFrame id={id} label={t("followups.mine.zone")}>
          <Select
            id={id}
            value={zone}
            disabled={!writes}
            onChange={(event) => setDraft({ ...draft, zone: event.target.value })}
          >
            <option value="">{t("followups.mine.zoneUsual", { zone: named(usual.zone_in_force) })}</option>
            {zone !== "" && !zones.includes(zone) && <option value={zone}>{named(zone)}</option>}
            {zones.map((each) => (
              <option key={each} value={each}>
                {named(each)}
              </option>
            ))}
          </Select>
        </FieldFrame>
      </div>
      <WeekForm
        days={draft}
        onChange={(days) => setDraft({ ...draft, ...days })}
        dirty={!own || touched}
        writes={writes}
        save={save}
        newer={
          <Newer
            of={newer}
            label={(key) => (key === "zone" ? t("followups.mine.zone") : dayName(key))}
            texts={["zone"]}
            onTheirs={theirs}
          />
        }
        onCancel={() => {
          discard();
          onEnd();
        }}
      />
      {own && writes && (
        <Button look="ghost" size="small" className="mt-2" busy={remove.isPending} onClick={() => remove.mutate(own)}>
          {t("followups.mine.back")}
        </Button>
      )}
    </>
  );
}

const named = (zone: string) => zone.replaceAll("_", " ");

type Draft = Days & { zone: string };

/** Changes hours of a member; taking them away can be undone. */
function useHours(member: string) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const again = () => cache.invalidateQueries({ queryKey: memberHours.queryKey });
  const path = { id: member };
  const put = ({ zone, ...days }: Draft, version?: number) =>
    ok(
      api.PUT("/v1/member-hours/{id}", {
        params: { path, ...(version && { header: ifMatch(version) }) },
        body: { ...(zone && { zone }), spans: spansOf(days) },
      }),
    );
  const refuse = (error: unknown) => {
    sayError(sayThrown(error));
    void again();
  };
  const restore = useMutation({
    mutationFn: ({ zone, spans }: MemberHours) => put({ zone: zone ?? "", ...daysOf(spans) }),
    onSuccess: () => {
      void again();
      say(t("followups.hours.saved"));
    },
    onError: refuse,
  });
  const remove = useMutation({
    mutationFn: ({ version }: MemberHours) =>
      ok(api.DELETE("/v1/member-hours/{id}", { params: { path, header: ifMatch(version) } })),
    onSuccess: (_, hours) => {
      void again();
      say(t("followups.mine.removed"), { undo: () => restore.mutate(hours) });
    },
    onError: refuse,
  });
  return { put, again, remove };
}

type Names = ReadonlyMap<string, string>;

function Absences({ member, names, writes }: { member: string; names: Names; writes: boolean }) {
  const { t } = useTranslation();
  const { dayKey } = useFormats();
  const query = useQuery(absencesOf(member, dayKey(new Date())));
  const { add, remove } = useAbsences();
  return (
    <section aria-label={t("followups.mine.away")} className="mt-4 border-line border-t pt-3">
      <h3 className="mb-2 text-sm font-[570]">{t("followups.mine.away")}</h3>
      {query.isPending ? (
        <SkeletonRows rows={1} />
      ) : query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.length === 0 ? (
        <p className="text-sm text-muted">{t("followups.mine.there")}</p>
      ) : (
        <ul className="divide-y divide-line">
          {query.data.map((one) => (
            <Away key={one.id} one={one} names={names} onRemove={writes ? () => remove.mutate(one) : undefined} />
          ))}
        </ul>
      )}
      {writes && <Add member={member} names={names} add={add} />}
    </section>
  );
}

function Away({ one, names, onRemove }: { one: MemberAbsence; names: Names; onRemove: (() => void) | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [from, until] = [one.from, one.until].map((day) => dayInFull(day, formats.locale));
  const days = one.from === one.until ? from : t("followups.mine.days", { from, until });
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-3 py-1 text-sm">
      <span className="num">{days}</span>
      <span className="min-w-0 flex-1 text-muted">
        {one.stand_in
          ? t("followups.mine.standsIn", { name: names.get(one.stand_in) ?? t("followups.mine.somebody") })
          : t("followups.mine.waits")}
      </span>
      {onRemove && (
        <IconButton small label={t("followups.mine.removeAway", { days })} onClick={onRemove}>
          <Trash2 />
        </IconButton>
      )}
    </li>
  );
}

function useAbsences() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  // What is coming says who is away.
  const again = () =>
    Promise.all(["member_absences", "follow_ups"].map((key) => cache.invalidateQueries({ queryKey: [key] })));
  const onError = (error: unknown) => sayError(sayThrown(error));
  const add = useMutation({
    mutationFn: (body: Schema["NewMemberAbsence"]) => ok(api.POST("/v1/member-absences", { body })),
    onSuccess: again,
    onError,
  });
  const remove = useMutation({
    mutationFn: ({ id }: MemberAbsence) => ok(api.DELETE("/v1/member-absences/{id}", { params: { path: { id } } })),
    onSuccess: (_, { member, from, until, stand_in }) => {
      void again();
      const body = { member, from, until, ...(stand_in && { stand_in }) };
      say(t("followups.mine.removedAway"), { undo: () => add.mutate(body) });
    },
    onError,
  });
  return { add, remove };
}

function Add({ member, names, add }: { member: string; names: Names; add: ReturnType<typeof useAbsences>["add"] }) {
  const { t } = useTranslation();
  const ids = { from: useId(), until: useId(), stand_in: useId() };
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const [standIn, setStandIn] = useState("");
  const wrong = from !== "" && until !== "" && until < from;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!from || wrong || add.isPending) return;
    const done = () => {
      setFrom("");
      setUntil("");
    };
    add.mutate({ member, from, until: until || from, ...(standIn && { stand_in: standIn }) }, { onSuccess: done });
  };
  const look = `${inputLook} ${inputHeight}`;
  return (
    <form
      noValidate
      onSubmit={submit}
      className="mt-3 grid grid-cols-[160px_160px_minmax(0,1fr)_auto] items-end gap-3 max-md:grid-cols-1"
    >
      <FieldFrame id={ids.from} label={t("followups.mine.from")}>
        <input id={ids.from} type="date" value={from} onChange={(e) => setFrom(e.target.value)} className={look} />
      </FieldFrame>
      <FieldFrame id={ids.until} label={t("followups.mine.until")} error={wrong ? sayProblem("date_order") : undefined}>
        <input
          id={ids.until}
          type="date"
          value={until}
          aria-invalid={wrong || undefined}
          aria-describedby={wrong ? `${ids.until}-say` : undefined}
          onChange={(e) => setUntil(e.target.value)}
          className={look}
        />
      </FieldFrame>
      <FieldFrame id={ids.stand_in} label={t("followups.mine.standIn")}>
        <Select id={ids.stand_in} value={standIn} onChange={(e) => setStandIn(e.target.value)}>
          <option value="">{t("followups.mine.nobody")}</option>
          {[...names]
            .filter(([one]) => one !== member)
            .map(([one, name]) => (
              <option key={one} value={one}>
                {name}
              </option>
            ))}
        </Select>
      </FieldFrame>
      <Button writes type="submit" busy={add.isPending} disabled={!from || wrong}>
        {t("followups.mine.add")}
      </Button>
    </form>
  );
}
