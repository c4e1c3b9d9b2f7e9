import { createRoute } from "@tanstack/react-router";
import { page } from "@/app/routes";
import { underSettings } from "@/modules/settings/routes";

const brand = createRoute({
  ...underSettings("/brand"),
  component: page(["settings", "brand"], () => import("@/modules/brand/page"), "BrandPage"),
});

const ownDomains = createRoute({
  ...underSettings("/own-domains"),
  component: page(["settings", "domains"], () => import("@/modules/domains/page"), "OwnDomainsPage"),
});

export const brandRoutes = [brand, ownDomains] as const;
