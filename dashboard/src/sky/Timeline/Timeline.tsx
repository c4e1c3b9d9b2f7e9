import "../base/base.css";
import "./timeline.css";
import { memo, type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useRowsAmong } from "@/ui/rows";
import { useFormats } from "../base/formats";
import { type Moment, ms, sameDay } from "../base/time";
import { group, keyOf, linesOf, stretches, type Timed } from "./group";

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
  /** Earlier ones may be read. */
  more?: boolean;
  /** Under what it is remembered for the way back. */
  place?: string;
}

/** How high lines usually are, in pixels. */
const HEIGHT = { now: 33, head: 35, entry: 58 };

/** Plans above the sun, history below it by day. Of a long one those lines exist that are looked at. */
export function Timeline({ label, now: moment, zone, entries, more = false, place = label }: TimelineProps) {
  const { t } = useTranslation("translation", { keyPrefix: "sky" });
  const format = useFormats(zone);
  const now = ms(moment);
  const lines = useMemo(() => {
    const { plans, days } = group(entries, now, zone);
    return linesOf(plans, days, more);
  }, [entries, now, zone, more]);
  const long = useRowsAmong<HTMLElement>({
    keys: useMemo(() => lines.map(keyOf), [lines]),
    height: (index) => HEIGHT[lines[index]?.kind ?? "entry"],
    at: lines.findIndex((line) => line.kind === "entry" && line.entry.body !== undefined),
    place,
  });
  const planned = (at: number) =>
    sameDay(at, now, zone) ? t("timeline.today", { time: format.time(at) }) : format.date(at);
  const row = (index: number) => {
    const line = lines[index];
    if (line?.kind !== "entry") return null;
    const { of, entry, place, size } = line;
    const at = ms(entry.at);
    return (
      <Row
        key={entry.id}
        entry={entry}
        time={of === "plans" ? planned(at) : format.time(at)}
        index={index}
        // As long as all of them are there, anybody can count them.
        place={long.whole ? undefined : place}
        size={long.whole ? undefined : size}
        measure={long.measure}
      />
    );
  };
  return (
    <section
      ref={long.list}
      className={`line-of-time sky-forced${long.whole ? "" : " time-long"}`}
      aria-label={label}
      {...long.holding}
    >
      {stretches(lines, long.parts).map((stretch, n) => {
        if (stretch.kind === "gap")
          return <div key={`gap/${n}`} aria-hidden="true" className="time-day" style={{ height: stretch.height }} />;
        if (stretch.kind === "now")
          return (
            <p key="now" ref={long.measure} data-index={stretch.index} className="time-now">
              <i />
              <span>{t("timeline.now", { time: format.time(now) })}</span>
            </p>
          );
        const { of, head, parts } = stretch;
        const list = parts.map((part, n) =>
          "index" in part ? row(part.index) : <li key={`gap/${n}`} aria-hidden="true" style={{ height: part.gap }} />,
        );
        if (of === "plans")
          return (
            <ol key="plans" className="time-plans" aria-label={t("timeline.plans")}>
              {list}
            </ol>
          );
        const day = of.today ? t("timeline.history") : format.day(of.at);
        return (
          <div key={of.at} className="time-day">
            {head !== undefined && (
              <h3 ref={long.measure} data-index={head}>
                {day}
              </h3>
            )}
            {list.length > 0 && <ol aria-label={day}>{list}</ol>}
          </div>
        );
      })}
      {entries.length === 0 && <p className="time-none">{t("timeline.none")}</p>}
    </section>
  );
}

/** A row. Scrolling draws none anew. */
const Row = memo(function Row(props: {
  entry: TimelineEntry;
  time: string;
  index: number;
  place: number | undefined;
  size: number | undefined;
  measure: ((node: Element | null) => void) | undefined;
}) {
  const { at, icon, tone, verb, text, detail, quote, body, tools, href } = props.entry;
  const sentence = (
    <>
      <b>{verb}</b> {text}
    </>
  );
  return (
    <li
      ref={props.measure}
      data-index={props.index}
      aria-posinset={props.place}
      aria-setsize={props.size}
      className="time-row"
    >
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
        <time dateTime={new Date(ms(at)).toISOString()}>{props.time}</time>
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
});
