import { createRoute } from "@tanstack/react-router";
import { page } from "@/app/routes";
import { underSettings } from "@/modules/settings/routes";

const privacy = createRoute({
  ...underSettings("/privacy"),
  component: page(["settings", "privacy"], () => import("@/modules/settings/pages"), "PrivacyPage"),
});

export const privacyRoutes = [privacy] as const;
