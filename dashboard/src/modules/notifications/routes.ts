import { createRoute } from "@tanstack/react-router";
import { inside, page, text } from "@/app/routes";
import type { Which } from "./asked";

export interface NotificationSearch {
  which?: Exclude<Which, "unread">;
  module?: string;
  kind?: string;
}

const WHICH: readonly unknown[] = ["read", "all", "archived"];
const notifications = createRoute({
  ...inside("/notifications"),
  validateSearch: (search: Record<string, unknown>): NotificationSearch => ({
    which: WHICH.includes(search.which) ? (search.which as NotificationSearch["which"]) : undefined,
    module: text(search.module),
    kind: text(search.kind),
  }),
  component: page(["notifications"], () => import("@/modules/notifications/page"), "NotificationsPage"),
});

export const notificationsRoutes = [notifications] as const;
