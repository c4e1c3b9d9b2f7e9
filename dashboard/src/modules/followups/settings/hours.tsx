import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok } from "@/api/client";
import { useMe } from "@/app/may";
import { sayThrown } from "@/i18n/problems";
import { Button, IconButton } from "@/ui/button";
import { Trouble } from "@/ui/form";
import { inputHeight, inputLook } from "@/ui/input-look";
import { useDraftOf } from "@/ui/merge";
import { Newer } from "@/ui/newer";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { say } from "@/ui/toast";
import { type WorkingTime, workingTime } from "../data";

type Span = WorkingTime["spans"][number];
/** Hours by the day, 1 is Monday: so whoever changes another day changes nothing of this one. */
export type Days = Record<number, readonly Span[]>;
const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const BEGIN = "09:00";
const END = "17:00";

/** Spans in their order, as the server keeps them. */
const sorted = (spans: readonly Span[]): Span[] =>
  [...spans].sort((a, b) => a.day - b.day || a.from.localeCompare(b.from));

export const daysOf = (spans: readonly Span[]): Days =>
  Object.fromEntries(
    WEEK.map((_, i) => {
      const of = spans.filter(({ day }) => day === i + 1);
      return [i + 1, sorted(of.map(({ day, from, until }) => ({ day, from, until })))];
    }),
  );
export const spansOf = (days: Days): Span[] => sorted(WEEK.flatMap((_, i) => days[i + 1] ?? []));

/** What the days of a week are called, to say which of them somebody else changed. */
export function useDayName() {
  const { t } = useTranslation();
  return (day: number | string) => t(`followups.hours.weekdays.${WEEK[Number(day) - 1] ?? "mon"}`);
}

const broken = (spans: readonly Span[]): boolean =>
  sorted(spans).some((span, i, all) => {
    const before = all[i - 1];
    return !(span.from < span.until) || (before?.day === span.day && before.until > span.from);
  });

/** One hour after the last ones of the day, or the usual ones. */
function next(of: readonly Span[], day: number): Span {
  const last = sorted(of).at(-1);
  if (!last || last.until >= "22:00") return { day, from: BEGIN, until: END };
  const hour = Number(last.until.slice(0, 2)) + 1;
  return { day, from: `${String(hour).padStart(2, "0")}:00`, until: `${String(hour + 1).padStart(2, "0")}:00` };
}

/** Hours of a week, saved as a whole. */
export function Hours() {
  const { t } = useTranslation();
  const query = useQuery(workingTime);
  const zone = query.data?.zone_in_force ?? "";
  return (
    <Panel title={t("followups.hours.title")}>
      <p className="-mt-2 mb-3 text-[12.5px] text-muted">{t("followups.hours.lead", { zone })}</p>
      {query.isPending ? (
        <SkeletonRows rows={7} />
      ) : query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Week held={query.data} />
      )}
    </Panel>
  );
}

function Week({ held }: { held: WorkingTime }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const dayName = useDayName();
  const writes = useMe()?.grants["followups.write"] === "all";
  const { draft, setDraft, touched, newer, update, theirs, discard } = useDraftOf(held, (one) => daysOf(one.spans));
  const save = useMutation({
    mutationFn: () =>
      update({
        send: ({ version, zone }, days) => {
          const body = { ...(zone && { zone }), spans: spansOf(days) };
          return ok(api.PUT("/v1/working-time", { params: { header: ifMatch(version) }, body }));
        },
        read: () => cache.fetchQuery({ ...workingTime, staleTime: 0 }),
      }),
    onSuccess: (fresh) => {
      cache.setQueryData(workingTime.queryKey, fresh);
      say(t("followups.hours.saved"));
    },
  });
  return (
    <WeekForm
      days={draft}
      onChange={setDraft}
      dirty={touched}
      writes={writes}
      save={save}
      newer={<Newer of={newer} label={dayName} onTheirs={theirs} />}
      onCancel={discard}
    />
  );
}

/** Hours of a week that somebody changes. */
export function WeekForm({
  days,
  onChange,
  dirty,
  writes,
  save,
  newer,
  onCancel,
}: {
  days: Days;
  onChange: (days: Days) => void;
  dirty: boolean;
  writes: boolean;
  save: { mutate: () => void; reset: () => void; isPending: boolean; isError: boolean; error: unknown };
  /** What somebody else changed as well. */
  newer: ReactNode;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const dayName = useDayName();
  const spans = spansOf(days);
  const wrong = broken(spans) ? t("followups.hours.wrong") : spans.length === 0 ? t("followups.hours.none") : undefined;
  const cancel = () => {
    save.reset();
    onCancel();
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (dirty && !wrong && !save.isPending) save.mutate();
      }}
    >
      <ul className="flex flex-col gap-2">
        {WEEK.map((_, i) => {
          const day = i + 1;
          const name = dayName(day);
          const of = days[day] ?? [];
          const put = (spans: readonly Span[]) => onChange({ ...days, [day]: spans });
          const change = (span: Span, to?: Partial<Span>) =>
            put(of.flatMap((each) => (each !== span ? [each] : to ? [{ ...each, ...to }] : [])));
          return (
            <li key={day} className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1.5 text-sm">
              <span className="w-28 shrink-0 font-[520]">{name}</span>
              {of.length === 0 && <span className="text-muted">{t("followups.hours.closed")}</span>}
              {of.map((span, i) => (
                <span key={i} className="flex items-center gap-1.5" dir="ltr">
                  <Time
                    label={t("followups.hours.from", { day: name })}
                    value={span.from}
                    disabled={!writes}
                    onChange={(from) => change(span, { from })}
                  />
                  –
                  <Time
                    label={t("followups.hours.until", { day: name })}
                    value={span.until}
                    disabled={!writes}
                    onChange={(until) => change(span, { until })}
                  />
                  {writes && (
                    <IconButton
                      small
                      label={t("followups.hours.remove", { from: span.from, until: span.until, day: name })}
                      onClick={() => change(span)}
                    >
                      <X />
                    </IconButton>
                  )}
                </span>
              ))}
              {writes && of.length < 4 && (
                <IconButton
                  small
                  label={t("followups.hours.add", { day: name })}
                  onClick={() => put([...of, next(of, day)])}
                >
                  <Plus />
                </IconButton>
              )}
            </li>
          );
        })}
      </ul>
      {(wrong || save.isError) && (
        <div className="mt-3">
          <Trouble>{wrong ?? sayThrown(save.error)}</Trouble>
        </div>
      )}
      <div className="mt-3 empty:hidden">{newer}</div>
      {dirty && (
        <footer className="mt-3 flex justify-end gap-2">
          <Button look="ghost" onClick={cancel}>
            {t("action.cancel")}
          </Button>
          <Button writes type="submit" look="primary" busy={save.isPending} disabled={wrong !== undefined}>
            {t("action.save")}
          </Button>
        </footer>
      )}
    </form>
  );
}

function Time(props: { label: string; value: string; disabled: boolean; onChange: (time: string) => void }) {
  return (
    <input
      type="time"
      required
      aria-label={props.label}
      value={props.value}
      disabled={props.disabled}
      onChange={(event) => event.target.value && props.onChange(event.target.value)}
      className={`${inputLook} ${inputHeight} w-[118px]`}
    />
  );
}
