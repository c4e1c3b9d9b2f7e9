/** Colours of a brand, as the console wears them: hue and chroma are the brand's, lightness is ours, so every hue reads. */
export interface Accent {
  /** Degrees. */
  hue: number;
  /** 0 is grey, 1 is as colourful as ours. */
  strength: number;
}

/** What whoever chose none looks like; the server fills it in. */
export const NONE = "#2f4a8a";
/** Chroma of our own accent by day. */
const OURS = 0.114;

const parts = (hex: string): [number, number, number] | undefined => {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (!found) return undefined;
  const [, r = "0", g = "0", b = "0"] = found;
  return [Number.parseInt(r, 16) / 255, Number.parseInt(g, 16) / 255, Number.parseInt(b, 16) / 255];
};
const linear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);

/** Hue and chroma in OKLCH of `#rrggbb`; undefined for anything else. */
export function accentOf(hex: string): Accent | undefined {
  const rgb = parts(hex);
  if (!rgb) return undefined;
  const [r, g, b] = rgb.map(linear) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const x = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const y = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  const chroma = Math.hypot(x, y);
  const hue = (Math.atan2(y, x) * 180) / Math.PI;
  return {
    hue: Math.round((hue + 360) % 360),
    strength: Math.round(Math.min(1.2, chroma / OURS) * 100) / 100,
  };
}

/** Contrast of two colours by WCAG 2.2, 1 to 21. */
export function contrast(one: string, other: string): number {
  const light = (hex: string) => {
    const [r, g, b] = (parts(hex) ?? [0, 0, 0]).map(linear) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [a, b] = [light(one), light(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** White or near-black, whichever reads better on it: the same choice as the server's. */
export const readableOn = (hex: string): string =>
  contrast(hex, "#ffffff") >= contrast(hex, "#111111") ? "#ffffff" : "#111111";
