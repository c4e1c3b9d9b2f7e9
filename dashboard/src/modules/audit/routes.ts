import { createRoute } from "@tanstack/react-router";
import { page, text } from "@/app/routes";
import { underSettings } from "@/modules/settings/routes";

const day = (value: unknown) => (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined);
const audit = createRoute({
  ...underSettings("/audit"),
  validateSearch: (search: Record<string, unknown>): { who?: string; what?: string; from?: string; to?: string } => ({
    who: text(search.who),
    what: text(search.what),
    from: day(search.from),
    to: day(search.to),
  }),
  component: page(["settings", "audit"], () => import("@/modules/audit/page"), "AuditPage"),
});

export const auditRoutes = [audit] as const;
