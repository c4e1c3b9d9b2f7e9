import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ok } from "@/api/client";

/** Parts of a person's history. */
export const PARTS = ["all", "notes", "calls", "answers", "changes", "consent"] as const;
export type Part = (typeof PARTS)[number];
const PART: Record<Part, string[]> = {
  all: [],
  notes: ["subject:eq:notes"],
  calls: ["subject:eq:activities"],
  answers: ["subject:eq:submissions"],
  changes: [
    `kind:in:${["created", "updated", "stage_changed", "assigned", "tagged", "deleted", "restored", "held", "released"].map((kind) => `contact.${kind}`).join(",")}`,
  ],
  consent: ["kind:in:contact.consent_granted,contact.consent_withdrawn,contact.blocked,contact.unblocked"],
};

export const timeline = (id: string, part: Part = "all") =>
  infiniteQueryOptions({
    queryKey: part === "all" ? ["contacts", "one", id, "timeline"] : ["contacts", "one", id, "timeline", part],
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET("/v1/contacts/{id}/timeline", {
          params: { path: { id }, query: { limit: 40, cursor: pageParam, filter: PART[part] } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const pinned = (id: string) =>
  queryOptions({
    queryKey: ["contacts", "one", id, "pinned"],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/v1/contacts/{id}/notes", {
          params: { path: { id }, query: { limit: 20, filter: ["pinned:eq:true"] } },
          signal,
        }),
      ),
  });

export const answers = (id: string) =>
  queryOptions({
    queryKey: ["contacts", "one", id, "answers"],
    queryFn: ({ signal }) =>
      ok(api.GET("/v1/submissions", { params: { query: { limit: 6, filter: [`contact:eq:${id}`] } }, signal })),
  });

export const answer = (id: string) =>
  queryOptions({
    queryKey: ["submissions", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/submissions/{id}", { params: { path: { id } }, signal })),
    // Its links work for ten minutes.
    staleTime: 5 * 60_000,
  });

export const consents = (id: string) =>
  queryOptions({
    queryKey: ["contacts", "one", id, "consents"],
    queryFn: ({ signal }) =>
      ok(api.GET("/v1/contacts/{id}/consents", { params: { path: { id }, query: { limit: 100 } }, signal })),
  });

export const blocks = (id: string) =>
  queryOptions({
    queryKey: ["contacts", "one", id, "blocks"],
    queryFn: ({ signal }) => ok(api.GET("/v1/contacts/{id}/do-not-contact", { params: { path: { id } }, signal })),
  });
