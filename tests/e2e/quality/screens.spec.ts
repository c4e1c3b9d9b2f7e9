/** Every screen, in both themes, wide and on a phone, in both directions of writing: what must hold for all of them. */
import type { Page } from "@playwright/test";
import { test as base, enter, expect } from "../support/console";
import { type Filled, filled } from "../support/filled";
import { type Person, signedIn } from "../support/people";
import { Api, type World } from "../support/world";
import { NO_ROUTES, NO_SCREENS, SCREENS, type Who } from "./screens";
import { LOOKS, routesOf, type Stop, walk, walkArabic } from "./walk";

const test = base.extend<object, { made: Filled }>({
  made: [async ({ world }, use) => use(await filled(world)), { scope: "worker", timeout: 60_000 }],
});

const of = (who: Who) => SCREENS.filter((screen) => screen.who === who);
const stops = (who: Who, made: Filled): Stop[] =>
  of(who).map(({ at, route, ...rest }) => ({ ...rest, path: at?.(made.ids) ?? route }));

/** Goes to addresses, the first time as whoever they are for. */
function arrival(page: Page, who: Who, { world, at, made }: { world: World; at: string; made: Filled }) {
  return async (path: string) => {
    if (who === "nobody" || page.url().startsWith(at)) return page.goto(at + path);
    return enter(page, at, await signedIn(who === "agency" ? made.owner : made.client, world), path);
  };
}

for (const { name, use } of LOOKS)
  test.describe(name, () => {
    test.use({ ...use, reducedMotion: "reduce", colorScheme: "dark" });

    for (const who of ["nobody", "agency", "client"] as const)
      test(`screens of ${who}`, async ({ page, at, world, made }) => {
        test.setTimeout(of(who).length * 15_000);
        const arrive = arrival(page, who, { world, at, made });
        await walk(page, stops(who, made), { look: name, who, arrive });
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
      const arrive = arrival(page, who, { world, at, made });
      await walkArabic(page, stops(who, made), { look: name, who, arrive });
      await context.close();
      if (person) await speak(person, "en");
    }
  });

test("no screen is forgotten", async ({ page, at }) => {
  await page.goto(`${at}/sign-in`);
  const routes = await routesOf(page);
  expect(routes).toContain("/sign-in");
  const known = new Set([...SCREENS.map(({ route }) => route), ...NO_SCREENS, "/gallery"]);
  expect(
    routes.filter((route) => !known.has(route)),
    "add it to quality/screens.ts",
  ).toEqual([]);
  const there = new Set([...routes, ...NO_ROUTES, "/gallery"]);
  expect([...known].filter((route) => !there.has(route))).toEqual([]);
});
