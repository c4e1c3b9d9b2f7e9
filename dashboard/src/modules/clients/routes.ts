import { createRoute } from "@tanstack/react-router";
import { inside, page } from "@/app/routes";

const flag = (value: unknown) => (value === true || value === "true" ? true : undefined);
const clients = createRoute({
  ...inside("/clients"),
  validateSearch: (search: Record<string, unknown>): { new?: true } => ({ new: flag(search.new) }),
  component: page(["clients", "visit"], () => import("@/modules/clients/page"), "ClientsPage"),
});

const client = createRoute({
  ...inside("/clients/$id"),
  component: page(["clients", "visit"], () => import("@/modules/clients/client-page"), "ClientPage"),
});

export const clientsRoutes = [clients, client] as const;
