import { createRoute } from "@tanstack/react-router";
import { page } from "@/app/routes";
import { underSettings } from "@/modules/settings/routes";

const keys = createRoute({
  ...underSettings("/api-keys"),
  component: page(["settings", "apikeys"], () => import("@/modules/settings/pages"), "ApiKeysPage"),
});

export const apiKeysRoutes = [keys] as const;
