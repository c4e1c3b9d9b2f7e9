import { createRoute } from "@tanstack/react-router";
import { page } from "@/app/routes";
import { underSettings } from "@/modules/settings/routes";

const settings = createRoute({
  ...underSettings("/scoring"),
  component: page(["settings", "contacts", "segments", "scores"], () => import("./settings/page"), "ScoringPage"),
});

export const scoresRoutes = [settings] as const;
