/** How a list of screens is walked and asked, whoever they are for. */
import type { BrowserContextOptions, Locator, Page } from "@playwright/test";
import { expect, shoot } from "../support/console";
import { axeSays, layoutSays, shiftsSay, Traffic, watchShifts } from "./look";

export const LOOKS: { name: Look; use: BrowserContextOptions }[] = [
  { name: "wide", use: { viewport: { width: 1440, height: 900 } } },
  { name: "phone", use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } },
];
export type Look = "wide" | "phone";

/** A screen with its address, which may hold ids of the run. */
export interface Stop {
  path: string;
  shows: (page: Page) => Locator;
  gone?: true;
  opens?: { name: string; only?: Look; open: (page: Page) => Promise<void> }[];
}

/** An address as part of a file's name, the same in each run. */
const slug = (path: string) =>
  decodeURIComponent(path)
    .replace(/[a-z]{2,4}_[0-9a-z]{20,}/g, "one")
    .replace(/\W+/g, "-")
    .replace(/-$/, "");

/** Asks everything of each screen, in both themes. `arrive` goes to an address as whoever it is for. */
export async function walk(
  page: Page,
  stops: readonly Stop[],
  { look: size, who, arrive }: { look: Look; who: string; arrive: (path: string) => Promise<unknown> },
): Promise<void> {
  const traffic = new Traffic(page);
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await watchShifts(page);
  for (const stop of stops) {
    const said: string[] = [];
    const look = async (what: string) => {
      said.push(...(await axeSays(page, what ? "opened" : "all")).map((line) => `${what}${line}`));
      await page.emulateMedia({ colorScheme: "light" });
      await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
      said.push(...(await axeSays(page, "colours")).map((line) => `${what}light: ${line}`));
      const name = `${who}${slug(`${stop.path} ${what}`)}${stop.gone ? "-gone" : ""}`;
      await shoot(page, `screens/${size}-light-${name}`);
      await page.emulateMedia({ colorScheme: "dark" });
      await shoot(page, `screens/${size}-dark-${name}`);
      said.push(...(await layoutSays(page, { touch: size === "phone" })).map((line) => what + line));
    };
    await arrive(stop.path);
    await expect(stop.shows(page)).toBeVisible();
    await traffic.settled();
    said.push(...(await shiftsSay(page)));
    await look("");
    for (const { name: what, only, open } of stop.opens ?? []) {
      if (only && only !== size) continue;
      await open(page);
      await traffic.settled();
      await look(`${what}, `);
    }
    said.push(
      ...errors
        .splice(0)
        .filter((line) => !(stop.gone && /status of 404/.test(line)))
        .map((line) => `console: ${line}`),
    );
    expect.soft(said, `${stop.path} for ${who}, ${size}`).toEqual([]);
  }
}

/** The same screens in Arabic: nothing hangs out at a side. Only the first is loaded; what is asked does not depend on it. */
export async function walkArabic(
  page: Page,
  stops: readonly Stop[],
  { look, who, arrive }: { look: Look; who: string; arrive: (path: string) => Promise<unknown> },
): Promise<void> {
  const traffic = new Traffic(page);
  for (const [n, { path }] of stops.entries()) {
    if (n === 0) await arrive(path);
    else await page.evaluate((to) => window.__TSR_ROUTER__?.history.push(to), path);
    await expect(page.locator("h1")).toHaveCount(1);
    await traffic.settled();
    await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
    const said = await layoutSays(page, { touch: false });
    expect.soft(said, `${path} for ${who}, ${look}, in Arabic`).toEqual([]);
  }
}

/** A route as the lists call it. */
export const plain = (route: string) => (route.length > 1 ? route.replace(/\/$/, "") : route);

/** The routes that the router of an open page knows. */
export const routesOf = async (page: Page): Promise<string[]> =>
  (await page.evaluate(() => Object.keys(window.__TSR_ROUTER__?.routesByPath ?? {}))).map(plain);
