import { memo } from "react";
import { px, rings } from "../base/place";
import type { Star, SkyPlan } from "./geometry";
import { KINDS } from "./merge";

type Stop = [offset: number, colour: string, opacity?: number];

const stops = (list: readonly Stop[]) =>
  list.map(([offset, colour, opacity = 1], index) => (
    <stop key={index} offset={offset} stopColor={`var(--${colour})`} stopOpacity={opacity} />
  ));

/** Light round the sun: a circle flattened to lie along the edge. */
function Glow({
  id,
  x,
  y,
  r,
  flat,
  list,
}: {
  id: string;
  x: number;
  y: number;
  r: number;
  flat: number;
  list: Stop[];
}) {
  return (
    <radialGradient
      id={id}
      cx={px(x)}
      cy={px(y)}
      r={px(r)}
      gradientUnits="userSpaceOnUse"
      gradientTransform={`translate(0 ${px(y)}) scale(1 ${flat}) translate(0 ${px(-y)})`}
    >
      {stops(list)}
    </radialGradient>
  );
}

interface AirProps {
  id: string;
  plan: SkyPlan;
  width: number;
  height: number;
  sun: { x: number; y: number };
}

/**
 * Air, edge and ground. Night and day differ in how light spreads; both are drawn and the tokens choose, so a change of
 * theme needs no rendering.
 */
export const Air = memo(function Air({ id, plan, width, height, sun }: AirProps) {
  const { x, y } = sun;
  const at = (offset: number) => Math.min(0.99, Math.max(0.01, x / width + offset));
  const full = { width, height };
  const ground = `${plan.limb}V${height}H0Z`;
  return (
    <>
      <defs>
        <linearGradient id={`${id}air`} x1="0" x2="0" y1="0" y2="1">
          {stops([
            [0, "sky-0"],
            [0.55, "sky-1"],
            [1, "sky-2"],
          ])}
        </linearGradient>
        <Glow
          id={`${id}n1`}
          x={x}
          y={y}
          r={width * 0.62}
          flat={0.34}
          list={[
            [0, "limb", 0.5],
            [0.3, "limb", 0.22],
            [0.65, "limb", 0.06],
            [1, "limb", 0],
          ]}
        />
        <Glow
          id={`${id}n2`}
          x={x}
          y={y}
          r={plan.narrow ? 190 : 330}
          flat={0.15}
          list={[
            [0, "dawn", 0.62],
            [0.35, "dawn", 0.24],
            [1, "dawn", 0],
          ]}
        />
        <Glow
          id={`${id}n3`}
          x={x}
          y={y}
          r={plan.narrow ? 120 : 190}
          flat={0.52}
          list={[
            [0, "limb-hot", 0.95],
            [0.12, "limb-hot", 0.55],
            [0.38, "limb-hot", 0.16],
            [1, "limb-hot", 0],
          ]}
        />
        <Glow
          id={`${id}d1`}
          x={x}
          y={y}
          r={width * 0.62}
          flat={0.34}
          list={[
            [0, "limb", 0.04],
            [0.22, "limb", 0.12],
            [0.42, "limb", 0.2],
            [0.7, "limb", 0.08],
            [1, "limb", 0],
          ]}
        />
        <Glow
          id={`${id}d2`}
          x={x}
          y={y}
          r={plan.narrow ? 190 : 330}
          flat={0.2}
          list={[
            [0, "dawn", 0.95],
            [0.35, "dawn", 0.5],
            [1, "limb-hot", 0],
          ]}
        />
        <Glow
          id={`${id}d3`}
          x={x}
          y={y}
          r={plan.narrow ? 120 : 420}
          flat={0.42}
          list={[
            [0, "limb-hot", 1],
            [0.12, "limb-hot", 0.92],
            [0.38, "limb-hot", 0.55],
            [1, "limb-hot", 0],
          ]}
        />
        <linearGradient id={`${id}fade`} x1="0" x2="0" y1="0" y2="1">
          {stops([
            [0, "limb", 0.16],
            [0.35, "limb", 0.05],
            [1, "ground", 0],
          ])}
        </linearGradient>
        <linearGradient id={`${id}edge`} x1="0" x2={width} y1="0" y2="0" gradientUnits="userSpaceOnUse">
          {stops([
            [0, "limb", 0.18],
            [at(-0.34), "limb", 0.62],
            [at(-0.06), "limb", 1],
            [at(0), "limb-hot", 1],
            [at(0.06), "limb", 1],
            [at(0.34), "limb", 0.55],
            [1, "limb", 0.15],
          ])}
        </linearGradient>
        <clipPath id={`${id}clip`}>
          <path d={`${plan.limb}V0H0Z`} />
        </clipPath>
      </defs>
      <g clipPath={`url(#${id}clip)`}>
        <rect {...full} fill={`url(#${id}air)`} />
        <path d={plan.graticule} className="sky-graticule" />
        <g className="sky-lights sky-night">
          {["n1", "n3", "n2"].map((light) => (
            <rect key={light} {...full} fill={`url(#${id}${light})`} />
          ))}
        </g>
        <g className="sky-lights sky-day">
          {["d1", "d3", "d2"].map((light) => (
            <rect key={light} {...full} fill={`url(#${id}${light})`} />
          ))}
        </g>
        {/* The haze along the edge: wide faint strokes, because a blur costs more than all the rest. */}
        <g className="sky-haze" stroke={`url(#${id}edge)`}>
          {[38, 34, 30, 26, 22, 18, 14, 10, 6].map((wide) => (
            <path key={wide} d={plan.limb} strokeWidth={wide} />
          ))}
        </g>
      </g>
      <path d={ground} className="sky-ground" />
      <path d={ground} fill={`url(#${id}fade)`} className="sky-lights" />
      <path d={plan.limb} stroke={`url(#${id}edge)`} className="sky-edge" />
    </>
  );
});

