import type { QueryClient } from "@tanstack/react-query";
import { brand } from "./data";
import { type Accent, accentOf, NONE } from "./colour";
import { remember } from "./sky";

const KEY = "upz.accent";

/** The console in the colour of the agency, for it and its clients. `theme.js` puts it on before the first paint. */
export function paint(accent: Accent | undefined): void {
  const { style } = document.documentElement;
  const set = (name: string, value: string | undefined) =>
    value === undefined ? style.removeProperty(name) : style.setProperty(name, value);
  set("--accent-h", accent && `${accent.hue}`);
  set("--accent-k", accent && `${accent.strength}`);
  set("--accent-d", accent && "0");
  try {
    if (accent) sessionStorage.setItem(KEY, `${accent.hue} ${accent.strength}`);
    else sessionStorage.removeItem(KEY);
  } catch {
    // The next page begins in our own colour.
  }
}

export const worn = (look: { accent: string } | undefined): Accent | undefined =>
  look && look.accent !== NONE ? accentOf(look.accent) : undefined;

export async function wear(cache: QueryClient, tenant: string): Promise<void> {
  const found = await cache.ensureQueryData(brand).catch(() => undefined);
  paint(worn(found?.look));
  if (found) remember(tenant, found.look.sky);
}
