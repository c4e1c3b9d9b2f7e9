import "../base/base.css";
import "./sky.css";
import { type PointerEvent, type ReactNode, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../base/formats";
import { type Box, nearest } from "../base/place";
import { ms } from "../base/time";
import { useBox } from "../base/useBox";
import { Air, Stars } from "./Art";
import { Legend } from "./Legend";
import { plan, type SkyDay, type Star } from "./geometry";
import { tally } from "./merge";
import { SkyList } from "./SkyList";
import { summary } from "./summary";
import { Tags } from "./Tags";
import { useFirst, useFresh, useListKey } from "./hooks";

export interface SkyProps extends SkyDay {
  /** The greeting and its sentence; stars keep clear of it. */
  children?: ReactNode;
  /** Follows a star or an entry of the list; by default the browser does. */
  onOpen?: (href: string) => void;
  /** Whether the key L opens the list; a person may turn single keys off. */
  shortcut?: boolean;
}

/** A star is a pixel or two wide; this is how near a pointer has to come. */
const REACH = 12;
const follow = (href: string) => location.assign(href);

/** The day as a sky over a planet's edge: every light is an event, the sun is now. */
export function Sky({ children, onOpen = follow, shortcut = true, ...day }: SkyProps) {
  const { t } = useTranslation("translation", { keyPrefix: "sky" });
  const id = useId();
  const format = useFormats(day.zone);
  const [frame, room] = useBox<HTMLElement>();
  const [say, said] = useBox<HTMLDivElement>();
  const [key, keyed] = useBox<HTMLDivElement>();
  const button = useRef<HTMLButtonElement>(null);
  const [listed, setListed] = useListKey(shortcut, button);
  const [near, setNear] = useState<Star>();
  const now = ms(day.now);
  const { zone, from, to, stars, bodies, constellation } = day;
  const narrow = room.width < 600;
  const laid = useMemo(() => {
    if (room.width === 0 || room.height === 0) return undefined;
    const [left, top] = room.width < 600 ? [16, 64] : [28, 76];
    const side = (box: Box) => (room.rtl ? { ...box, x: room.width - box.x - box.width } : box);
    const headline = side({
      x: 0,
      y: 0,
      width: left + said.width + 20,
      height: said.height > 0 ? top + said.height : 0,
    });
    const legend = side({ x: room.width - 24 - keyed.width, y: 60, width: keyed.width + 24, height: 36 });
    const clear = room.width < 600 ? [headline] : [headline, legend];
    const shown = { now, zone, stars, bodies, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
    return plan({ ...shown, ...(constellation && { constellation }) }, { ...room, clear });
  }, [room, said, keyed, now, zone, from, to, stars, bodies, constellation]);
  const first = useFirst();
  const fresh = useFresh(stars);
  const sun = laid ? { x: laid.xOf(now), y: laid.edge(laid.xOf(now)) } : { x: 0, y: 0 };
  const counts = useMemo(() => summary(stars, bodies, now, zone), [stars, bodies, now, zone]);
  const sentence = sentenceOf(counts);

  function sentenceOf({ done, planned, appointments, busiest }: typeof counts): string {
    const parts =
      done === 0 ? [t("today.none")] : [t("today.done", { count: done, hour: format.hour(busiest ?? now) })];
    if (planned > 0) parts.push(t("today.planned", { count: planned }));
    if (appointments > 0) parts.push(t("today.appointments", { count: appointments }));
    if (constellation?.note)
      parts.push(t("today.constellationNote", { name: constellation.label, note: constellation.note }));
    else if (constellation) parts.push(t("today.constellation", { name: constellation.label }));
    return parts.join(" ");
  }

  function find(event: PointerEvent<HTMLElement> | React.MouseEvent<HTMLElement>): Star | undefined {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return laid && nearest(laid.stars, { x: event.clientX - left, y: event.clientY - top }, REACH);
  }

  return (
    // The pointer's way to a star; keyboards and screen readers have the list.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list below is the keyboard's way
    <section
      ref={frame}
      className="sky-field sky-forced"
      aria-label={t("today.label")}
      data-near={near?.event.href ? "" : undefined}
      onPointerMove={(event) => setNear(event.pointerType === "mouse" ? find(event) : undefined)}
      onPointerLeave={() => setNear(undefined)}
      onClick={(event) => {
        const inText = (event.target as Element).closest("a, button, .sky-list");
        const href = inText ? undefined : find(event)?.event.href;
        if (href) onOpen(href);
      }}
    >
      {laid && (
        <svg
          className={first ? "sky-art sky-arrives" : "sky-art"}
          role="img"
          aria-label={sentence}
          viewBox={`0 0 ${room.width} ${room.height}`}
        >
          <Air id={id} plan={laid} width={room.width} height={room.height} sun={sun} />
          <g className="sky-ticks">
            {laid.ticks.map(({ x, y, hour }, index) => (
              <path
                key={index}
                d={`M${x} ${y + 3}v${hour === undefined ? 4 : 7}`}
                opacity={hour === undefined ? 0.4 : 0.75}
              />
            ))}
          </g>
          {laid.ticks.map(({ x, y, hour, at }) =>
            hour === undefined ? null : (
              <text key={at} x={x} y={y + 22} textAnchor="middle" className="sky-hour">
                {format.hour(at)}
              </text>
            ),
          )}
          <Stars id={id} stars={laid.stars} lines={laid.lines} now={now} fresh={fresh} />
          {laid.bodies.map(({ body, at, x, y, label }) => (
            <g key={body.id} className={at > now ? "sky-body" : "sky-body sky-past"} data-body={body.id}>
              {label && <path d={`M${x} ${y - 7}V${label.box.y + label.box.height}`} />}
              <circle cx={x} cy={y} r={at > now ? 5 : 3.5} />
            </g>
          ))}
        </svg>
      )}
      {laid && <span className="sky-sun" style={{ transform: `translate(${sun.x}px, ${sun.y}px)` }} />}
      {laid && <Tags plan={laid} constellation={constellation} format={format} near={near} width={room.width} />}
      <div ref={say} className="sky-say">
        {children}
      </div>
      {narrow && counts.done + counts.planned === 0 && bodies.length === 0 && (
        <p className="sky-none">{t("today.none")}</p>
      )}
      <Legend ref={key} counts={tally(laid?.stars.map(({ event }) => event) ?? stars, now)} narrow={narrow}>
        <button
          ref={button}
          type="button"
          className="sky-toggle"
          aria-expanded={listed}
          aria-keyshortcuts={shortcut ? "L" : undefined}
          onClick={() => setListed(!listed)}
        >
          {t("today.list")}
        </button>
      </Legend>
      {listed && <SkyList day={day} format={format} onOpen={onOpen} onClose={() => setListed(false)} />}
    </section>
  );
}
