import { createRoute } from "@tanstack/react-router";
import { inside, page } from "@/app/routes";
import type { ReportSearch, RowsSearch } from "./address";

// What an address says is read by the pages: the check of it comes with them.
const reports = createRoute({
  ...inside("/reports"),
  validateSearch: (search: Record<string, unknown>) => search as ReportSearch,
  component: page(["reports", "sheets"], () => import("@/modules/reports/page"), "ReportsPage"),
});
const rows = createRoute({
  ...inside("/reports/rows"),
  validateSearch: (search: Record<string, unknown>) => search as RowsSearch,
  component: page(["reports", "sheets"], () => import("@/modules/reports/rows"), "ReportRowsPage"),
});

export const reportsRoutes = [reports, rows] as const;
