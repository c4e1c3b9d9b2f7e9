import { useNavigate } from "@tanstack/react-router";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { useBox } from "@/ui/size";
import { moment } from "../builder/zoned";
import type { Figures } from "./page";
import { grouped } from "./period";

const HEIGHT = 190;
const FOOT = 22;
const LEFT = 30;
/** Half of what a day needs. */
const LABEL = 18;

/** Starts behind, what was sent in front, by day. A bar leads to its answers; the same stands in a table for who listens. */
export function Days({ figures, id }: { figures: Figures; id: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const navigate = useNavigate();
  const box = useRef<HTMLDivElement>(null);
  const { width } = useBox(box);
  const [at, setAt] = useState<number>();
  const bars = useMemo(() => grouped(figures.days), [figures.days]);
  const top = nice(Math.max(1, ...bars.map(({ starts, completions }) => Math.max(starts, completions))));
  const room = Math.max(1, width - LEFT);
  const slot = room / Math.max(1, bars.length);
  const thick = Math.max(2, Math.min(22, slot * 0.62));
  const y = (value: number) => (HEIGHT - FOOT) * (1 - value / top) + 6;
  const day = new Intl.DateTimeFormat(formats.locale, { day: "numeric", month: "short", timeZone: "UTC" });
  const name = (from: string, to: string) =>
    from === to ? day.format(new Date(from)) : day.formatRange(new Date(from), new Date(to));
  const every = Math.max(1, Math.ceil(64 / slot));
  const bar = (value: number, x: number) => ({
    x: x - thick / 2,
    y: y(value),
    width: thick,
    height: Math.max(0, y(0) - y(value)),
    rx: 2,
  });
  const over = at === undefined ? undefined : bars[at];
  const open = (index: number) => {
    const one = bars[index];
    if (!one || one.completions === 0) return;
    const after = new Date(Date.parse(`${one.to}T00:00Z`) + 86_400_000).toISOString().slice(0, 10);
    void navigate({
      to: "/forms/$id/submissions",
      params: { id },
      search: {
        from: moment(`${one.from}T00:00`, formats.zone) ?? undefined,
        to: moment(`${after}T00:00`, formats.zone) ?? undefined,
      },
    });
  };
  return (
    <>
      <div ref={box} className="relative" aria-hidden="true">
        <svg
          aria-hidden="true"
          width="100%"
          height={HEIGHT}
          viewBox={`0 0 ${Math.max(1, width)} ${HEIGHT}`}
          onPointerLeave={() => setAt(undefined)}
        >
          {[0, top / 2, top].map((value) => (
            <g key={value}>
              <line x1={LEFT} x2={width} y1={y(value)} y2={y(value)} stroke="var(--chart-grid)" />
              {Number.isInteger(value) && (
                <text x={LEFT - 6} y={y(value) + 4} textAnchor="end" fill="var(--muted)" fontSize="11">
                  {formats.count(value)}
                </text>
              )}
            </g>
          ))}
          {bars.map((one, index) => {
            const x = LEFT + slot * (index + 0.5);
            return (
              <g key={one.from}>
                <rect {...bar(one.starts, x)} fill="var(--chart-1)" opacity={at === index ? 0.5 : 0.28} />
                <rect {...bar(one.completions, x)} fill="var(--chart-1)" />
                {index % every === 0 && (
                  // At the ends it stays between the scale and the edge.
                  <text
                    x={Math.min(Math.max(x, LEFT + LABEL), width - LABEL)}
                    y={HEIGHT - 4}
                    textAnchor="middle"
                    fill="var(--muted)"
                    fontSize="11"
                  >
                    {day.format(new Date(one.to))}
                  </text>
                )}
                {/* biome-ignore lint/a11y/noStaticElementInteractions: the table below has links */}
                <rect
                  x={LEFT + slot * index}
                  y={0}
                  width={slot}
                  height={HEIGHT}
                  fill="transparent"
                  onPointerEnter={() => setAt(index)}
                  onClick={() => open(index)}
                  style={{ cursor: one.completions > 0 ? "pointer" : undefined }}
                />
              </g>
            );
          })}
        </svg>
        {over && at !== undefined && (
          <p
            className="pointer-events-none absolute top-0 z-2 rounded-[10px] border border-line-2 bg-overlay px-3 py-2 text-[12.5px] whitespace-nowrap shadow-2"
            style={{ left: Math.min(Math.max(0, LEFT + slot * (at + 0.5) - 70), Math.max(0, width - 160)) }}
          >
            <b className="block font-semibold">{name(over.from, over.to)}</b>
            {t("forms.startsCount", { count: over.starts })}
            <br />
            {t("forms.completionsCount", { count: over.completions })}
          </p>
        )}
      </div>
      <p aria-hidden="true" className="mt-2 flex gap-4 text-cap text-muted">
        <span className="flex items-center gap-1.5">
          <i className="inline-block size-2.5 rounded-[2px] bg-chart-1" />
          {t("forms.completions")}
        </span>
        <span className="flex items-center gap-1.5">
          <i className="inline-block size-2.5 rounded-[2px] bg-chart-1 opacity-30" />
          {t("forms.starts")}
        </span>
      </p>
      <table className="sr-only">
        <caption>{t("forms.byDay")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("forms.day")}</th>
            <th scope="col">{t("forms.starts")}</th>
            <th scope="col">{t("forms.completions")}</th>
          </tr>
        </thead>
        <tbody>
          {bars
            .filter(({ starts, completions }) => starts + completions > 0)
            .map((one) => (
              <tr key={one.from}>
                <th scope="row">{name(one.from, one.to)}</th>
                <td>{one.starts}</td>
                <td>{one.completions}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </>
  );
}

/** A round number at or above, whose half is round too. */
function nice(value: number): number {
  const size = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 6, 8, 10].find((n) => n * size >= value) ?? 10;
  return Math.max(2, step * size);
}
