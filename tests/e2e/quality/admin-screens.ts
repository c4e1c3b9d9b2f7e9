/** Every screen of the platform's administration, one entry each; a route that is missing here fails the suite. */
import { expect, type Locator, type Page } from "@playwright/test";
import type { Stop } from "./walk";

export interface AdminIds {
  /** A client of the demo world. */
  account: string;
  name: string;
}

export interface AdminScreen extends Omit<Stop, "path"> {
  route: string;
  at?: (ids: AdminIds) => string;
}

const titled = (name: string) => (page: Page) => page.getByRole("heading", { level: 1, name });
const inMain = (words: string | RegExp) => (page: Page) =>
  page.getByRole("main").getByText(words).filter({ visible: true }).first();

const press = (name: string | RegExp, role: "dialog" | "menu" = "dialog") => ({
  open: async (page: Page) => {
    await page.getByRole("button", { name }).filter({ visible: true }).first().click();
    await expect(page.getByRole(role).first()).toBeVisible();
  },
});
/** After something else was open. */
const then = (leave: Locator | ((page: Page) => Locator), next: { open: (page: Page) => Promise<void> }) => ({
  open: async (page: Page) => {
    await page.keyboard.press("Escape");
    await expect(typeof leave === "function" ? leave(page) : leave).toHaveCount(0);
    await next.open(page);
  },
});
const dialog = (page: Page) => page.getByRole("dialog");
const menu = (page: Page) => page.getByRole("menu");

export const SIGN_IN: Stop = { path: "/admin/sign-in", shows: (page) => page.getByLabel("Code") };

export const ADMIN_SCREENS: readonly AdminScreen[] = [
  {
    route: "/admin",
    shows: (page) => page.getByRole("img", { name: /schemas/ }),
    opens: [
      {
        name: "palette",
        open: async (page) => {
          await page.keyboard.press("Control+k");
          await expect(page.getByRole("combobox")).toBeFocused();
        },
      },
      { name: "account menu", ...then(dialog, press(/^Account menu/, "menu")) },
      { name: "all places", only: "phone", ...then(menu, press("More: All places")) },
    ],
  },
  { route: "/admin/health", shows: inMain("embed-edge") },
  { route: "/admin/agencies", shows: titled("Agencies") },
  { route: "/admin/clients", shows: titled("Clients") },
  { route: "/admin/clients", at: () => "/admin/clients?q=nobody-at-all", shows: inMain("Nothing fits") },
  { route: "/admin/domains", shows: titled("Domains") },
  {
    route: "/admin/accounts/$id",
    at: ({ account }) => `/admin/accounts/${account}`,
    shows: inMain("What it has"),
    opens: [
      { name: "actions", only: "wide", ...press("Actions", "menu") },
      { name: "enter", ...then(menu, press(/^Enter/)) },
    ],
  },
  { route: "/admin/plans", shows: inMain("Enterprise"), opens: [{ name: "new", ...press("New plan") }] },
  { route: "/admin/revenue", shows: titled("Revenue") },
  { route: "/admin/flags", shows: inMain(/by name/), opens: [{ name: "new", ...press("New flag") }] },
  { route: "/admin/settings", shows: inMain("Open sign-up") },
  { route: "/admin/jobs", shows: inMain("Queues") },
  { route: "/admin/schemas", shows: inMain("Ready for the next account") },
  // What others do at the same time stands above what this test did.
  { route: "/admin/audit", shows: inMain(/signed in|added|created|registered/i) },
  { route: "/admin/keys", shows: inMain(/Key \d+ signs/), opens: [{ name: "rotate", ...press("Rotate") }] },
  { route: "/admin/impersonations", shows: titled("Impersonations") },
];
