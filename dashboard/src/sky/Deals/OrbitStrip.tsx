import "../base/base.css";
import "./deals.css";
import { type KeyboardEvent, useId, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { px } from "../base/place";
import { useBox } from "../base/useBox";
import { BodyShape } from "./DealBody";
import type { Stage } from "./deal";
import { NARROW, plan } from "./orbits";
import { useStageSentence } from "./useSentence";

/** A column: its deals and what stands over them. */
export interface OrbitStage extends Stage {
  /** Sum, written out ("$31,200"). */
  total: string;
  /** What it is made of, for whoever points at it. */
  parts?: string | undefined;
  /** A line under it ("10% likely"). */
  note?: string;
  /** How many there are, when not all of them are given. */
  count?: number;
}

export interface OrbitStripProps {
  /** From new to won; the last one is the sun. */
  stages: readonly OrbitStage[];
  /** ISO 4217, for the sentence. */
  currency: string;
  /** On phones the strip is a row of tabs: the stage that is shown, and what to do when another is chosen. */
  selected?: string;
  onSelect?: (stageId: string) => void;
  /** What a tab shows: the id of its panel. */
  panelId?: string;
}

/** The head of a board: a tilted solar system whose orbits are the stages and whose sun is what is won. */
export function OrbitStrip({ stages, currency, selected, onSelect, panelId }: OrbitStripProps) {
  const { t } = useTranslation("translation", { keyPrefix: "sky" });
  const id = useId();
  const sentence = useStageSentence(currency);
  const [ref, { width, height, rtl }] = useBox<HTMLDivElement>();
  const laid = useMemo(
    () => (width > 0 && height > 0 ? plan(stages, width, height, rtl) : undefined),
    [stages, width, height, rtl],
  );
  const narrow = width > 0 && width < NARROW;
  return (
    <div className="orbit-strip sky-forced">
      <div ref={ref} className={narrow ? "orbit-sky orbit-narrow" : "orbit-sky"}>
        {laid && (
          <svg role="img" aria-label={`${t("deals.label")}. ${sentence(stages)}`} viewBox={`0 0 ${width} ${height}`}>
            <defs>
              <radialGradient
                id={`${id}light`}
                gradientUnits="userSpaceOnUse"
                cx={laid.sun.x}
                cy={laid.sun.y}
                r={(width / stages.length) * 1.7}
                gradientTransform={`translate(0 ${laid.sun.y}) scale(1 .5) translate(0 ${-laid.sun.y})`}
              >
                <stop offset="0" stopColor="var(--limb-hot)" stopOpacity=".55" />
                <stop offset=".05" stopColor="var(--sun)" stopOpacity=".42" />
                <stop offset=".2" stopColor="var(--sun)" stopOpacity=".12" />
                <stop offset=".5" stopColor="var(--limb)" stopOpacity=".08" />
                <stop offset="1" stopColor="var(--limb)" stopOpacity="0" />
              </radialGradient>
              {laid.orbits.map(({ stageId, rx }, index) => (
                <linearGradient
                  key={stageId}
                  id={`${id}${index}`}
                  gradientUnits="userSpaceOnUse"
                  x1={rtl ? laid.sun.x + rx : laid.sun.x - rx}
                  x2={rtl ? laid.sun.x - rx * 0.2 : laid.sun.x + rx * 0.2}
                  y1="0"
                  y2="0"
                >
                  <stop offset="0" stopColor="var(--control)" stopOpacity=".95" />
                  <stop offset=".1" stopColor="var(--control)" stopOpacity=".6" />
                  <stop offset=".4" stopColor="var(--control)" stopOpacity=".22" />
                  <stop offset="1" stopColor="var(--control)" stopOpacity=".06" />
                </linearGradient>
              ))}
            </defs>
            <rect width={width} height={height} fill={`url(#${id}light)`} className="sky-lights" />
            {laid.orbits.map(({ stageId, rx, ry }, index) => (
              <ellipse
                key={stageId}
                cx={px(laid.sun.x)}
                cy={laid.sun.y}
                rx={px(rx)}
                ry={px(ry)}
                stroke={`url(#${id}${index})`}
                fill="none"
              />
            ))}
            <ellipse cx={px(laid.sun.x)} cy={laid.sun.y} rx={laid.wonRx} ry={px(laid.wonRy)} className="orbit-won" />
            {laid.marks.map(({ deal, radius, x, y }) => (
              // Keyed by deal, so that a deal that changes its stage travels there.
              <g
                key={deal.id}
                className="deal-place"
                data-deal={deal.id}
                style={{ transform: `translate(${px(x)}px, ${px(y)}px)` }}
              >
                <BodyShape state={deal.state} radius={radius} halo={narrow ? 2.5 : 4} />
              </g>
            ))}
            <circle cx={px(laid.sun.x)} cy={laid.sun.y} r={px(laid.sunRadius * 1.66)} className="deal-sun-halo" />
            <circle cx={px(laid.sun.x)} cy={laid.sun.y} r={px(laid.sunRadius)} className="deal-won" />
          </svg>
        )}
        {!narrow &&
          stages.map(({ id: key, name, deals, total, parts, note, count = deals.length }) => (
            <div key={key} className="orbit-head">
              <h2>
                <bdi>{name}</bdi> <small>{count}</small>
              </h2>
              <div className="orbit-total" title={parts}>
                {total}
              </div>
              {note && (
                <div className="orbit-note" title={note}>
                  {note}
                </div>
              )}
            </div>
          ))}
      </div>
      {narrow && (
        <div
          role="tablist"
          aria-label={t("deals.label")}
          className="orbit-tabs"
          onKeyDown={(event) => step(event, rtl)}
        >
          {stages.map(({ id: key, name, deals, count = deals.length }, index) => {
            const chosen = key === (selected ?? stages[0]?.id);
            return (
              <button
                key={key}
                type="button"
                role="tab"
                aria-selected={chosen}
                aria-controls={panelId}
                tabIndex={chosen || (index === 0 && selected === undefined) ? 0 : -1}
                onClick={() => onSelect?.(key)}
                onFocus={() => !chosen && onSelect?.(key)}
              >
                <b>{count}</b>
                <span>{name}</span>
              </button>
            );
          })}
        </div>
      )}
    </div>
  );
}

/** Arrow keys go from tab to tab with the reading direction, Home and End to the ends. */
function step(event: KeyboardEvent<HTMLElement>, rtl: boolean): void {
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")];
  const at = tabs.indexOf(document.activeElement as HTMLElement);
  const ahead = rtl ? "ArrowLeft" : "ArrowRight";
  const back = rtl ? "ArrowRight" : "ArrowLeft";
  const to = { [ahead]: at + 1, [back]: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  tabs[(to + tabs.length) % tabs.length]?.focus();
}
