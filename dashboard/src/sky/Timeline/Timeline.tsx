import "../base/base.css";
import "./timeline.css";
import { type ReactNode, useId, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../base/formats";
import { type Moment, ms, sameDay } from "../base/time";
import { group, type Timed } from "./group";

/** One row of a record's history, or of its plans. */
export interface TimelineEntry extends Timed {
  /** A 15 px icon. */
  icon: ReactNode;
  /** Lights the icon. */
  tone?: "success" | "warning" | "danger" | "accent";
  /** What was done, in bold ("Paid $60 deposit"). */
  verb: string;
  /** The rest of the sentence ("for Bike fitting"). */
  text?: ReactNode;
  /** A quieter second line. */
  detail?: string;
  /** What somebody wrote, as a card. */
  quote?: ReactNode;
  /** In the place of the card: what somebody is writing. */
  body?: ReactNode;
  /** What can be done with it: small buttons under the card. */
  tools?: ReactNode;
  href?: string;
}

export interface TimelineProps {
  /** Name of the list ("Priya Raman, history"). */
  label: string;
  now: Moment;
  /** IANA zone of the workspace. */
  zone: string;
  /** In any order. */
  entries: readonly TimelineEntry[];
}

/** Plans above the sun, history below it by day. */
export function Timeline({ label, now: moment, zone, entries }: TimelineProps) {
  const { t } = useTranslation("translation", { keyPrefix: "sky" });
  const format = useFormats(zone);
  const id = useId();
  const now = ms(moment);
  const { plans, days } = useMemo(() => group(entries, now, zone), [entries, now, zone]);
  const planned = (at: number) =>
    sameDay(at, now, zone) ? t("timeline.today", { time: format.time(at) }) : format.date(at);
  return (
    <section className="line-of-time sky-forced" aria-label={label}>
      {plans.length > 0 && (
        <ol className="time-plans" aria-label={t("timeline.plans")}>
          {plans.map((entry) => (
            <Row key={entry.id} entry={entry} time={planned(ms(entry.at))} />
          ))}
        </ol>
      )}
      <p className="time-now">
        <i />
        <span>{t("timeline.now", { time: format.time(now) })}</span>
      </p>
      {days.map(({ at, today, entries: rows }, index) => (
        <div key={at} className="time-day">
          {!today && <h3 id={`${id}${index}`}>{format.day(at)}</h3>}
          <ol {...(today ? { "aria-label": t("timeline.history") } : { "aria-labelledby": `${id}${index}` })}>
            {rows.map((entry) => (
              <Row key={entry.id} entry={entry} time={format.time(ms(entry.at))} />
            ))}
          </ol>
        </div>
      ))}
      {entries.length === 0 && <p className="time-none">{t("timeline.none")}</p>}
    </section>
  );
}

function Row({
  entry: { at, icon, tone, verb, text, detail, quote, body, tools, href },
  time,
}: {
  entry: TimelineEntry;
  time: string;
}) {
  const sentence = (
    <>
      <b>{verb}</b> {text}
    </>
  );
  return (
    <li className="time-row">
      <span className={`time-glyph${tone ? ` time-${tone}` : ""}`} aria-hidden="true">
        {icon}
      </span>
      <div className="time-head">
        {href ? (
          <a href={href} dir="auto">
            {sentence}
          </a>
        ) : (
          <span dir="auto">{sentence}</span>
        )}
        <time dateTime={new Date(ms(at)).toISOString()}>{time}</time>
      </div>
      {detail && (
        <p className="time-detail" dir="auto">
          {detail}
        </p>
      )}
      {body ?? (quote && <blockquote dir="auto">{quote}</blockquote>)}
      {tools && !body && <div className="time-tools">{tools}</div>}
    </li>
  );
}
