import "../base/base.css";
import "./deals.css";
import { px } from "../base/place";
import { bodyRadius, type DealState } from "./deal";

/** A deal's shape: solid, haloed when hot, dashed when quiet, the sun's colour when won. For use within a drawing. */
export function BodyShape({ state, radius, halo = 4 }: { state: DealState; radius: number; halo?: number }) {
  return (
    <>
      {state === "hot" && <circle r={px(radius + halo)} className="deal-halo" />}
      <circle r={px(radius)} className={`deal-body deal-${state}`} />
    </>
  );
}

export interface DealBodyProps {
  value: number;
  /** The workspace's median deal, which is 5 px wide. */
  median: number;
  state: DealState;
  /** What it says to those who do not see it; leave it out where the words stand beside. */
  label?: string;
}

/** A deal as a body, on a card or in a row. */
export function DealBody({ value, median, state, label }: DealBodyProps) {
  const radius = bodyRadius(value, median);
  const half = Math.ceil(state === "hot" ? radius + 4 : radius + 1);
  return (
    <svg
      className="deal-inline sky-forced"
      width={2 * half}
      height={2 * half}
      viewBox={`${-half} ${-half} ${2 * half} ${2 * half}`}
      role="img"
      aria-hidden={label === undefined || undefined}
      aria-label={label ?? ""}
    >
      <BodyShape state={state} radius={radius} />
    </svg>
  );
}
