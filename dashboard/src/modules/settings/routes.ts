import { createRoute } from "@tanstack/react-router";
import { inside, page, text } from "@/app/routes";

/** The frame around every page of the settings; other modules hang theirs under it. */
export const settings = createRoute({
  ...inside("/settings"),
  component: page(["settings"], () => import("@/modules/settings/pages"), "SettingsFrame"),
});
export const underSettings = <const P extends string>(path: P) => ({ getParentRoute: () => settings, path });

const index = createRoute({
  ...underSettings("/"),
  validateSearch: (search: Record<string, unknown>): { q?: string } => ({ q: text(search.q) }),
  component: page(["settings"], () => import("@/modules/settings/pages"), "SettingsIndex"),
});
const general = createRoute({
  ...underSettings("/general"),
  component: page(["settings"], () => import("@/modules/settings/pages"), "GeneralPage"),
});
const plan = createRoute({
  ...underSettings("/plan"),
  component: page(["settings"], () => import("@/modules/settings/pages"), "PlanPage"),
});

const storage = createRoute({
  ...underSettings("/storage"),
  component: page(["settings"], () => import("@/modules/settings/pages"), "StoragePage"),
});

export const settingsRoutes = [index, general, plan, storage] as const;
