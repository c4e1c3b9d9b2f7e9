import { createRoute } from "@tanstack/react-router";
import { inside, page, text } from "@/app/routes";
import type { Which } from "./asked";

export interface NotificationSearch {
  which?: Exclude<Which, "unread">;
  module?: string;
  kind?: string;
}

const WHICH: readonly unknown[] = ["read", "all", "snoozed", "archived"];
const notifications = createRoute({
  ...inside("/notifications"),
  validateSearch: (search: Record<string, unknown>): NotificationSearch => ({
    which: WHICH.includes(search.which) ? (search.which as NotificationSearch["which"]) : undefined,
    module: text(search.module),
    kind: text(search.kind),
  }),
  component: page(["notifications"], () => import("@/modules/notifications/page"), "NotificationsPage"),
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
