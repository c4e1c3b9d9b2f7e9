import { type ReactNode, useMemo, useRef } from "react";
import { useSky } from "@/app/theme";
import { useBox } from "@/ui/size";

type Stop = [offset: number, color: string, opacity?: number];

const stops = (list: Stop[]) =>
  list.map(([offset, color, opacity = 1]) => (
    <stop key={offset} offset={offset} stopColor={color} stopOpacity={opacity} />
  ));
/** Light that falls off smoothly: a visible edge would look like a disc. */
const fall = (color: string, strength: number, power = 3.2): Stop[] =>
  Array.from({ length: 13 }, (_, i) => [i / 12, color, strength * (1 - i / 12) ** power]);

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** One large planet, the sun just clearing its edge. It never crosses the form. */
export function Sunrise() {
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useBox(frame);
  const sky = useSky();
  return (
    <div ref={frame} aria-hidden="true" className="fixed inset-0 overflow-hidden bg-void rtl:-scale-x-100">
      {width > 0 && height > 0 && <Scene width={width} height={height} dark={sky === "dark"} />}
    </div>
  );
}

function Scene({ width: W, height: H, dark }: { width: number; height: number; dark: boolean }) {
  const phone = W < 768;
  const R = phone ? W * 1.5 : Math.max(W * 0.64, H * 0.98);
  const form = document.querySelector("main");
  const under = form ? form.offsetTop + form.offsetHeight + 12 : 0;
  const [cx, cy] = phone ? [W * 0.9, Math.max(H * 0.8, under) + R] : [W * 1.02, H * 0.17 + R];
  const angle = phone ? -1.93 : -2.06;
  const [sx, sy] = [cx + Math.cos(angle) * R, cy + Math.sin(angle) * R];
  const screen = dark ? { mixBlendMode: "screen" as const } : undefined;
  const all = { width: W, height: H };
  const radial = (id: string, r: number, list: Stop[], at: [number, number] = [sx, sy]) => (
    <radialGradient id={id} gradientUnits="userSpaceOnUse" cx={at[0]} cy={at[1]} r={r}>
      {stops(list)}
    </radialGradient>
  );
  const stars = useMemo(
    () => starField(W, H, phone, dark, { cx, cy, R, sx, sy }),
    [W, H, phone, dark, cx, cy, R, sx, sy],
  );
  return (
    <svg viewBox={`0 0 ${W} ${H}`} className="block size-full" aria-hidden="true">
      <defs>
        <linearGradient id="sr-sky" gradientUnits="userSpaceOnUse" x1="0" y1="0" x2={W * 0.7} y2={H}>
          {stops([
            [0, "var(--sky-0)"],
            [0.55, "var(--sky-1)"],
            [1, "var(--sky-2)"],
          ])}
        </linearGradient>
        {radial("sr-air", W * (phone ? 1.1 : 0.62), fall("var(--limb)", dark ? 0.42 : 0.4, 2.4))}
        {radial(
          "sr-dawn",
          phone ? 170 : 330,
          fall(dark ? "var(--dawn)" : "var(--limb-hot)", dark ? 0.62 : 1, dark ? 3.4 : 2.2),
        )}
        {radial("sr-hot", phone ? 60 : 110, fall("var(--limb-hot)", 1, 2.6))}
        {radial("sr-limb", W * (phone ? 1.2 : 0.66), [
          [0, "var(--limb-hot)"],
          [0.05, "var(--dawn)"],
          [0.17, dark ? "var(--limb)" : "var(--dawn)", dark ? 1 : 0.9],
          [0.34, "var(--limb)", 0.85],
          [0.7, "var(--limb)", 0.35],
          [1, "var(--limb)", 0.06],
        ])}
        {radial(
          "sr-planet",
          R,
          dark
            ? [
                [0, "var(--ground)"],
                [0.9, "var(--ground)"],
                [0.97, "var(--sky-1)"],
                [1, "var(--sky-2)"],
              ]
            : [
                [0, "var(--surface)"],
                [0.72, "var(--surface)"],
                [0.93, "var(--sky-1)"],
                [1, "var(--sky-2)"],
              ],
          [cx, cy],
        )}
        {radial(
          "sr-day",
          W * (phone ? 0.7 : 0.4),
          fall(dark ? "var(--limb)" : "var(--limb-hot)", dark ? 0.34 : 0.9, 2.6),
        )}
        {radial("sr-shore", phone ? 110 : 200, fall("var(--dawn)", dark ? 0.55 : 0.5, 2.8))}
        {radial("sr-cross", phone ? 90 : 190, fall("var(--limb-hot)", 0.8, 1.6))}
        <filter id="sr-blur" x="-20%" y="-20%" width="140%" height="140%">
          <feGaussianBlur stdDeviation={phone ? 7 : 12} />
        </filter>
        <clipPath id="sr-disc">
          <circle cx={cx} cy={cy} r={R} />
        </clipPath>
      </defs>
      <rect {...all} fill="url(#sr-sky)" />
      <g fill="none" stroke="var(--graticule)">
        {Array.from({ length: 8 }, (_, i) => (
          <circle key={i + 1} cx={cx} cy={cy} r={R + (i + 1) * (phone ? 70 : 110)} />
        ))}
        {Array.from({ length: 34 }, (_, i) => {
          const t = -Math.PI + (i * Math.PI) / 33;
          const [c, s] = [Math.cos(t), Math.sin(t)];
          return <path key={t} d={`M${cx + c * R} ${cy + s * R}L${cx + c * R * 2.8} ${cy + s * R * 2.8}`} />;
        })}
      </g>
      <rect {...all} fill="url(#sr-air)" style={screen} />
      {stars}
      <circle
        cx={cx}
        cy={cy}
        r={R}
        fill="none"
        stroke="url(#sr-limb)"
        strokeWidth={phone ? 14 : dark ? 26 : 18}
        filter="url(#sr-blur)"
        opacity={dark ? 0.8 : 0.55}
      />
      <rect {...all} fill="url(#sr-dawn)" style={screen} />
      <rect {...all} fill="url(#sr-hot)" style={screen} />
      <circle cx={cx} cy={cy} r={R} fill="url(#sr-planet)" />
      <g fill="none" stroke="var(--graticule)" clipPath="url(#sr-disc)">
        {[1, 2, 3, 4, 5, 6].map((i) => (
          <ellipse key={i} cx={cx} cy={cy} rx={(R * i) / 7} ry={R} />
        ))}
        {[1, 2, 3, 4, 5, 6, 7, 8].map((i) => {
          const y = cy - R + (R * i * i) / 42;
          return (
            <ellipse
              key={i}
              cx={cx}
              cy={y + R * 0.02}
              rx={Math.sqrt(Math.max(0, R * R - (y - cy) ** 2))}
              ry={R * 0.05}
            />
          );
        })}
      </g>
      <g clipPath="url(#sr-disc)">
        <rect {...all} fill="url(#sr-day)" style={screen} />
        <rect {...all} fill="url(#sr-shore)" style={screen} />
      </g>
      <circle cx={cx} cy={cy} r={R} fill="none" stroke="url(#sr-limb)" strokeWidth={phone ? 1.6 : 2} />
      <rect {...all} fill="url(#sr-hot)" style={screen} opacity=".8" />
      <circle cx={sx} cy={sy} r={phone ? 6 : 9} fill={dark ? "oklch(0.99 0.015 90)" : "var(--sun)"} />
      {dark ? (
        <path
          d={`M${sx - (phone ? 90 : 190)} ${sy}h${phone ? 180 : 380}M${sx} ${sy - (phone ? 50 : 96)}v${phone ? 100 : 192}`}
          stroke="url(#sr-cross)"
        />
      ) : (
        <circle cx={sx} cy={sy} r={phone ? 11 : 17} fill="none" stroke="var(--sun)" opacity=".6" />
      )}
    </svg>
  );
}

