import "../base/base.css";
import "./galaxy.css";
import { type MouseEvent, type PointerEvent, useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { clamp, dots, nearest, px, rings, textWidth } from "../base/place";
import { useBox } from "../base/useBox";
import { type GalaxyDot, plan, type SchemaState, STATES, tally, type Tenant } from "./geometry";

export interface GalaxyProps {
  /** Oldest first. Beside the drawing stands a table of the same tenants. */
  tenants: readonly Tenant[];
  /** Opens a tenant, or above 2,000 tenants a shard. */
  onOpen?: (id: string) => void;
  /** Leaves out the counts beside the drawing. */
  bare?: boolean;
}

const REACH = 12;

/** Every tenant schema as a dot: at a glance who has migrated, who waits, who failed. */
export function Galaxy({ tenants, onOpen, bare = false }: GalaxyProps) {
  const { t } = useTranslation("translation", { keyPrefix: "sky" });
  const [ref, room] = useBox<HTMLDivElement>();
  const [near, setNear] = useState<GalaxyDot>();
  const { width, height } = room;
  const laid = useMemo(
    () => (width > 0 && height > 0 ? plan(tenants, width, height) : undefined),
    [tenants, width, height],
  );
  const counts = useMemo(() => tally(tenants), [tenants]);
  const find = (event: PointerEvent<HTMLElement> | MouseEvent<HTMLElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return laid && nearest(laid.dots, { x: event.clientX - left, y: event.clientY - top }, REACH);
  };
  const label = [
    t("galaxy.schemas", { count: tenants.length }),
    ...(laid?.grouped ? [t("galaxy.shards", { count: laid.dots.length })] : []),
    ...STATES.filter((state) => counts[state] > 0).map((state) => `${t(`galaxy.state.${state}`)}: ${counts[state]}`),
  ].join(", ");
  return (
    <div className="galaxy sky-forced">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the table beside it is the keyboard's way */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: as above */}
      <div
        ref={ref}
        className="galaxy-sky"
        data-near={near && onOpen ? "" : undefined}
        onPointerMove={(event) => setNear(find(event))}
        onPointerLeave={() => setNear(undefined)}
        onClick={(event) => {
          const dot = find(event);
          if (dot) onOpen?.(dot.id);
        }}
      >
        {laid && (
          <svg role="img" aria-label={tenants.length > 0 ? label : t("galaxy.none")} viewBox={`0 0 ${width} ${height}`}>
            <Spiral laid={laid} />
          </svg>
        )}
        {tenants.length === 0 && (
          <p className="galaxy-none" aria-hidden="true">
            {t("galaxy.none")}
          </p>
        )}
        {near && <Hint dot={near} width={width} />}
      </div>
      {!bare && (
        <dl className="galaxy-key">
          {STATES.map((state) => (
            <div key={state} data-state={counts[state] > 0 ? state : undefined}>
              <dt>
                <Sign state={state} />
                {t(`galaxy.state.${state}`)}
              </dt>
              <dd>{counts[state]}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

const cross = (points: readonly { x: number; y: number; arm: number }[]) =>
  points
    .map(
      ({ x, y, arm: a }) => `M${px(x - a)} ${px(y - a)}l${2 * a} ${2 * a}M${px(x + a)} ${px(y - a)}l${-2 * a} ${2 * a}`,
    )
    .join("");

/** A path for all dots of one state and size: two thousand tenants are a dozen nodes. */
function Spiral({ laid: { centre, rx, ry, dots: all, grouped } }: { laid: ReturnType<typeof plan> }) {
  const id = useId();
  const of = (state: SchemaState) => all.filter((dot) => dot.state === state);
  // Signs shrink with the dots, down to what can still be told apart.
  const scale = clamp((all[0]?.radius ?? 2.3) / 2.3, 0.62, grouped ? 2 : 1);
  const sizes = new Map<string, GalaxyDot[]>();
  for (const dot of of("current")) {
    const key = `${px(2 * dot.radius)} ${dot.weight}`;
    sizes.set(key, [...(sizes.get(key) ?? []), dot]);
  }
  return (
    <>
      <defs>
        <radialGradient id={id}>
          <stop offset="0" stopColor="var(--limb)" stopOpacity=".2" />
          <stop offset=".5" stopColor="var(--limb)" stopOpacity=".07" />
          <stop offset="1" stopColor="var(--limb)" stopOpacity="0" />
        </radialGradient>
      </defs>
      {all.length > 0 && (
        <ellipse
          cx={px(centre.x)}
          cy={px(centre.y)}
          rx={px(rx)}
          ry={px(ry)}
          fill={`url(#${id})`}
          className="sky-lights"
        />
      )}
      {[...sizes].map(([key, some]) => (
        <path
          key={key}
          d={dots(some)}
          strokeWidth={key.split(" ")[0]}
          className={`galaxy-dots galaxy-w${key.split(" ")[1]}`}
        />
      ))}
      <path d={rings(of("queued"), 3 * scale)} className="galaxy-queued" />
      <path d={dots(of("migrating"))} strokeWidth={5.2 * scale} className="galaxy-dots galaxy-migrating" />
      <path d={rings(of("migrating"), 5.6 * scale)} className="galaxy-ring" />
      <path d={rings(of("failed"), 10 * scale)} className="galaxy-failed" />
      <path d={cross(of("failed").map(({ x, y }) => ({ x, y, arm: 3.8 * scale })))} className="galaxy-cross" />
    </>
  );
}

/** The sign of a state, alone; the same shapes as in the drawing. */
function Sign({ state }: { state: SchemaState }) {
  return (
    <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
      {state === "current" && <path d="M7 7h.01" strokeWidth="8" className="galaxy-dots" />}
      {state === "migrating" && <path d="M7 7h.01" strokeWidth="6" className="galaxy-dots galaxy-migrating" />}
      {state === "migrating" && <circle cx="7" cy="7" r="6" className="galaxy-ring" />}
      {state === "queued" && <circle cx="7" cy="7" r="4" className="galaxy-queued" />}
      {state === "failed" && <path d="M2.5 2.5l9 9M11.5 2.5l-9 9" className="galaxy-cross" />}
    </svg>
  );
}

function Hint({ dot: { x, y, name, state, reason, count, failed }, width }: { dot: GalaxyDot; width: number }) {
  const { t } = useTranslation("translation", { keyPrefix: "sky" });
  const word =
    count > 1
      ? t("galaxy.more", { count, name, failed })
      : `${t(`galaxy.state.${state}`)}${reason ? `: ${reason}` : ""}`;
  const room = Math.max(textWidth(name, 12, 240), textWidth(word, 12, 240)) + 18;
  return (
    <span
      className="galaxy-hint"
      aria-hidden="true"
      style={{
        transform: `translate(${clamp(x + 12, 0, Math.max(0, width - room))}px, ${Math.max(0, y - 48)}px)`,
        maxWidth: room,
      }}
    >
      <b>{name}</b>
      <br />
      {word}
    </span>
  );
}
