import { createRoute } from "@tanstack/react-router";
import { inside, page } from "@/app/routes";
import { readSearch } from "./address";

const companies = createRoute({
  ...inside("/companies"),
  validateSearch: readSearch,
  component: page(["companies", "contacts"], () => import("@/modules/companies/page"), "CompaniesPage"),
});
const company = createRoute({
  ...inside("/companies/$id"),
  component: page(["companies", "contacts"], () => import("@/modules/companies/company-page"), "CompanyPage"),
});

export const companiesRoutes = [companies, company] as const;
