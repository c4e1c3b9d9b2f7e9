import { createRoute } from "@tanstack/react-router";
import { queries } from "@/api/queries";
import { inside, page } from "@/app/routes";
import { readSearch } from "./address";

const companies = createRoute({
  ...inside("/companies"),
  validateSearch: readSearch,
  // The rows are asked for while the page is on its way.
  loader: ({ location }) => {
    const search = readSearch(location.search);
    void import("./data").then(({ companies }) => queries.prefetchInfiniteQuery(companies(search)));
  },
  component: page(["companies", "contacts"], () => import("@/modules/companies/page"), "CompaniesPage"),
});
const company = createRoute({
  ...inside("/companies/$id"),
  component: page(["companies", "contacts", "fields"], () => import("@/modules/companies/company-page"), "CompanyPage"),
});

export const companiesRoutes = [companies, company] as const;
