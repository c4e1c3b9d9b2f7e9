import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { px } from "../base/place";
import type { Deal } from "./deal";
import type { DomePlan } from "./dome";

/** What can be done with the bodies of a sky. */
export interface Live {
  /** What all of them together are. */
  label: string;
  selected?: string;
  /** The name of a body, with what it stands for. */
  nameOf: (deal: Deal) => string;
  onSelect: (id: string) => void;
  /** A body was dropped in the ring of a stage, or in the sun: its index is that of the stage, or one more. */
  onDrop?: (id: string, ring: number) => void;
}

interface Drag {
  id: string;
  x: number;
  y: number;
}

/** Each body as a button: chosen with a press, carried to another ring with the pointer. One of them is a stop of the tab key. */
export function DomeBodies({ laid, live, onRing }: { laid: DomePlan; live: Live; onRing: (ring?: number) => void }) {
  const [drag, setDrag] = useState<Drag>();
  const begun = useRef<{ id: string; x: number; y: number }>(undefined);
  const group = useRef<HTMLDivElement>(null);
  const bodies = laid.marks.filter(({ deal }) => (deal.count ?? 1) === 1);
  const stop = bodies.some(({ deal }) => deal.id === live.selected) ? live.selected : bodies[0]?.deal.id;

  /** The ring under a point: counted from the rim, the sun after the last. */
  const ringAt = (x: number, y: number): number | undefined => {
    const away = Math.hypot(x - laid.centre.x, y - laid.centre.y);
    if (away > laid.radius + 24 || y > laid.centre.y + 24) return undefined;
    if (away <= laid.core) return laid.rings.length;
    return Math.max(
      0,
      laid.rings.findLastIndex((outer) => away <= outer),
    );
  };
  const at = (event: PointerEvent) => {
    const box = group.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  const end = () => {
    begun.current = undefined;
    setDrag(undefined);
    onRing(undefined);
  };
  const onMove = (event: PointerEvent<HTMLButtonElement>) => {
    const from = begun.current;
    if (!from || !live.onDrop) return;
    const { x, y } = at(event);
    if (!drag && Math.hypot(x - from.x, y - from.y) < 5) return;
    setDrag({ id: from.id, x, y });
    onRing(ringAt(x, y));
  };
  const onUp = (event: PointerEvent<HTMLButtonElement>) => {
    if (drag) {
      const ring = ringAt(drag.x, drag.y);
      if (ring !== undefined) live.onDrop?.(drag.id, ring);
      event.preventDefault();
    }
    end();
  };
  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key === "Escape" && drag) return end();
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>("button")];
    const now = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowRight: now + 1, ArrowDown: now + 1, ArrowLeft: now - 1, ArrowUp: now - 1, Home: 0, End: -1 }[
      event.key
    ];
    if (to === undefined || now < 0) return;
    event.preventDefault();
    const next = all.at(to % all.length);
    next?.focus();
    next?.click();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is a form's
    <div ref={group} role="group" aria-label={live.label} className="dome-buttons" onKeyDown={onKey}>
      {bodies.map(({ deal, radius, x, y }) => {
        const place = drag?.id === deal.id ? drag : { x, y };
        const size = Math.max(24, 2 * radius + 10);
        return (
          <button
            key={deal.id}
            type="button"
            tabIndex={deal.id === stop ? 0 : -1}
            aria-pressed={deal.id === live.selected}
            aria-label={live.nameOf(deal)}
            title={deal.name}
            className={drag?.id === deal.id ? "dome-button dome-carried" : "dome-button"}
            style={{
              width: size,
              height: size,
              transform: `translate(${px(place.x - size / 2)}px, ${px(place.y - size / 2)}px)`,
            }}
            onClick={() => live.onSelect(deal.id)}
            onPointerDown={(event) => {
              if (event.button !== 0) return;
              begun.current = { id: deal.id, ...at(event) };
              event.currentTarget.setPointerCapture(event.pointerId);
            }}
            onPointerMove={onMove}
            onPointerUp={onUp}
            onPointerCancel={end}
          />
        );
      })}
    </div>
  );
}
