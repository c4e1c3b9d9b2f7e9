/** The console as the core serves it, under its policy. */
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import type { Tokens } from "./people";
import { World } from "./world";

export { expect };

interface Shared {
  world: World;
  /** Where the console is. */
  at: string;
}

export const test = base.extend<object, Shared>({
  world: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads what a fixture needs from this pattern
    async ({}, use) => use(new World()),
    { scope: "worker" },
  ],
  // `UPZENTO_E2E_AT` is a console that is being worked on: `vite preview` or `vite` before the same core.
  at: [({ world }, use) => use(process.env.UPZENTO_E2E_AT ?? world.urls.core), { scope: "worker" }],
  page: async ({ page }, use) => {
    const wrong: string[] = [];
    page.on("pageerror", (error) => wrong.push(error.message));
    page.on("console", (message) => {
      if (/content security policy/i.test(message.text())) wrong.push(message.text());
    });
    await use(page);
    expect(wrong, "nothing was thrown, nothing broke the policy").toEqual([]);
  },
});

/** How a story is read: wide and on a phone, by night and by day. */
export const looks = [
  { name: "wide-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 }, hasTouch: false },
  { name: "wide-light", colorScheme: "light", viewport: { width: 1440, height: 900 }, hasTouch: false },
  { name: "phone-dark", colorScheme: "dark", viewport: { width: 390, height: 844 }, hasTouch: true },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true },
] as const;

/** Starts as somebody who signed in here before. */
export async function enter(page: Page, at: string, tokens: Tokens, path = "/"): Promise<void> {
  const { hostname } = new URL(at);
  const cookie = { name: "upz_refresh", value: tokens.refresh_token ?? "", domain: hostname, path: "/v1/sessions" };
  await page.context().addCookies([{ ...cookie, httpOnly: true, sameSite: "Strict" }]);
  await page.addInitScript(() => {
    if (!sessionStorage.getItem("entered")) localStorage.setItem("upz.signed-in", "yes");
    sessionStorage.setItem("entered", "1");
  });
  await page.goto(at + path);
}

export async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: new URL(`../shots/${name}.png`, import.meta.url).pathname, animations: "disabled" });
}

/** What else can be done with what a page shows; the dock of a phone has a "More" of its own. */
export const menuOf = (page: Page): Locator =>
  page.getByRole("button", { name: "More", exact: true }).and(page.locator("[aria-haspopup=menu]"));

/** No text is cut off at the side, once a window that was just made narrower is drawn anew. */
export async function fits(page: Page): Promise<void> {
  const over = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await expect.poll(over, { intervals: [50, 100, 200], timeout: 2_000 }).toBeLessThanOrEqual(0);
}
