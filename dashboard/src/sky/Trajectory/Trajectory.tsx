import "../base/base.css";
import "./trajectory.css";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { px } from "../base/place";
import { useBox } from "../base/useBox";
import { heightOf, NARROW, plan, type Skip, type Step } from "./geometry";

export interface TrajectoryProps {
  /** Name of the process ("Steps of the form"). */
  label: string;
  /** In order; the last one is the goal. */
  steps: readonly Step[];
  /** Conditions that lead past steps. */
  skips?: readonly Skip[];
  /** Makes each step a button. */
  onSelect?: (stepId: string) => void;
  /** Dots on a line, for tight places. */
  flat?: boolean;
}

const NO_SKIPS: readonly Skip[] = [];

/** An ordered process as a shallow arc: done is solid, current has a halo, next is hollow, the goal is the sun's ring. */
export function Trajectory({ label, steps, skips = NO_SKIPS, onSelect, flat = false }: TrajectoryProps) {
  const [ref, { width, rtl }] = useBox<HTMLDivElement>();
  const laid = useMemo(
    () => (width > 0 && !flat ? plan(steps, skips, width, rtl) : undefined),
    [steps, skips, width, rtl, flat],
  );
  if (flat) return <Flat label={label} steps={steps} />;
  const levels = laid ? Math.max(0, Math.round((laid.baseline - (width < NARROW ? 64 : 74)) / 20)) + 1 : 1;
  const height = heightOf(levels, width < NARROW);
  return (
    <div ref={ref} className="arc sky-forced" style={{ height }}>
      {laid && (
        <svg aria-hidden="true" viewBox={`0 0 ${width} ${height}`}>
          <path d={laid.arc} className="arc-line" />
          <path d={laid.past} className="arc-past" />
          {laid.transfers.map(({ skip, path }) => (
            <path key={`${skip.from} ${skip.to}`} d={path} className="arc-skip" />
          ))}
          {steps.map(({ id, state }, index) => {
            const { x, y } = laid.points[index] ?? { x: 0, y: 0 };
            const goal = index === steps.length - 1;
            return (
              <g key={id} data-step={id} className={`arc-${state}${goal ? " arc-goal" : ""}`}>
                {state === "current" && <circle cx={px(x)} cy={px(y)} r="15" className="arc-halo" />}
                <circle cx={px(x)} cy={px(y)} r={state === "current" ? 9 : goal ? 7 : 6.5} />
              </g>
            );
          })}
        </svg>
      )}
      {laid?.transfers.map(({ skip, label: box }) =>
        box ? (
          <span
            key={`${skip.from} ${skip.to}`}
            className="arc-rule"
            aria-hidden="true"
            style={{ transform: `translate(${box.x}px, ${box.y}px)`, width: box.width }}
          >
            {skip.label}
          </span>
        ) : null,
      )}
      <ol aria-label={label}>
        {steps.map((step, index) => (
          <li
            key={step.id}
            aria-current={step.state === "current" ? "step" : undefined}
            className={`arc-step${laid?.rooms[index] === 0 && step.state !== "current" ? " arc-tight" : ""}`}
            style={
              laid && {
                transform: `translate(calc(${laid.points[index]?.x ?? 0}px - 50%), ${(laid.points[index]?.y ?? 0) + 17}px)`,
                maxWidth: laid.rooms[index] || 160,
              }
            }
          >
            <StepText step={step} goal={index === steps.length - 1} steps={steps} skips={skips} onSelect={onSelect} />
          </li>
        ))}
      </ol>
    </div>
  );
}

interface StepTextProps {
  step: Step;
  goal: boolean;
  steps: readonly Step[];
  skips: readonly Skip[];
  onSelect: TrajectoryProps["onSelect"];
}

function StepText({ step: { id, label, note, state }, goal, steps, skips, onSelect }: StepTextProps) {
  const { t } = useTranslation("translation", { keyPrefix: "sky" });
  const rules = skips.filter(({ from }) => from === id);
  const spoken = [
    t(`trajectory.${state}`),
    ...(goal ? [t("trajectory.goal")] : []),
    ...rules.map(({ label: rule, to }) =>
      t("trajectory.skip", { rule, step: steps.find((step) => step.id === to)?.label ?? "" }),
    ),
  ].join(", ");
  const text = (
    <>
      <b dir="auto">{label}</b>
      {note && <small dir="auto">{note}</small>}
      <span className="sky-spoken">{spoken}</span>
    </>
  );
  if (!onSelect) return text;
  return (
    <button type="button" onClick={() => onSelect(id)}>
      {text}
    </button>
  );
}

/** The same process as dots on a line, with the current step's name and the goal's under its ends. */
function Flat({ label, steps }: Pick<TrajectoryProps, "label" | "steps">) {
  const { t } = useTranslation("translation", { keyPrefix: "sky" });
  const reached = steps.findLastIndex(({ state }) => state !== "next");
  const last = steps.length - 1;
  const share = last > 0 ? (100 * Math.max(0, reached)) / last : 0;
  const goal = steps[last];
  return (
    <div className="flat sky-forced">
      <div className="flat-line">
        <i style={{ width: `${share}%` }} />
        <ol aria-label={label}>
          {steps.map(({ id, label: name, state }, index) => (
            <li
              key={id}
              aria-current={state === "current" ? "step" : undefined}
              className={`flat-${state}${index === last ? " flat-goal" : ""}`}
              style={{ insetInlineStart: `${last > 0 ? (100 * index) / last : 50}%` }}
            >
              <span className="sky-spoken">{[name, t(`trajectory.${state}`)].join(", ")}</span>
            </li>
          ))}
        </ol>
      </div>
      <div className="flat-words" aria-hidden="true">
        <bdi>{reached < last && steps[Math.max(0, reached)]?.label}</bdi>
        <bdi>{goal?.note ?? goal?.label}</bdi>
      </div>
    </div>
  );
}
