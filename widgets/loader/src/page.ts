/** The host page as the loader sees it: where the edge is, who listens, which colours are on. */
import { NAME, TOKENS, type Tokens } from "../../shared/protocol";

export const D = document;
const root = D.documentElement;

/** Options of one widget: its `data-upz-*` attributes, camel-cased and without the prefix. */
export interface Config {
  id: string;
  mode: string;
  /** First height in pixels, kept free until the widget knows its own. */
  height: number;
  prefill?: Record<string, unknown>;
  title?: string;
  label?: string;
  lang?: string;
  theme?: string;
  side?: string;
  z?: string;
  eager?: string;
  close?: string;
}

const script = (D.currentScript || D.querySelector('script[src*="/v1/loader"]')) as HTMLScriptElement | null;
/** Origin of the edge: wherever this very script came from. Empty when the page hides it. */
export const EDGE = script?.src ? new URL(script.src).origin : "";

// A single-page site drops the campaign parameters on its first navigation, so they are read at once.
const landed = location.search;

/** Campaign and click parameters, plus the ones a widget's hidden fields ask for. */
export function attribution(asked: unknown): Record<string, string> {
  const names = Array.isArray(asked) ? asked.slice(0, 32) : [];
  const out: Record<string, string> = {};
  for (const query of [landed, location.search])
    for (const [k, v] of new URLSearchParams(query))
      if (/^(utm_\w+|(g|fb|ms|tt)clid|[gw]braid|li_fat_id)$/.test(k) || names.includes(k)) out[k] = v.slice(0, 256);
  out.page = self.origin + location.pathname;
  out.ref = D.referrer.slice(0, 512);
  return out;
}

export type Listener = (e: { type: string; widget: string; detail: unknown }) => void;
export const listeners = new Set<[type: unknown, f: Listener]>();

/** Tells the host page: `upz('on')` listeners, a DOM event, and the tag manager for conversions. */
export function emit(widget: string, type: string, detail?: Record<string, unknown>): void {
  for (const [t, f] of [...listeners])
    if (t === type || t === "*")
      try {
        f({ type, widget, detail });
      } catch (e) {
        // The site's own mistake must not stop the widget, but its console should show it.
        reportError(e);
      }
  D.dispatchEvent(new CustomEvent(`${NAME}:${type}`, { detail: { ...detail, widget } }));
  const layer = (window as { dataLayer?: unknown }).dataLayer;
  if (Array.isArray(layer) && /\.(created|paid|submitted)$/.test(type))
    layer.push({ event: `${NAME}.${type}`, upz_widget: widget, upz_ref: detail?.ref });
}

export const DARK = "(prefers-color-scheme: dark)";

/** Colours and shape for a widget: its own attributes first, then `--upz-*` variables of the page. */
export function tokens(c: Config, el: Element): Tokens {
  const css = getComputedStyle(el.isConnected ? el : root);
  const named = /(?:^| )(dark|light)(?!\S)/.exec(`${c.theme} ${root.dataset.theme} ${root.className}`);
  const scheme =
    css.colorScheme === "normal"
      ? D.querySelector<HTMLMetaElement>("meta[name=color-scheme]")?.content || ""
      : css.colorScheme;
  // A page that never mentions dark stays light, whatever the visitor's system prefers.
  const dark = /dark/.test(scheme) && (!/light/.test(scheme) || matchMedia(DARK).matches);
  const out = { mode: named ? named[1] : dark ? "dark" : "light" } as Tokens;
  for (const t of TOKENS) {
    const v = (c as never)[t] || css.getPropertyValue(`--upz-${t.replace("A", "-a")}`).trim();
    if (v) out[t] = v;
  }
  return out;
}

/** Makes an element with attributes; styles go through the CSSOM, which a strict host policy allows. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attrs: Record<string, string> = {},
): HTMLElementTagNameMap[K] {
  const el = D.createElement(tag);
  for (const k in attrs) el.setAttribute(k, attrs[k] as string);
  return el;
}
