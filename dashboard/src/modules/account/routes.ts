import { createRoute } from "@tanstack/react-router";
import { inside, page } from "@/app/routes";

const account = createRoute({
  ...inside("/account"),
  component: page(["account", "auth", "notifications"], () => import("@/modules/account/page"), "AccountPage"),
});

export const accountRoutes = [account] as const;
