import { createRoute, redirect } from "@tanstack/react-router";
import { page, root, text, under } from "@/app/routes";
import { adminSession } from "./session";

const signIn = createRoute({
  ...under("/admin/sign-in"),
  validateSearch: (search: Record<string, unknown>): { next?: string } => ({
    next: text(search.next)?.match(/^\/admin(?:\/(?![/\\]).*|\?.*)?$/)?.[0],
  }),
  component: page(["auth", "admin"], () => import("./sign-in"), "AdminSignIn"),
});

const shell = createRoute({
  getParentRoute: () => root,
  path: "/admin",
  beforeLoad: async ({ location }) => {
    if (adminSession.state === "unknown") await adminSession.token();
    if (adminSession.state === "out") throw redirect({ to: "/admin/sign-in", search: { next: location.href } });
  },
  component: page(["shell", "admin"], () => import("./shell"), "AdminShell"),
});
const inside = <const P extends string>(path: P) => ({ getParentRoute: () => shell, path });

export interface AccountsSearch {
  q?: string;
  state?: string;
  plan?: string;
  agency?: string;
  sort?: "name" | "-name" | "created_at" | "-created_at";
}
const SORTS = ["name", "-name", "created_at", "-created_at"] as const;
const accountsSearch = (search: Record<string, unknown>): AccountsSearch => ({
  q: text(search.q)?.slice(0, 100),
  state: text(search.state),
  plan: text(search.plan),
  agency: text(search.agency),
  sort: SORTS.find((sort) => sort === search.sort),
});

const overview = createRoute({
  ...inside("/"),
  component: page(["admin"], () => import("./overview"), "Overview"),
});
const health = createRoute({
  ...inside("/health"),
  component: page(["admin"], () => import("./health"), "HealthPage"),
});
const agencies = createRoute({
  ...inside("/agencies"),
  validateSearch: accountsSearch,
  component: page(["admin"], () => import("./accounts"), "AgenciesPage"),
});
const clients = createRoute({
  ...inside("/clients"),
  validateSearch: accountsSearch,
  component: page(["admin"], () => import("./accounts"), "ClientsPage"),
});
const one = createRoute({
  ...inside("/accounts/$id"),
  component: page(["admin"], () => import("./account"), "AccountPage"),
});
const domains = createRoute({
  ...inside("/domains"),
  validateSearch: (search: Record<string, unknown>): { q?: string; state?: string } => ({
    q: text(search.q)?.slice(0, 100),
    state: text(search.state),
  }),
  component: page(["admin", "domains"], () => import("./domains"), "DomainsPage"),
});
const plans = createRoute({ ...inside("/plans"), component: page(["admin"], () => import("./plans"), "PlansPage") });
export interface RevenueSearch {
  currency?: string;
  /** Its first day: whose accounts are shown. */
  month?: string;
}
const revenue = createRoute({
  ...inside("/revenue"),
  validateSearch: (search: Record<string, unknown>): RevenueSearch => ({
    currency: text(search.currency)?.match(/^[A-Z]{3}$/)?.[0],
    month: text(search.month)?.match(/^\d{4}-\d{2}-01$/)?.[0],
  }),
  component: page(["admin"], () => import("./revenue"), "RevenuePage"),
});
const flags = createRoute({ ...inside("/flags"), component: page(["admin"], () => import("./flags"), "FlagsPage") });
const settings = createRoute({
  ...inside("/settings"),
  component: page(["admin"], () => import("./settings"), "SettingsPage"),
});
const jobs = createRoute({
  ...inside("/jobs"),
  validateSearch: (search: Record<string, unknown>): { state?: string; kind?: string } => ({
    state: text(search.state),
    kind: text(search.kind),
  }),
  component: page(["admin"], () => import("./jobs"), "JobsPage"),
});
const schemas = createRoute({
  ...inside("/schemas"),
  validateSearch: (search: Record<string, unknown>): { q?: string; state?: string } => ({
    q: text(search.q)?.slice(0, 100),
    state: text(search.state),
  }),
  component: page(["admin"], () => import("./schemas"), "SchemasPage"),
});
const audit = createRoute({
  ...inside("/audit"),
  validateSearch: (
    search: Record<string, unknown>,
  ): { kind?: string; who?: string; days?: string; tenant?: string } => ({
    kind: text(search.kind),
    who: text(search.who),
    days: text(search.days),
    tenant: text(search.tenant),
  }),
  component: page(["admin"], () => import("./audit"), "AuditPage"),
});
const keys = createRoute({ ...inside("/keys"), component: page(["admin"], () => import("./keys"), "KeysPage") });
const impersonations = createRoute({
  ...inside("/impersonations"),
  component: page(["admin"], () => import("./impersonations"), "ImpersonationsPage"),
});

export const adminRoutes = [
  signIn,
  shell.addChildren([
    overview,
    health,
    agencies,
    clients,
    one,
    domains,
    plans,
    revenue,
    flags,
    settings,
    jobs,
    schemas,
    audit,
    keys,
    impersonations,
  ]),
] as const;
