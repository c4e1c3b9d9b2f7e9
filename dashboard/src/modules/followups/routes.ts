import { createRoute } from "@tanstack/react-router";
import { inside, page } from "@/app/routes";
import { underSettings } from "@/modules/settings/routes";

const words = ["settings", "followups"] as const;

const rules = createRoute({
  ...underSettings("/follow-ups"),
  component: page([...words], () => import("@/modules/settings/pages"), "FollowUpsPage"),
});

const radar = createRoute({
  ...inside("/tasks/radar"),
  component: page(["followups"], () => import("./radar"), "RadarPage"),
});

const coming = createRoute({
  ...inside("/tasks/follow-ups"),
  component: page(["followups", "sheets"], () => import("./coming"), "ComingPage"),
});

export const followUpRoutes = [rules] as const;
export const radarRoutes = [radar, coming] as const;
