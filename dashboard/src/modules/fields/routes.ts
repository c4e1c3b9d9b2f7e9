import { createRoute } from "@tanstack/react-router";
import { page } from "@/app/routes";
import { underSettings } from "@/modules/settings/routes";
import { RECORDS, type RecordKind } from "./kinds";

const fields = createRoute({
  ...underSettings("/fields"),
  validateSearch: (search: Record<string, unknown>): { of?: RecordKind } => ({
    of: RECORDS.find((record) => record === search.of),
  }),
  component: page(["settings", "fields"], () => import("@/modules/fields/page"), "FieldsPage"),
});

export const fieldsRoutes = [fields] as const;
