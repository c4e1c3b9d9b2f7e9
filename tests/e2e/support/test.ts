/** What every test of the suite can ask for. */
import { expect, type Page, test as base } from "@playwright/test";
import { type Engine, launch, type Surfer, type Tab } from "./browsers";
import { frameOf } from "./raw";
import { Sites } from "./sites";
import { Wire } from "./wire";
import { World } from "./world";

export interface Options {
  /** The browser an attack is tried in. */
  engine: Engine;
}

interface Shared {
  world: World;
  sites: Sites;
  line: Wire;
  surfer: Surfer;
  /** A website of client one, allowed to show its form. */
  good: string;
}

interface Own {
  /** The recorded network, as a visitor nobody has seen yet. */
  wire: Wire;
  tab: Tab;
}

export const test = base.extend<Own, Options & Shared>({
  engine: ["chromium", { option: true, scope: "worker" }],
  world: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads what a fixture needs from this pattern
    async ({}, use) => use(new World()),
    { scope: "worker" },
  ],
  line: [
    async ({ world }, use) => {
      const wire = await new Wire(new URL(world.urls.edge)).start();
      await use(wire);
      await wire.stop();
    },
    { scope: "worker" },
  ],
  sites: [
    async ({ line }, use) => {
      const sites = await new Sites().start();
      sites.edge = line.origin;
      await use(sites);
      await sites.stop();
    },
    { scope: "worker" },
  ],
  good: [
    async ({ world, sites }, use) => {
      const origin = sites.at("client.localhost");
      const id = await world.apis[0].allow(origin);
      await admitted(world.urls.edge, world.clients[0].widget, origin);
      await use(origin);
      await world.apis[0].refuse(id);
    },
    { scope: "worker" },
  ],
  surfer: [
    async ({ engine }, use) => {
      const surfer = await launch(engine);
      await use(surfer);
      await surfer.close();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  wire: async ({ line }, use) => {
    line.fresh();
    await use(line);
  },
  tab: async ({ surfer }, use) => {
    const tab = await surfer.tab();
    await use(tab);
    await tab.close();
  },
});

export { expect };

/** Waits until the edge has heard that a website is allowed. */
export async function admitted(edge: string, widget: string, origin: string): Promise<void> {
  const asked = async () => (await frameOf(edge, widget, origin)).status;
  await expect.poll(asked, { message: `${origin} is admitted`, intervals: [20, 50, 100, 200] }).toBe(200);
}

/** Saves what a person would see, to be looked at. */
export async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: new URL(`../shots/${name}.png`, import.meta.url).pathname, animations: "disabled" });
}
