import "../base/base.css";
import "./deals.css";
import { useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { px } from "../base/place";
import { useBox } from "../base/useBox";
import { BodyShape } from "./DealBody";
import { DomeBodies, type Live } from "./DomeBodies";
import type { Stage } from "./deal";
import { plan } from "./dome";
import { useStageSentence } from "./useSentence";

export interface PipelineSkyProps {
  /** Open stages from new to nearly won; what is won and lost is not drawn. */
  stages: readonly Stage[];
  /** ISO 4217, for the sentence. */
  currency: string;
  /** As large as the room it stands in. */
  page?: boolean;
  /** Makes each body a button. */
  live?: Live;
}

/** The pipeline as half a sky: the rim is new, the centre is won, one side closes today and the other in 90 days. */
export function PipelineSky({ stages, currency, page, live }: PipelineSkyProps) {
  const { t } = useTranslation("translation", { keyPrefix: "sky" });
  const id = useId();
  const sentence = useStageSentence(currency);
  const [ref, { width, height, rtl }] = useBox<HTMLDivElement>();
  const laid = useMemo(
    () => (width > 0 && height > 0 ? plan(stages, width, height, rtl) : undefined),
    [stages, width, height, rtl],
  );
  const [ring, setRing] = useState<number>();
  const count = stages.reduce((sum, { deals }) => sum + deals.length, 0);
  const label = count === 0 ? t("deals.empty") : `${t("deals.open", { count })} ${sentence(stages)}`;
  return (
    <div ref={ref} className={page ? "dome dome-page sky-forced" : "dome sky-forced"}>
      {laid && (
        <>
          <svg role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`}>
            <Field id={id} {...laid} target={ring} />
            {laid.marks.map(({ deal, radius, x, y }) => (
              <g
                key={deal.id}
                className="deal-place dome-body"
                data-deal={deal.id}
                style={{ transform: `translate(${px(x)}px, ${px(y)}px)` }}
              >
                <BodyShape state={deal.state} radius={radius} halo={5} />
              </g>
            ))}
            <circle cx={px(laid.centre.x)} cy={laid.centre.y} r="15" className="deal-sun-halo" />
            <circle cx={px(laid.centre.x)} cy={laid.centre.y} r="8" className="deal-won" />
          </svg>
          <div aria-hidden="true">
            {(count > 0 ? stages : stages.slice(0, -1)).map(({ id: key, name }, index) => (
              <span
                key={key}
                className="dome-word dome-ring"
                style={{
                  transform: `translate(calc(${laid.centre.x}px - 50%), ${laid.centre.y - (laid.rings[index] ?? 0) + 2}px)`,
                }}
              >
                {name}
              </span>
            ))}
            {laid.labels.map(({ deal, box, align }) => (
              <span
                key={deal.id}
                className="dome-word dome-name"
                dir="auto"
                style={{ transform: `translate(${box.x}px, ${box.y}px)`, width: box.width, textAlign: align }}
              >
                {deal.name}
              </span>
            ))}
            <span className="dome-word dome-start" style={{ insetInlineStart: laid.centre.x - laid.radius }}>
              {t("deals.today")}
            </span>
            <span
              className="dome-word dome-won"
              style={{ transform: `translate(calc(${laid.centre.x}px - 50%), ${laid.centre.y + 9}px)` }}
            >
              {t("deals.won")}
            </span>
            <span className="dome-word dome-end" style={{ insetInlineEnd: laid.centre.x - laid.radius }}>
              {t("deals.in", { days: 90 })}
            </span>
          </div>
          {live && <DomeBodies laid={laid} live={live} onRing={setRing} />}
          {count === 0 && (
            <p className="dome-empty" aria-hidden="true" style={{ top: laid.centre.y - laid.core - 24 }}>
              {t("deals.empty")}
            </p>
          )}
        </>
      )}
    </div>
  );
}

type FieldProps = Pick<ReturnType<typeof plan>, "centre" | "radius" | "core" | "rings" | "spokes"> & {
  id: string;
  /** The ring in which a body would be dropped. */
  target?: number;
};

/** Light, rings and spokes: the same for every pipeline with as many stages. */
function Field({ id, centre: { x, y }, radius, core, rings, spokes, target }: FieldProps) {
  const half = (r: number) => `M${px(x - r)} ${px(y)}A${px(r)} ${px(r)} 0 0 1 ${px(x + r)} ${px(y)}`;
  return (
    <>
      <defs>
        <radialGradient id={`${id}m`} gradientUnits="userSpaceOnUse" cx={x} cy={y} r={radius}>
          <stop offset="0" stopColor="var(--sun)" stopOpacity=".3" />
          <stop offset=".14" stopColor="var(--sun)" stopOpacity=".1" />
          <stop offset=".3" stopColor="var(--limb)" stopOpacity=".07" />
          <stop offset="1" stopColor="var(--limb)" stopOpacity=".02" />
        </radialGradient>
      </defs>
      <path d={`${half(radius)}Z`} fill={`url(#${id}m)`} className="sky-lights" />
      {rings.map((r, index) => (
        <path key={r} d={half(r)} className={index === 0 ? "dome-rim" : "dome-line"} />
      ))}
      {target !== undefined && (
        <path
          d={`${half(rings[target] ?? core)}Z${target < rings.length ? `${half(rings[target + 1] ?? core)}Z` : ""}`}
          fillRule="evenodd"
          className={target < rings.length ? "dome-target" : "dome-target dome-target-won"}
        />
      )}
      <path
        d={spokes.map(({ from, to }) => `M${px(from.x)} ${px(from.y)}L${px(to.x)} ${px(to.y)}`).join("")}
        className="dome-spokes"
      />
      <path d={`M${px(x - radius - 10)} ${y}H${px(x + radius + 10)}`} className="dome-line" />
    </>
  );
}
