import { createRoute } from "@tanstack/react-router";
import { page } from "@/app/routes";
import { underSettings } from "@/modules/settings/routes";

const domains = createRoute({
  ...underSettings("/domains"),
  component: page(["settings", "widgets"], () => import("@/modules/settings/pages"), "DomainsPage"),
});

export const originsRoutes = [domains] as const;
