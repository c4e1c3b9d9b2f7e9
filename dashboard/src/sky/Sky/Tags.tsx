import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import type { Formats } from "../base/formats";
import { clamp, textWidth } from "../base/place";
import { type Constellation, type Label, LABEL_SIZE, type SkyPlan, type Star } from "./geometry";

const place = ({ box, side }: Label): CSSProperties => ({
  transform: `translate(${box.x}px, ${box.y}px)`,
  width: box.width,
  textAlign: side,
});

interface TagsProps {
  plan: SkyPlan;
  constellation: Constellation | undefined;
  format: Formats;
  near: Star | undefined;
  width: number;
}

/** The texts in the sky. They repeat what the sentence and the list say, so assistive technology skips them. */
export function Tags({ plan, constellation, format, near, width }: TagsProps) {
  const { t } = useTranslation("translation", { keyPrefix: "sky" });
  const hint = near && `${format.time(near.at)} ${near.event.title ?? t(`today.kind.${near.event.kind}`)}`;
  const room = hint ? textWidth(hint, LABEL_SIZE, 260) + 16 : 0;
  return (
    <div className="sky-tags" aria-hidden="true">
      {plan.bodies.map(({ body, at, label }) =>
        label ? (
          <span key={body.id} className="sky-tag sky-tag-row" style={{ ...place(label), justifyContent: label.side }}>
            <b>{format.time(at)}</b>
            <bdi>{body.title}</bdi>
          </span>
        ) : null,
      )}
      {plan.name && constellation && (
        <span className="sky-tag" style={place(plan.name)}>
          <b>
            <bdi>{constellation.label}</bdi>
          </b>
          {constellation.note && (
            <>
              <br />
              <bdi>{constellation.note}</bdi>
            </>
          )}
        </span>
      )}
      {near && (
        <span
          className="sky-hint"
          style={{
            transform: `translate(${clamp(near.x + 10, 4, Math.max(4, width - room - 4))}px, ${near.y - 32}px)`,
            maxWidth: room,
          }}
        >
          {hint}
          {near.event.count && near.event.count > 1 ? ` × ${near.event.count}` : ""}
        </span>
      )}
    </div>
  );
}
