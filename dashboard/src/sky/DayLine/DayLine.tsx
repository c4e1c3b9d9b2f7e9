import "../base/base.css";
import "./dayline.css";
import { type MouseEvent, type PointerEvent, useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../base/formats";
import { clamp, px } from "../base/place";
import { type Moment, ms } from "../base/time";
import { useBox } from "../base/useBox";
import { type DayDot, type DayEvent, hits, labels, NARROW, plan } from "./geometry";

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
/** How wide a place to press is, with a pointer and on a phone; the style sheet uses the same. */
const POINTER = 24;
const FINGER = 44;

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
  const places = useMemo(() => hits(day.dots, width < NARROW ? FINGER : POINTER), [day.dots, width]);

  return (
    <nav
      ref={ref}
      className="day-line sky-forced"
      aria-label={t("day.label")}
      onPointerLeave={() => setOpen(undefined)}
      onBlur={({ currentTarget, relatedTarget }) => !currentTarget.contains(relatedTarget) && setOpen(undefined)}
      onKeyDown={({ key }) => key === "Escape" && setOpen(undefined)}
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
          {places.map(({ x, dots }) => (
            <Hit
              key={dots[0]?.event.id}
              x={x}
              dots={dots}
              width={width}
              time={format.time}
              open={dots[0]?.event.id === open}
              onShow={setOpen}
              {...(onOpen && { onOpen })}
            />
          ))}
        </ol>
      )}
    </nav>
  );
}

interface HitProps {
  x: number;
  dots: readonly DayDot[];
  width: number;
  time: (at: number) => string;
  open: boolean;
  onShow: (id: string | undefined) => void;
  onOpen?: (href: string) => void;
}

/** One dot leads to what it is. Several that lie on the same pixels lead there together, or show where each leads. */
function Hit({ x, dots, width, time, open, onShow, onOpen }: HitProps) {
  const { t } = useTranslation("translation", { keyPrefix: "sky" });
  const [first] = dots;
  if (!first) return null;
  const { id, href } = first.event;
  const say = ({ at, done, event }: DayDot) =>
    [time(at), event.title, event.person, t(done ? "day.done" : "day.toCome")].filter(Boolean).join(", ");
  const follow = (to: string) => (click: MouseEvent) => {
    if (!onOpen) return;
    click.preventDefault();
    onOpen(to);
  };
  const hit = {
    className: "day-hit",
    style: { transform: `translateX(${x - 12}px)` },
    onPointerEnter: () => onShow(id),
    onFocus: () => onShow(id),
  };
  const named =
    dots.length === 1 ? say(first) : t("day.several", { count: dots.length, list: dots.map(say).join("; ") });
  return (
    <li>
      {dots.every(({ event }) => event.href === href) ? (
        <a {...hit} href={href} onClick={follow(href)}>
          <span className="sky-spoken">{named}</span>
        </a>
      ) : (
        <button {...hit} type="button" aria-expanded={open} onClick={() => onShow(id)}>
          <span className="sky-spoken">{named}</span>
        </button>
      )}
      {open && (
        <div className="day-card" style={{ transform: `translateX(${clamp(x - 120, 8, Math.max(8, width - 248))}px)` }}>
          {dots.slice(0, MOST).map((dot) => (
            <Entry key={dot.event.id} dot={dot} time={time(dot.at)} linked={dots.length > 1} follow={follow} />
          ))}
          {dots.length > MOST && <small>{t("day.more", { count: dots.length - MOST })}</small>}
        </div>
      )}
    </li>
  );
}

/** What a card has room for. */
const MOST = 5;

/** What one dot is: time, title, person, and the one thing to do. */
function Entry(props: {
  dot: DayDot;
  time: string;
  linked: boolean;
  follow: (href: string) => (click: MouseEvent) => void;
}) {
  const { event } = props.dot;
  // The focus is on the dot while the card shows; without this the card would be gone before the click.
  const keep = (down: PointerEvent) => down.preventDefault();
  return (
    <div className="day-entry">
      <time>{props.time}</time>
      <b dir="auto">
        {props.linked ? (
          <a href={event.href} onPointerDown={keep} onClick={props.follow(event.href)}>
            {event.title}
          </a>
        ) : (
          event.title
        )}
      </b>
      {event.person && <span dir="auto">{event.person}</span>}
      {event.action && (
        <a href={event.action.href} onPointerDown={keep}>
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
