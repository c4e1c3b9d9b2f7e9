import { createRoute } from "@tanstack/react-router";
import { inside, page } from "@/app/routes";

const notifications = createRoute({
  ...inside("/notifications"),
  component: page([], () => import("@/modules/notifications/page"), "NotificationsPage"),
});

export const notificationsRoutes = [notifications] as const;
