import { useSyncExternalStore } from "react";
import { crossTerminator } from "@/sky/Terminator/terminator";

export type Sky = "dark" | "light";
export type ThemeWish = Sky | "auto";
export type Density = "comfortable" | "compact";

const THEME = "upz.theme";
const DENSITY = "upz.density";
/** `--void` of the tokens; theme.js knows it too. */
const VOID: Record<Sky, string> = { dark: "#060b14", light: "#eff5f9" };
const listeners = new Set<() => void>();
const lightOutside = () => matchMedia("(prefers-color-scheme: light)");

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Without storage it holds until the page is closed.
  }
}

export const themeWished = (): ThemeWish => {
  const kept = read(THEME);
  return kept === "dark" || kept === "light" ? kept : "auto";
};
const skyOf = (wish: ThemeWish): Sky => (wish === "auto" ? (lightOutside().matches ? "light" : "dark") : wish);
const shown = (): Sky => (document.documentElement.dataset.theme === "light" ? "light" : "dark");

function show(sky: Sky): void {
  document.documentElement.dataset.theme = sky;
  // The frame that a browser or a system draws round the page.
  document.querySelector("meta[name=theme-color]")?.setAttribute("content", VOID[sky]);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Which sky is over the page now: for drawings that differ between the two materials. */
export const useSky = (): Sky => useSyncExternalStore(subscribe, shown);
export const useThemeWish = (): ThemeWish => useSyncExternalStore(subscribe, themeWished);
export const densityNow = (): Density =>
  document.documentElement.dataset.density === "compact" ? "compact" : "comfortable";
export const useDensity = (): Density => useSyncExternalStore(subscribe, densityNow);

/** The device changed its mind, or another tab did. */
export function followTheme(): void {
  lightOutside().addEventListener("change", () => themeWished() === "auto" && show(skyOf("auto")));
  addEventListener("storage", ({ key, newValue }) => {
    if (key === THEME) show(skyOf(themeWished()));
    if (key === DENSITY) space(newValue === "compact" ? "compact" : "comfortable");
  });
  // Paper is white, whatever the sky.
  matchMedia("print").addEventListener("change", ({ matches }) => show(matches ? "light" : skyOf(themeWished())));
}

/** The new sky comes across the page from the switch. */
export async function setTheme(wish: ThemeWish, from?: Element): Promise<void> {
  write(THEME, wish === "auto" ? null : wish);
  const next = skyOf(wish);
  if (!from || next === shown()) return show(next);
  await crossTerminator(() => show(next), from);
}

export const toggleTheme = (from?: Element): Promise<void> => setTheme(shown() === "dark" ? "light" : "dark", from);

export function setDensity(density: Density): void {
  write(DENSITY, density === "compact" ? density : null);
  space(density);
}

function space(density: Density): void {
  if (density === "compact") document.documentElement.dataset.density = density;
  else delete document.documentElement.dataset.density;
  for (const listener of listeners) listener();
}
