import { createRoute } from "@tanstack/react-router";
import { inside, page, text } from "@/app/routes";

const notifications = createRoute({
  ...inside("/notifications"),
  component: page([], () => import("@/modules/notifications/page"), "NotificationsPage"),
});

/** From a notification of the device. */
const open = createRoute({
  ...inside("/notifications/open"),
  validateSearch: (search: Record<string, unknown>): { tenant?: string; to?: string; id?: string } => ({
    tenant: text(search.tenant),
    // Only places in the console: never an address somebody else put there.
    to: text(search.to)?.match(/^\/(?![/\\]).*/)?.[0],
    id: text(search.id),
  }),
  component: page([], () => import("@/modules/notifications/open"), "OpenPage"),
});

export const notificationsRoutes = [notifications, open] as const;
