import type { QueryClient } from "@tanstack/react-query";
import { me } from "@/api/queries";
import { call } from "@/app/title";
import { type Brand, brand } from "./data";
import { type Accent, accentOf, NONE } from "./colour";
import { remember } from "./sky";

const KEY = "upz.accent";

/** The console in the colour of the agency, for it and its clients. `theme.js` puts it on before the first paint. */
function paint(accent: Accent | undefined): void {
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

/**
 * What the product is called: an agency says it with its brand, otherwise it knows ours; its clients know nobody but their
 * agency.
 */
export const productOf = (
  { own, name, look }: Pick<Brand, "own" | "name"> & { look: { name: string } },
  kind?: string,
) => (kind === "client" || (own && name) ? look.name : undefined);

/** A brand in the console: its colour, and its name in the titles of tabs. */
export function put(cache: QueryClient, found: Brand | undefined): void {
  paint(found && found.look.accent !== NONE ? accentOf(found.look.accent) : undefined);
  call(found && productOf(found, cache.getQueryData(me.queryKey)?.tenant.kind));
}

export async function wear(cache: QueryClient, tenant: string): Promise<void> {
  const found = await cache.ensureQueryData(brand).catch(() => undefined);
  put(cache, found);
  if (found) remember(tenant, found.look.sky);
}
