import type { ReactNode, RefCallback } from "react";
import { useTranslation } from "react-i18next";
import { KINDS, type StarKind } from "./merge";

interface LegendProps {
  ref: RefCallback<HTMLDivElement>;
  counts: { done: Record<StarKind, number>; planned: number };
  narrow: boolean;
  children: ReactNode;
}

/** What the colours mean, with the number of events that the stars stand for. */
export function Legend({ ref, counts, narrow, children }: LegendProps) {
  const { t } = useTranslation("translation", { keyPrefix: "sky" });
  const none = counts.planned === 0 && KINDS.every((kind) => counts.done[kind] === 0);
  return (
    <div ref={ref} className={narrow ? "sky-legend sky-legend-narrow" : "sky-legend"}>
      {!narrow && none && <span>{t("today.none")}</span>}
      {!narrow && !none && (
        <ul>
          {KINDS.filter((kind) => counts.done[kind] > 0).map((kind) => (
            <li key={kind} className={`sky-${kind}`}>
              <i />
              {t(`today.kind.${kind}`)} <b>{counts.done[kind]}</b>
            </li>
          ))}
          {counts.planned > 0 && (
            <li>
              <i className="sky-hollow" />
              {t("today.scheduled")} <b>{counts.planned}</b>
            </li>
          )}
        </ul>
      )}
      {children}
    </div>
  );
}
