import { createRoute } from "@tanstack/react-router";
import { inside, page } from "@/app/routes";

/** What ran over many rows stands beside their list. */
const beside = <const L extends "contacts" | "companies" | "deals">(list: L) =>
  createRoute({
    ...inside(`/${list}/bulk-runs`),
    component: page([list, "runs"], () => import("@/modules/runs/page"), "RunsPage"),
  });

export const runsRoutes = [beside("contacts"), beside("companies"), beside("deals")] as const;
