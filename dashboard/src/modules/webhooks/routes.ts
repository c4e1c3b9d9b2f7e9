import { createRoute, redirect } from "@tanstack/react-router";
import { inside, page, text } from "@/app/routes";
import { underSettings } from "@/modules/settings/routes";
import type { LogSearch } from "./data";

const STATES = ["waiting", "delivered", "failed", "dropped"] as const;

const webhooks = createRoute({
  ...underSettings("/webhooks"),
  validateSearch: (search: Record<string, unknown>): { q?: string } => ({ q: text(search.q) }),
  component: page(["settings", "webhooks"], () => import("@/modules/settings/pages"), "WebhooksPage"),
});
const one = createRoute({
  ...underSettings("/webhooks/$id"),
  validateSearch: (search: Record<string, unknown>): LogSearch => ({
    state: STATES.find((state) => state === search.state),
    kind: text(search.kind),
  }),
  component: page(["settings", "webhooks"], () => import("@/modules/settings/pages"), "WebhookPage"),
});

/** Where notices of the server lead. */
const told = createRoute({
  ...inside("/webhooks/$id"),
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/settings/webhooks/$id", params, replace: true });
  },
});

export const webhooksRoutes = [webhooks, one] as const;
export const webhookNotices = [told] as const;
