import "../base/base.css";
import "./dayline.css";
import { useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../base/formats";
import { clamp, px } from "../base/place";
import { type Moment, ms } from "../base/time";
import { useBox } from "../base/useBox";
import { type DayDot, type DayEvent, labels, plan } from "./geometry";

export interface DayLineProps {
  now: Moment;
  /** IANA zone of the workspace. */
  zone: string;
  /** Where the line begins and ends; 06:00 to 21:00 when absent (09:00 to 19:00 on phones), wider when events lie outside. */
  from?: Moment;
  to?: Moment;
  events: readonly DayEvent[];
  /** Follows a dot; by default the browser does. */
  onOpen?: (href: string) => void;
}

const HEIGHT = 30;
const LINE = HEIGHT - 0.5;

/** The horizon under a page's header: today as a line, the sun at now. */
export function DayLine({ now: moment, zone, from, to, events, onOpen }: DayLineProps) {
  const { t } = useTranslation("translation", { keyPrefix: "sky" });
  const id = useId();
  const format = useFormats(zone);
  const [ref, { width, rtl }] = useBox<HTMLElement>();
  const [open, setOpen] = useState<string>();
  const now = ms(moment);
  const day = useMemo(() => {
    const usual = from !== undefined && to !== undefined ? ([ms(from), ms(to)] as const) : undefined;
    return plan(events, now, zone, width, rtl, usual);
  }, [events, now, zone, width, rtl, from, to]);
  const sunX = day.xOf(now);
  const next = day.dots.find(({ at, done }) => at > now && !done);
  const nextText = next && `${format.time(next.at)} ${next.event.title}`;
  const words = labels(
    width,
    sunX,
    format.time(now),
    next && nextText ? { x: next.x, text: nextText } : undefined,
    rtl,
  );
  const shown = open === undefined ? undefined : day.dots.find(({ event }) => event.id === open);

  return (
    <nav
      ref={ref}
      className="day-line sky-forced"
      aria-label={t("day.label")}
      onPointerLeave={() => setOpen(undefined)}
    >
      {width > 0 && (
        <svg aria-hidden="true" width={width} height={HEIGHT}>
          <path d={`M0 ${LINE}H${width}`} stroke="var(--line)" />
          {/* All that is light hangs on the sun, so the minute moves one transform. */}
          <g className="sky-lights" style={{ transform: `translateX(${sunX}px)` }}>
            <Light id={id} width={width} rtl={rtl} />
          </g>
          {day.ticks.map(({ x, big }) => (
            <path
              key={x}
              d={`M${px(x)} ${LINE}v${big ? -6 : -3.5}`}
              stroke="var(--sky-label)"
              opacity={big ? 0.7 : 0.4}
            />
          ))}
          {day.drawn.map(({ event, x, done }) => (
            <circle key={event.id} cx={px(x)} cy={LINE} r={done ? 3 : 4} className={done ? "day-done" : "day-open"} />
          ))}
        </svg>
      )}
      {width > 0 && (
        <>
          <span className="day-sun" style={{ transform: `translateX(${sunX}px)` }} />
          <span className="day-time" style={{ transform: `translateX(${words.sun.x}px)`, width: words.sun.width }}>
            <span className="sky-spoken">{t("day.now", { time: format.time(now) })}</span>
            <span aria-hidden="true">{format.time(now)}</span>
          </span>
          {words.next && next && (
            <span
              className="day-next"
              aria-hidden="true"
              style={{ transform: `translateX(${words.next.x}px)`, width: words.next.width }}
            >
              <b>{format.time(next.at)}</b>
              <bdi>{next.event.title}</bdi>
            </span>
          )}
        </>
      )}
      {day.dots.length === 0 ? (
        <p className="sky-spoken">{t("day.none")}</p>
      ) : (
        <ol>
          {day.dots.map(({ event, at, x, done }) => (
            <li key={event.id}>
              <a
                href={event.href}
                className="day-hit"
                style={{ transform: `translateX(${x - 12}px)` }}
                onPointerEnter={() => setOpen(event.id)}
                onFocus={() => setOpen(event.id)}
                onBlur={() => setOpen(undefined)}
                onKeyDown={(key) => key.key === "Escape" && setOpen(undefined)}
                onClick={(click) => {
                  if (!onOpen) return;
                  click.preventDefault();
                  onOpen(event.href);
                }}
              >
                <span className="sky-spoken">
                  {[format.time(at), event.title, event.person, t(done ? "day.done" : "day.toCome")]
                    .filter(Boolean)
                    .join(", ")}
                </span>
              </a>
            </li>
          ))}
        </ol>
      )}
      {shown && <Popover dot={shown} time={format.time(shown.at)} width={width} />}
    </nav>
  );
}

/** What one dot is: time, title, person, and the one thing to do. */
function Popover({ dot: { event, x }, time, width }: { dot: DayDot; time: string; width: number }) {
  return (
    <div className="day-card" style={{ transform: `translateX(${clamp(x - 120, 8, Math.max(8, width - 248))}px)` }}>
      <time>{time}</time>
      <b dir="auto">{event.title}</b>
      {event.person && <span dir="auto">{event.person}</span>}
      {event.action && (
        <a
          href={event.action.href}
          // The focus is on the dot while the card shows; without this the card would be gone before the click.
          onPointerDown={(down) => down.preventDefault()}
        >
          {event.action.label}
        </a>
      )}
    </div>
  );
}

const STOPS = [
  [0, 0.1],
  [0.35, 0.38],
  [0.5, 1],
  [0.535, 0.5],
  [0.68, 0.16],
  [1, 0.08],
] as const;

/** The lit part of the line, brightest at the sun and longer where it has been; drawn round x = 0. */
function Light({ id, width, rtl }: { id: string; width: number; rtl: boolean }) {
  return (
    <>
      <defs>
        <linearGradient
          id={`${id}l`}
          gradientUnits="userSpaceOnUse"
          x1={rtl ? width : -width}
          x2={rtl ? -width : width}
          y1="0"
          y2="0"
        >
          {STOPS.map(([offset, opacity]) => (
            <stop key={offset} offset={offset} stopColor="var(--limb)" stopOpacity={opacity} />
          ))}
        </linearGradient>
        <radialGradient
          id={`${id}g`}
          gradientUnits="userSpaceOnUse"
          cx="0"
          cy={LINE}
          r="260"
          gradientTransform={`translate(0 ${LINE}) scale(1 .17) translate(0 ${-LINE})`}
        >
          <stop offset="0" stopColor="var(--sun)" stopOpacity=".24" />
          <stop offset=".45" stopColor="var(--limb)" stopOpacity=".1" />
          <stop offset="1" stopColor="var(--limb)" stopOpacity="0" />
        </radialGradient>
      </defs>
      <rect x="-260" y="-40" width="520" height={LINE + 40} fill={`url(#${id}g)`} />
      <path d={`M${-width} ${LINE}H${width}`} stroke={`url(#${id}l)`} strokeWidth="1.5" />
    </>
  );
}
