import { createRoute } from "@tanstack/react-router";
import { inside, page } from "@/app/routes";
import type { ClientSearch } from "./search";

const clients = createRoute({
  ...inside("/clients"),
  // Read by the page, so that the first load does not carry what only it needs.
  validateSearch: (search: Record<string, unknown>) => search as ClientSearch,
  component: page(["clients", "visit"], () => import("@/modules/clients/page"), "ClientsPage"),
});

const client = createRoute({
  ...inside("/clients/$id"),
  validateSearch: (search: Record<string, unknown>): { enter?: true } => ({
    enter: search.enter === true || search.enter === "true" || undefined,
  }),
  component: page(["clients", "visit"], () => import("@/modules/clients/client-page"), "ClientPage"),
});

export const clientsRoutes = [clients, client] as const;
