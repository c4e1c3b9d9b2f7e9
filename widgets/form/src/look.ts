/** Turns the tokens of brand and page into CSS variables, and keeps every pair of colours legible. */
import { TOKENS, type Tokens } from "../../shared/protocol";
import type { Colors } from "./frame";

const LIGHT = { surface: "#ffffff", text: "#17202e", accent: "#0b5c96", success: "#1a7a4c" };
const NIGHT = { surface: "#161a20", text: "#eef1f4", accent: "#85c8f0", success: "#6fd3a4" };

const CHECK: Record<string, string> = { radius: "border-radius", font: "font-family", density: "opacity" };

/** Drops what is not the CSS it claims to be. */
export function clean(t: Partial<Tokens> | null | undefined): Partial<Tokens> {
  const out: Record<string, string> = {};
  for (const k of TOKENS) {
    const v = t?.[k];
    if (typeof v === "string" && v.length <= 200 && !/url\(|[;{}]/i.test(v) && CSS.supports(CHECK[k] || "color", v))
      out[k] = v;
  }
  return out;
}

type Rgb = [number, number, number];

/** Any CSS colour as sRGB 0 to 1. The browser does the work: `color-mix` always computes to `color(srgb …)`. */
function rgb(color: string): Rgb | undefined {
  const probe = document.createElement("i");
  probe.style.color = `color-mix(in srgb, ${color} 100%, ${color})`;
  document.body.append(probe);
  const m = /srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)/.exec(getComputedStyle(probe).color);
  probe.remove();
  return m ? [Number(m[1]), Number(m[2]), Number(m[3])] : undefined;
}

const luminance = (c: Rgb): number => {
  const [r, g, b] = c.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

/** WCAG contrast ratio, 1 to 21; 21 when a colour cannot be read, so nothing is changed blindly. */
export function contrast(a: string, b: string): number {
  const x = rgb(a);
  const y = rgb(b);
  if (!x || !y) return 21;
  const [hi, lo] = [luminance(x), luminance(y)].sort((p, q) => q - p) as [number, number];
  return (hi + 0.05) / (lo + 0.05);
}

const best = (on: string): string => (contrast("#fff", on) >= contrast("#0b1017", on) ? "#fff" : "#0b1017");

let warned = false;
function warn(what: string): void {
  if (!warned) console.warn(`upz: ${what} is hard to read and was adjusted`);
  warned = true;
}

/** What a surface wears: its variables by name, every pair of colours legible. The page's own tokens win over the tenant's brand, which wins over the defaults. */
export function outfit(
  page: Tokens,
  brands: (Colors | null | undefined)[],
  put: (name: string, value: string | undefined) => void,
): void {
  const dark = page.mode === "dark";
  const t: Partial<Tokens> = { ...(dark ? NIGHT : LIGHT) };
  for (const b of brands) {
    if (!b) continue;
    const own = clean({ ...b, ...(b.on_accent ? { onAccent: b.on_accent } : {}) });
    // A brand's paper and ink belong to its light theme; its accent is worn in both.
    if (dark) for (const k of ["surface", "text", "success"] as const) delete own[k];
    Object.assign(t, own, dark ? clean(b.dark) : {});
  }
  Object.assign(t, clean(page));
  const surface = t.surface as string;
  const accent = t.accent as string;
  if (contrast(t.text as string, surface) < 4.5) {
    warn("text on surface");
    t.text = best(surface);
  }
  if (!t.onAccent || contrast(t.onAccent, accent) < 4.5) {
    if (t.onAccent) warn("text on accent");
    t.onAccent = best(accent);
  }
  // The accent as ink (borders, focus, links) moves towards the text colour until it can be seen.
  let ink = accent;
  for (let part = 85; part > 0 && contrast(ink, surface) < 4.5; part -= 15)
    ink = `color-mix(in oklab, ${accent} ${part}%, ${t.text})`;
  for (const k of TOKENS) put(`--upz-${k === "onAccent" ? "on-accent" : k}`, t[k]);
  put("--upz-ink", ink);
}

/** Dresses the document. */
export function dress(page: Tokens, brands: (Colors | null | undefined)[]): void {
  const root = document.documentElement;
  root.dataset.theme = page.mode;
  root.style.colorScheme = page.mode;
  // An empty value removes the property.
  outfit(page, brands, (name, value) => root.style.setProperty(name, value || ""));
}
