import { createRoute } from "@tanstack/react-router";
import { inside, page } from "@/app/routes";
import type { CalendarSearch, GreetingsSearch } from "./address";

const calendar = createRoute({
  ...inside("/occasions"),
  validateSearch: (search: Record<string, unknown>) => search as CalendarSearch,
  component: page(["occasions", "sheets"], () => import("@/modules/occasions/page"), "OccasionsPage"),
});
const greetings = createRoute({
  ...inside("/occasions/greetings"),
  validateSearch: (search: Record<string, unknown>) => search as GreetingsSearch,
  component: page(["occasions", "sheets"], () => import("@/modules/occasions/greetings/page"), "GreetingsPage"),
});
const settings = createRoute({
  ...inside("/occasions/settings"),
  component: page(["occasions"], () => import("@/modules/occasions/settings-page"), "OccasionSettingsPage"),
});

export const occasionsRoutes = [calendar, greetings, settings] as const;