interface Bodies {
  cx: number;
  cy: number;
  R: number;
  sx: number;
  sy: number;
}

function starField(W: number, H: number, phone: boolean, dark: boolean, { cx, cy, R, sx, sy }: Bodies): ReactNode[] {
  const next = random(77);
  const stars: ReactNode[] = [];
  for (let i = 0; i < (phone ? 70 : 210); i++) {
    const [x, y, size] = [next() * W, next() * H, next()];
    if (Math.hypot(x - cx, y - cy) < R + 30 || Math.hypot(x - sx, y - sy) < (phone ? 80 : 130)) continue;
    // Text stays on a quiet ground.
    if (!phone && x < W * 0.07 + 450 && x > W * 0.05 && y > H * 0.14 && y < H * 0.88) continue;
    if (phone && y > 64 && y < H * 0.8) continue;
    if (x < 330 && (y > H - 70 || y < 70)) continue;
    const r = size < 0.62 ? 0.75 : size < 0.92 ? 1.15 : 1.9;
    stars.push(
      <circle
        key={i}
        cx={x}
        cy={y}
        r={r * (dark ? 1 : 1.1)}
        fill="var(--star-ink)"
        opacity={size < 0.62 ? 0.6 : 0.95}
      />,
    );
    if (r <= 1.5) continue;
    stars.push(
      dark ? (
        <path
          key={`${i}+`}
          d={`M${x - 6} ${y}h12M${x} ${y - 6}v12`}
          stroke="var(--star-ink)"
          strokeWidth=".6"
          opacity=".6"
        />
      ) : (
        <circle
          key={`${i}+`}
          cx={x}
          cy={y}
          r="4.2"
          fill="none"
          stroke="var(--star-ink)"
          strokeWidth=".8"
          opacity=".8"
        />
      ),
    );
  }
  return stars;
}
