import "./reticle.css";
import type { ReactNode } from "react";

export interface ReticleProps {
  /** Whether the thing within is chosen, picked up or a target. */
  on: boolean;
  children: ReactNode;
}

/** Four corner brackets round what is selected on a canvas. No focus ring: that still appears by itself. */
export const Reticle = ({ on, children }: ReticleProps) => (
  <div className={on ? "reticle reticle-on" : "reticle"}>{children}</div>
);

/** Where a dragged thing would land. The words are also what the live region of the canvas says. */
export const DropMark = ({ label }: { label: string }) => (
  <div className="drop-mark" aria-hidden="true">
    <span>{label}</span>
  </div>
);
