import { queryOptions } from "@tanstack/react-query";
import { api, ok } from "@/api/client";
import { timeline as history } from "../../activities/data";

export const timeline = (id: string) => history({ kind: "contact", id });

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
