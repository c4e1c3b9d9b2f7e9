import { createRoute } from "@tanstack/react-router";
import { inside, page, text } from "@/app/routes";
import type { ListSearch } from "./data";

const widgets = createRoute({
  ...inside("/widgets"),
  validateSearch: (search: Record<string, unknown>): ListSearch => ({
    q: text(search.q),
    state: search.state === "on" || search.state === "off" ? search.state : undefined,
  }),
  component: page(["widgets"], () => import("@/modules/widgets/page"), "WidgetsPage"),
});
const one = createRoute({
  ...inside("/widgets/$id"),
  component: page(["widgets"], () => import("@/modules/widgets/widget-page"), "WidgetPage"),
});

export const widgetsRoutes = [widgets, one] as const;
