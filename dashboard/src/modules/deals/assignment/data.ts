import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";

export type Rule = Schema["AssignmentRule"];
export type NewRule = Schema["NewAssignmentRule"];
export type Absence = Schema["DealAbsence"];
export type Trial = Schema["AssignmentTrial"];

export const rules = queryOptions({
  queryKey: ["assignment_rules", "list"],
  queryFn: ({ signal }) => ok(api.GET("/v1/assignment-rules", { params: { query: { limit: 200 } }, signal })),
  select: (page) => page.items,
});

export const absences = queryOptions({
  queryKey: ["deal_absences"],
  queryFn: ({ signal }) => ok(api.GET("/v1/deal-absences", { params: { query: { limit: 200 } }, signal })),
  select: (page) => page.items,
});

export interface Asked {
  pipeline?: string;
  source?: string;
  amount?: number;
  currency?: string;
}

export const trial = (query: Asked) =>
  queryOptions({
    queryKey: ["assignment_rules", "trial", query],
    queryFn: ({ signal }) => ok(api.GET("/v1/assignment-rules/trial", { params: { query }, signal })),
    placeholderData: keepPreviousData,
    // Every deal that is made changes the answer.
    staleTime: 0,
  });

/** A rule as it is sent: without what the server adds. */
export function bodyOf(rule: Rule): NewRule {
  const { id: _, position: __, turns: ___, created_at: ____, updated_at: _____, version: ______, ...body } = rule;
  return body;
}
