import { queryOptions } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import type { ListSearch } from "./address";

export type Company = Schema["Company"];
export type Patch = Schema["CompanyPatch"];
export type Person = Schema["CompanyContact"];
export type Health = Schema["CompanyHealth"];

export const STATUSES = ["prospect", "active", "inactive", "former", "blacklisted"] as const;
export const TIERS = ["bronze", "silver", "gold", "platinum"] as const;
export const BANDS = ["good", "fair", "poor", "unknown"] as const;
/** What can be found about each part of a company's health, from the best to the worst. */
export const FOUND = {
  touch: ["fresh", "recent", "fading", "quiet", "silent", "never", "no_people"],
  rhythm: ["steady", "slower", "faint", "stopped", "unknown"],
  people: ["known", "no_decider", "no_first", "no_roles", "no_people"],
  renewal: ["far", "coming", "near", "open", "passed", "unknown"],
} as const;
export const SIZES = ["1", "2-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001+"] as const;
export const ROLES = ["decision_maker", "technical", "billing"] as const;

/** What the address lists, in the words of the API. */
export function queryOf({ view, q, f, sort }: ListSearch) {
  const filter = [...(view === "active" || view === "prospect" ? [`status:eq:${view}`] : []), ...(f ?? [])];
  return {
    ...(q && { q }),
    ...(view === "deleted" && { deleted: true }),
    ...(sort && { sort }),
    ...(filter.length > 0 && { filter }),
  };
}

/** What chooses companies, without their order. */
export interface Asked {
  q?: string;
  deleted?: boolean;
  filter?: string[];
}

export const companies = (search: ListSearch) => {
  const query = queryOf(search);
  return paged<Company>(["companies", "list", query], (cursor, signal) =>
    ok(api.GET("/v1/companies", { params: { query: { ...query, limit: 50, cursor } }, signal })),
  );
};

export const company = (id: string) =>
  queryOptions({
    queryKey: ["companies", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/companies/{id}", { params: { path: { id } }, signal })),
  });

/** Those of another company are nothing to show meanwhile. */
const own = { placeholderData: undefined };

export const people = (id: string) => ({
  ...paged<Person>(["companies", "one", id, "people"], (cursor, signal) => {
    const params = { path: { id }, query: { limit: 100, cursor } };
    return ok(api.GET("/v1/companies/{id}/contacts", { params, signal }));
  }),
  ...own,
});

export const health = (id: string) =>
  queryOptions({
    queryKey: ["companies", "one", id, "health"],
    queryFn: ({ signal }) => ok(api.GET("/v1/companies/{id}/health", { params: { path: { id } }, signal })),
  });

/** The companies that belong to one, by name. */
export const below = (id: string) => ({
  ...paged<Company>(["companies", "below", id], (cursor, signal) => {
    const query = { limit: 50, sort: "name", filter: [`parent:eq:${id}`], cursor };
    return ok(api.GET("/v1/companies", { params: { query }, signal }));
  }),
  ...own,
});

/** What stands above a company, and what all below it are worth. */
export const family = (id: string) =>
  queryOptions({
    queryKey: ["companies", "family", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/companies/{id}/family", { params: { path: { id } }, signal })),
  });

/** The companies that somebody is one of the people of. */
export const companiesOf = (contact: string) =>
  queryOptions({
    queryKey: ["companies", "of", contact],
    queryFn: ({ signal }) =>
      ok(api.GET("/v1/contacts/{id}/companies", { params: { path: { id: contact }, query: { limit: 50 } }, signal })),
    select: (page) => page.items,
  });
