import { createRoute } from "@tanstack/react-router";
import { page } from "@/app/routes";
import { underSettings } from "@/modules/settings/routes";

const brand = createRoute({
  ...underSettings("/brand"),
  component: page(["settings", "brand"], () => import("@/modules/brand/page"), "BrandPage"),
});

export const brandRoutes = [brand] as const;
