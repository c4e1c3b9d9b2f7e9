import { createRoute } from "@tanstack/react-router";
import { inside, page } from "@/app/routes";

const home = createRoute({
  ...inside("/"),
  component: page(["home"], () => import("@/modules/home/page"), "HomePage"),
});

export const homeRoutes = [home] as const;
