import { createRoute } from "@tanstack/react-router";
import { page, text } from "@/app/routes";
import { underSettings } from "@/modules/settings/routes";

const team = createRoute({
  ...underSettings("/team"),
  validateSearch: (search: Record<string, unknown>): { invite?: true } => ({
    invite: search.invite === true || search.invite === "true" || undefined,
  }),
  component: page(["settings", "team"], () => import("@/modules/team/page"), "TeamPage"),
});
const roles = createRoute({
  ...underSettings("/roles"),
  component: page(["settings", "team"], () => import("@/modules/team/roles-page"), "RolesPage"),
});
const role = createRoute({
  ...underSettings("/roles/$id"),
  component: page(["settings", "team"], () => import("@/modules/team/role-page"), "RolePage"),
});
const why = createRoute({
  ...underSettings("/why"),
  validateSearch: (search: Record<string, unknown>): { who?: string; what?: string; owner?: string } => ({
    who: text(search.who),
    what: text(search.what),
    owner: text(search.owner),
  }),
  component: page(["settings", "team"], () => import("@/modules/team/why-page"), "WhyPage"),
});
const visits = createRoute({
  ...underSettings("/access"),
  component: page(["settings", "team", "visit"], () => import("@/modules/team/visits-page"), "VisitsPage"),
});

export const teamRoutes = [team, roles, role, why, visits] as const;
