/** Every screen of the platform's administration, asked what all others are asked. It has an origin of its own. */
import { adminAt, enterAdmin } from "../support/admin";
import { expect, test } from "../support/console";
import type { World } from "../support/world";
import { ADMIN_SCREENS, type AdminIds, SIGN_IN } from "./admin-screens";
import { LOOKS, routesOf, type Stop, walk, walkArabic } from "./walk";

const idsOf = (world: World): AdminIds => ({ account: world.clients[0].tenant, name: world.clients[0].name });
const stops = (world: World): Stop[] =>
  ADMIN_SCREENS.map(({ at, route, ...rest }) => ({ ...rest, path: at?.(idsOf(world)) ?? route }));

for (const { name, use } of LOOKS)
  test.describe(name, () => {
    test.use({ ...use, reducedMotion: "reduce", colorScheme: "dark" });

    test("screens of the platform", async ({ page, world }) => {
      test.setTimeout(ADMIN_SCREENS.length * 15_000 + 60_000);
      const at = adminAt(world);
      let inside = false;
      const arrive = async (path: string) => {
        if (inside) return page.goto(at + path);
        inside = true;
        return enterAdmin(page, world, path.slice("/admin".length));
      };
      const strange = (path: string) => page.goto(at + path);
      await walk(page, [SIGN_IN], { look: name, who: "nobody", arrive: strange });
      await walk(page, stops(world), { look: name, who: "the platform", arrive });
    });

    test("right to left: nothing hangs out at a side", async ({ page, world }) => {
      test.setTimeout(ADMIN_SCREENS.length * 8_000 + 60_000);
      await page.addInitScript(() => localStorage.setItem("upz.language", "ar"));
      const arrive = (path: string) => enterAdmin(page, world, path.slice("/admin".length));
      await walkArabic(page, stops(world), { look: name, who: "the platform", arrive });
    });
  });

test("no screen of the administration is forgotten", async ({ page, world }) => {
  await page.goto(`${adminAt(world)}/admin/sign-in`);
  await expect(SIGN_IN.shows(page)).toBeVisible();
  const routes = (await routesOf(page)).filter((route) => route.startsWith("/admin"));
  const known = new Set([SIGN_IN.path, ...ADMIN_SCREENS.map(({ route }) => route)]);
  expect(routes, "add it to quality/admin-screens.ts").toEqual(expect.arrayContaining([...known]));
  expect([...known].sort()).toEqual([...routes].sort());
});
