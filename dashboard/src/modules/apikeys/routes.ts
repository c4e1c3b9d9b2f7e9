import { createRoute } from "@tanstack/react-router";
import { page } from "@/app/routes";
import { underSettings } from "@/modules/settings/routes";
import type { Narrowed } from "./data";

const keys = createRoute({
  ...underSettings("/api-keys"),
  // Read by the page, so that the first load does not carry what only it needs.
  validateSearch: (search: Record<string, unknown>) => search as Narrowed,
  component: page(["settings", "apikeys"], () => import("@/modules/settings/pages"), "ApiKeysPage"),
});

export const apiKeysRoutes = [keys] as const;
