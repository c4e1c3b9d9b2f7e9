import type { Colors } from "@widget/frame";
import { outfit } from "@widget/look";
import css from "@widget/style.css?inline";
import { adopt } from "@widget/text";
import ar from "@widget/strings/ar.json";
import { useQuery } from "@tanstack/react-query";
import { type ComponentChild, h, render } from "preact";
import { createElement, useLayoutEffect, useMemo, useRef } from "react";
import { useSky } from "@/app/theme";
import { brand } from "./data";

/** The visitor's stylesheet, for a shadow root in place of a document of its own. */
const sheet = new CSSStyleSheet();
sheet.replaceSync(
  css
    .replace(/html\[data-theme=(?:"dark"|dark)\]/g, ':host([data-theme="dark"])')
    .replace(/(^|[}\s,;])html(?=\s*[{,])/g, "$1:host"),
);
const own = new CSSStyleSheet();
own.replaceSync(
  ":host{display:block;color-scheme:light}:host([data-theme=dark]){color-scheme:dark}" +
    ".upz-w{overflow:visible;background:none}.upz-w form{padding:0}.upz-w :is(header,footer,.traj){margin:0}" +
    ".popup header,.float header{padding:0}.fields{animation:none!important}" +
    ".only-head form>:not(header),.only-traj form>:not(.traj),.only-foot form>:not(footer){display:none}",
);

export interface Worn {
  vars: Record<string, string | undefined>;
  mode: "light" | "dark";
}

/** What the form wears: the tenant's brand, its own theme over it, under the sky that is over the console. */
export function useWorn(theme: Record<string, string>): Worn {
  const mode = useSky();
  const { data } = useQuery(brand);
  const colors = data?.colors as Colors | undefined;
  return useMemo(() => {
    const vars: Worn["vars"] = {};
    outfit({ mode }, [colors, theme as Colors], (name, value) => {
      vars[name] = value;
    });
    return { mode, vars };
  }, [mode, colors, theme]);
}

/** Says the widget's own words in the language of the form. */
export function speakLike(language: string): void {
  adopt(language, language.startsWith("ar") ? ar : {});
}

/** A piece of the visitor's form, drawn by the visitor's own code, behind glass: it cannot be touched or focused. */
export function Drawn({ piece, worn, dir }: { piece: ComponentChild; worn: Worn; dir: "ltr" | "rtl" }) {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = host.current;
    if (!element) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    if (root.adoptedStyleSheets.length === 0) root.adoptedStyleSheets = [sheet, own];
    for (const [name, value] of Object.entries(worn.vars)) {
      if (value) element.style.setProperty(name, value);
      else element.style.removeProperty(name);
    }
    render(h("div", { class: "upz-w", dir }, piece), root as unknown as HTMLElement);
  });
  useLayoutEffect(() => {
    const element = host.current;
    return () => {
      if (element?.shadowRoot) render(null, element.shadowRoot as unknown as HTMLElement);
    };
  }, []);
  return createElement("div", { ref: host, inert: true, "aria-hidden": true, "data-theme": worn.mode });
}