const flare = (stars: readonly Star[]) =>
  stars.map(({ x, y }) => `M${px(x - 9)} ${px(y)}h18M${px(x)} ${px(y - 9)}v18`).join("");

interface StarsProps {
  id: string;
  stars: readonly Star[];
  lines: string;
  now: number;
  fresh: ReadonlySet<string>;
}

/** One circle per event; halos, flares and rings for the heavy ones, those of a kind in one path. */
export const Stars = memo(function Stars({ id, stars, lines, now, fresh }: StarsProps) {
  const done = stars.filter(({ at }) => at <= now);
  return (
    <g className="sky-stars">
      <defs>
        {KINDS.map((kind) => (
          <radialGradient key={kind} id={`${id}${kind}`} className={`sky-${kind}`}>
            {[
              [0, 0.5],
              [0.25, 0.24],
              [0.55, 0.08],
              [1, 0],
            ].map(([offset, opacity]) => (
              <stop key={offset} offset={offset} stopColor="var(--c)" stopOpacity={opacity} />
            ))}
          </radialGradient>
        ))}
      </defs>
      <g className="sky-lights sky-night">
        {done
          .filter(({ event }) => event.weight >= 3)
          .map(({ event, x, y, radius }) => (
            <circle key={event.id} cx={px(x)} cy={px(y)} r={radius * 5} fill={`url(#${id}${event.kind})`} />
          ))}
      </g>
      {KINDS.map((kind) => {
        const bright = done.filter(({ event }) => event.kind === kind && event.weight >= 4);
        return bright.length > 0 ? (
          <g key={kind} className={`sky-${kind}`}>
            <path d={flare(bright)} className="sky-flare sky-night" />
            <path d={rings(bright, 5.5)} className="sky-flare sky-day" />
          </g>
        ) : null;
      })}
      <path d={lines} className="sky-lines" />
      {stars.map(({ event, at, x, y, radius }) => (
        <circle
          key={event.id}
          cx={px(x)}
          cy={px(y)}
          r={at > now ? radius + 1 : radius}
          data-star={event.id}
          className={`sky-star sky-${event.kind} ${at > now ? "sky-planned" : `sky-w${event.weight}`}${fresh.has(event.id) ? " sky-fresh" : ""}`}
        />
      ))}
    </g>
  );
});
