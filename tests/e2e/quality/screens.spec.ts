/** Every screen, in both themes, wide and on a phone, in both directions of writing: what must hold for all of them. */
import type { BrowserContextOptions, Page } from "@playwright/test";
import { enter, expect, test as base } from "../support/console";
import { type Filled, filled } from "../support/filled";
import { type Person, signedIn } from "../support/people";
import { Api, type World } from "../support/world";
import { axeSays, layoutSays, shiftsSay, Traffic, watchShifts } from "./look";
import { NO_ROUTES, NO_SCREENS, SCREENS, type Screen, type Who } from "./screens";

const test = base.extend<object, { made: Filled }>({
  made: [async ({ world }, use) => use(await filled(world)), { scope: "worker", timeout: 60_000 }],
});

const LOOKS: { name: "wide" | "phone"; use: BrowserContextOptions }[] = [
  { name: "wide", use: { viewport: { width: 1440, height: 900 } } },
  { name: "phone", use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } },
];
const of = (who: Who) => SCREENS.filter((screen) => screen.who === who);
const address = (screen: Screen, made: Filled) => screen.at?.(made.ids) ?? screen.route;

/** Goes to an address, the first time as whoever it is for. */
async function arrive(page: Page, screen: Screen, { world, at, made }: { world: World; at: string; made: Filled }) {
  const path = address(screen, made);
  const before = page.url();
  if (screen.who === "nobody" || before.startsWith(at)) return page.goto(at + path);
  return enter(page, at, await signedIn(screen.who === "agency" ? made.owner : made.client, world), path);
}

for (const { name, use } of LOOKS)
  test.describe(name, () => {
    test.use({ ...use, reducedMotion: "reduce", colorScheme: "dark" });

    for (const who of ["nobody", "agency", "client"] as const)
      test(`screens of ${who}`, async ({ page, at, world, made }) => {
        test.setTimeout(of(who).length * 15_000);
        const traffic = new Traffic(page);
        const errors: string[] = [];
        page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
        await watchShifts(page);
        for (const screen of of(who)) {
          const said: string[] = [];
          const look = async (what: string) => {
            said.push(...(await axeSays(page, what ? "opened" : "all")).map((line) => `${what}${line}`));
            await page.emulateMedia({ colorScheme: "light" });
            await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
            said.push(...(await axeSays(page, "colours")).map((line) => `${what}light: ${line}`));
            await page.emulateMedia({ colorScheme: "dark" });
            said.push(...(await layoutSays(page, { touch: name === "phone" })).map((line) => what + line));
          };
          await arrive(page, screen, { world, at, made });
          await expect(screen.shows(page)).toBeVisible();
          await traffic.settled();
          said.push(...(await shiftsSay(page)));
          await look("");
          for (const { name: what, only, open } of screen.opens ?? []) {
            if (only && only !== name) continue;
            await open(page);
            await traffic.settled();
            await look(`${what}, `);
          }
          said.push(
            ...errors
              .splice(0)
              .filter((line) => !(screen.gone && /status of 404/.test(line)))
              .map((line) => `console: ${line}`),
          );
          expect.soft(said, `${address(screen, made)} for ${who}, ${name}`).toEqual([]);
        }
      });
  });

for (const { name, use } of LOOKS)
  test(`right to left, ${name}: nothing hangs out at a side`, async ({ browser, at, world, made }) => {
    test.setTimeout(SCREENS.length * 8_000);
    // What the person chose is worth more than what the browser asks for.
    const speak = async (person: Person, locale: string) => {
      const { access_token } = await signedIn(person, world);
      await new Api(world.urls.core, access_token).call("PATCH", "/v1/me", { locale });
    };
    for (const who of ["nobody", "agency", "client"] as const) {
      const person = who === "agency" ? made.owner : who === "client" ? made.client : undefined;
      if (person) await speak(person, "ar");
      const context = await browser.newContext({ ...use, reducedMotion: "reduce", locale: "ar" });
      const page = await context.newPage();
      const traffic = new Traffic(page);
      for (const [n, screen] of of(who).entries()) {
        // Without a reload: what is asked here does not depend on it.
        if (n === 0) await arrive(page, screen, { world, at, made });
        else await page.evaluate((to) => window.__TSR_ROUTER__?.history.push(to), address(screen, made));
        await expect(page.locator("h1")).toHaveCount(1);
        await traffic.settled();
        await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
        const said = await layoutSays(page, { touch: false });
        expect.soft(said, `${address(screen, made)} for ${who}, ${name}, in Arabic`).toEqual([]);
      }
      await context.close();
      if (person) await speak(person, "en");
    }
  });

test("no screen is forgotten", async ({ page, at }) => {
  await page.goto(`${at}/sign-in`);
  const routes = await page.evaluate(() => Object.keys(window.__TSR_ROUTER__?.routesByPath ?? {}));
  expect(routes).toContain("/sign-in");
  const known = new Set([...SCREENS.map(({ route }) => route), ...NO_SCREENS, "/gallery"]);
  expect(
    routes.map(plain).filter((route) => !known.has(route)),
    "add it to quality/screens.ts",
  ).toEqual([]);
  const there = new Set([...routes.map(plain), ...NO_ROUTES, "/gallery"]);
  expect([...known].filter((route) => !there.has(route))).toEqual([]);
});

const plain = (route: string) => (route.length > 1 ? route.replace(/\/$/, "") : route);
