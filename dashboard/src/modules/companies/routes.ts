import { createRoute } from "@tanstack/react-router";
import { queries } from "@/api/queries";
import { inside, page } from "@/app/routes";
import type { View } from "@/modules/duplicates/address";
import type { ListSearch } from "./address";

const companies = createRoute({
  ...inside("/companies"),
  // Read by the page: the first load of the console does not carry what only it needs.
  validateSearch: (search: Record<string, unknown>) => search as ListSearch,
  // The rows are asked for while the page is on its way.
  loader: ({ location }) => {
    void Promise.all([import("./address"), import("./data")]).then(([{ readSearch }, { companies }]) =>
      queries.prefetchInfiniteQuery(companies(readSearch(location.search))),
    );
  },
  component: page(
    ["companies", "views", "contacts", "fields", "segments", "sheets"],
    () => import("@/modules/companies/page"),
    "CompaniesPage",
  ),
});
const company = createRoute({
  ...inside("/companies/$id"),
  component: page(
    ["companies", "activities", "attachments", "contacts", "fields", "sheets"],
    () => import("@/modules/companies/company-page"),
    "CompanyPage",
  ),
});

const duplicates = createRoute({
  ...inside("/companies/duplicates"),
  validateSearch: (search: Record<string, unknown>) => search as { view?: View },
  component: page(
    ["companies", "contacts", "duplicates"],
    () => import("@/modules/companies/duplicates/page"),
    "DuplicatesPage",
  ),
});
const merge = createRoute({
  ...inside("/companies/merge"),
  validateSearch: (search: Record<string, unknown>) => search as { ids?: string[] },
  component: page(
    ["companies", "contacts", "duplicates", "fields"],
    () => import("@/modules/companies/duplicates/merge-page"),
    "MergePage",
  ),
});

export const companiesRoutes = [companies, company, duplicates, merge] as const;
