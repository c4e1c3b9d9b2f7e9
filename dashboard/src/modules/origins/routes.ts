import { createRoute } from "@tanstack/react-router";
import { page } from "@/app/routes";
import { underSettings } from "@/modules/settings/routes";
import type { Narrowed } from "./data";

const domains = createRoute({
  ...underSettings("/domains"),
  // Read by the page, so that the first load does not carry what only it needs.
  validateSearch: (search: Record<string, unknown>) => search as Narrowed,
  component: page(["settings", "widgets"], () => import("@/modules/settings/pages"), "DomainsPage"),
});

export const originsRoutes = [domains] as const;
