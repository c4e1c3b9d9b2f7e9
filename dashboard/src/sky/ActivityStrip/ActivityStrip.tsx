import "../base/base.css";
import "./strip.css";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../base/formats";
import { dots, px } from "../base/place";
import { dayOf, type Moment, ms } from "../base/time";
import { useBox } from "../base/useBox";
import { type Activity, plan, RADII } from "./geometry";

export interface ActivityStripProps {
  events: readonly Activity[];
  now: Moment;
  /** IANA zone of the workspace. */
  zone: string;
  /** How many days to show, today being the last. */
  days?: number;
  height?: number;
  /** Leaves the drawing silent, where words beside it say the same. */
  silent?: boolean;
}

const DAY = 86_400_000;

/** What went on, as dots over time: today in the rail's foot, seven days in a table of clients. */
export function ActivityStrip({
  events,
  now: moment,
  zone,
  days = 1,
  height = 26,
  silent = false,
}: ActivityStripProps) {
  const { t } = useTranslation("translation", { keyPrefix: "sky" });
  const format = useFormats(zone);
  const [ref, { width, rtl }] = useBox<HTMLDivElement>();
  const now = ms(moment);
  const laid = useMemo(() => {
    const [start, end] = dayOf(now, zone);
    // Noon of the first day is on that date whatever the clocks did since.
    const from = days > 1 ? dayOf(start + DAY / 2 - (days - 1) * DAY, zone)[0] : start;
    return plan(events, [from, end], zone, width, height, rtl);
  }, [events, now, zone, days, width, height, rtl]);
  const { total, busiest } = laid;
  const count = days > 1 ? t("strip.days", { count: total }) : t("strip.today", { count: total });
  const when =
    busiest &&
    (days > 1
      ? t("strip.busiestDay", { day: format.weekday(busiest[0]) })
      : t("strip.busiestHour", { hour: format.hour(busiest[0]) }));
  const label = total === 0 ? t("strip.none") : [count, when].filter(Boolean).join(", ");
  return (
    <div ref={ref} className="strip sky-forced" style={{ height }}>
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-hidden={silent || undefined} aria-label={label}>
          <path
            d={`M0 ${height - 0.5}H${width}${laid.ticks.map((x) => `M${px(x)} ${height - 0.5}v-2`).join("")}`}
            className="strip-line"
          />
          {laid.dots.map((points, weight) =>
            points.length > 0 ? (
              <path
                key={RADII[weight]}
                d={dots(points)}
                strokeWidth={2 * (RADII[weight] ?? 1)}
                className="strip-dots"
                opacity={weight === 0 ? 0.6 : 0.95}
              />
            ) : null,
          )}
        </svg>
      )}
    </div>
  );
}
