import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Button, IconButton } from "@/ui/button";
import { Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Panel } from "@/ui/panel";
import { useLookOnly } from "@/ui/read-only";
import { Failed, SkeletonRows } from "@/ui/states";
import { say } from "@/ui/toast";
import { quietHours } from "./data";

type Hours = Schema["QuietHours"];
type Span = Schema["QuietSpan"];

const WEEK = [1, 2, 3, 4, 5, 6, 7];
const NIGHT: Span = { days: WEEK, from: "22:00", until: "07:00" };
const WEEKEND: Span = { days: [6, 7], from: "00:00", until: "00:00" };
/** As many as the server keeps. */
const MOST = 7;

/** When devices and the mailbox stay silent. */
export function QuietHours() {
  const { t } = useTranslation();
  const query = useQuery(quietHours);
  return (
    <Panel title={t("account.quiet")} note={t("account.quietNote")}>
      {query.isPending ? (
        <SkeletonRows rows={2} />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        query.data && <Form key={JSON.stringify([query.data.spans, query.data.zone])} hours={query.data} />
      )}
    </Panel>
  );
}

function Form({ hours }: { hours: Hours }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const cache = useQueryClient();
  const locked = useLookOnly(true) !== undefined;
  const [spans, setSpans] = useState<readonly Span[]>(hours.spans);
  const [zone, setZone] = useState(hours.zone ?? "");
  const save = useMutation({
    mutationFn: () => ok(api.PUT("/v1/quiet-hours", { body: { spans: [...spans], zone: zone || null } })),
    onSuccess: (kept) => {
      cache.setQueryData(quietHours.queryKey, kept);
      say(t("account.quietSaved"));
    },
  });
  const dirty = JSON.stringify([spans, zone]) !== JSON.stringify([hours.spans, hours.zone ?? ""]);
  const empty = spans.some(({ days }) => days.length === 0);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (dirty && !empty && !save.isPending) save.mutate();
  };
  const cancel = () => {
    save.reset();
    setSpans(hours.spans);
    setZone(hours.zone ?? "");
  };
  const change = (index: number, to: Partial<Span>) =>
    setSpans(spans.map((span, i) => (i === index ? { ...span, ...to } : span)));
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      {hours.quiet_until && (
        <p className="text-sm text-accent-text">{t("account.quietNow", { when: formats.when(hours.quiet_until) })}</p>
      )}
      {spans.length === 0 && <p className="text-sm text-ink-2">{t("account.quietNone")}</p>}
      {spans.map((span, index) => (
        <SpanRow
          key={index}
          index={index}
          span={span}
          locked={locked}
          onChange={(to) => change(index, to)}
          onRemove={() => setSpans(spans.filter((_, i) => i !== index))}
        />
      ))}
      {spans.length < MOST && (
        <div className="flex flex-wrap gap-2">
          <Button writes size="small" icon={<Plus />} onClick={() => setSpans([...spans, NIGHT])}>
            {t("account.quietNights")}
          </Button>
          <Button writes size="small" icon={<Plus />} onClick={() => setSpans([...spans, WEEKEND])}>
            {t("account.quietWeekend")}
          </Button>
        </div>
      )}
      {spans.length > 0 && <Zone zone={zone} account={formats.zone} kept={hours} locked={locked} onChange={setZone} />}
      {(empty || save.isError) && (
        <p role="alert" className="text-sm text-danger-text">
          {empty ? t("account.quietNoDay") : sayThrown(save.error)}
        </p>
      )}
      {dirty && (
        <footer className="flex justify-end gap-2">
          <Button look="ghost" onClick={cancel}>
            {t("action.cancel")}
          </Button>
          <Button writes type="submit" look="primary" busy={save.isPending} disabled={empty}>
            {t("action.save")}
          </Button>
        </footer>
      )}
    </form>
  );
}

function SpanRow(props: {
  index: number;
  span: Span;
  locked: boolean;
  onChange: (to: Partial<Span>) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const { span, locked, onChange } = props;
  const number = props.index + 1;
  const name = (day: number, weekday: "short" | "long") =>
    // The fifth of January 1970 was a Monday.
    new Intl.DateTimeFormat(locale, { weekday, timeZone: "UTC" }).format(Date.UTC(1970, 0, 4 + day));
  const toggle = (day: number) =>
    onChange({ days: WEEK.filter((each) => span.days.includes(each) !== (each === day)) });
  const time = (which: "from" | "until") => (
    <input
      type="time"
      required
      disabled={locked}
      aria-label={t(which === "from" ? "account.quietFrom" : "account.quietUntil", { number })}
      value={span[which]}
      onChange={({ target: { value } }) => value && onChange(which === "from" ? { from: value } : { until: value })}
      className={`${inputLook} ${inputHeight} w-[118px]`}
    />
  );
  return (
    <fieldset className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <legend className="sr-only">{t("account.quietSpan", { number })}</legend>
      <span className="flex flex-wrap gap-1">
        {WEEK.map((day) => (
          <button
            key={day}
            type="button"
            disabled={locked}
            aria-pressed={span.days.includes(day)}
            aria-label={name(day, "long")}
            onClick={() => toggle(day)}
            className="h-[30px] min-w-9 rounded-[8px] border border-line px-1.5 text-[12.5px] text-muted hover:text-ink aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-text max-md:size-11 coarse:size-11"
          >
            {name(day, "short")}
          </button>
        ))}
      </span>
      <span className="flex items-center gap-1.5" dir="ltr">
        {time("from")} – {time("until")}
        <IconButton writes small label={t("account.quietRemove", { number })} onClick={props.onRemove}>
          <X />
        </IconButton>
      </span>
    </fieldset>
  );
}

/** The account's zone, the one of this browser, and the one that was chosen before. */
function Zone(props: {
  zone: string;
  account: string | undefined;
  kept: Hours;
  locked: boolean;
  onChange: (zone: string) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const { zone, account = "UTC", kept } = props;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const others = [...new Set([here, kept.zone, zone])].filter((each) => each && each !== account);
  const said = (name: string) => name.replaceAll("_", " ");
  return (
    <span className="flex flex-wrap items-center gap-2 text-sm">
      <label htmlFor={id} className="text-ink-2">
        {t("account.quietZone")}
      </label>
      <Select
        id={id}
        value={zone}
        disabled={props.locked}
        onChange={(event) => props.onChange(event.target.value)}
        className="w-auto max-w-full"
      >
        <option value="">{said(account)}</option>
        {others.map((each) => (
          <option key={each} value={each ?? ""}>
            {said(each ?? "")}
          </option>
        ))}
      </Select>
    </span>
  );
}
