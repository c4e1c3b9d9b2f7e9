import { queryOptions } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";

export type Rule = Schema["FollowUpRule"];
export type FollowUp = Schema["FollowUp"];
export type Sequence = Schema["Sequence"];
export type Enrolment = Schema["SequenceEnrolment"];
export type WorkingTime = Schema["WorkingTime"];
export type Holiday = Schema["Holiday"];
export type MemberHours = Schema["MemberHours"];
export type MemberAbsence = Schema["MemberAbsence"];
export type QuietContact = Schema["QuietContact"];
export type QuietCompany = Schema["QuietCompany"];

export const rules = queryOptions({
  queryKey: ["follow_up_rules"],
  queryFn: ({ signal }) => ok(api.GET("/v1/follow-up-rules", { params: { query: { limit: 200 } }, signal })),
  select: (page) => page.items,
});

export const sequences = queryOptions({
  queryKey: ["sequences"],
  queryFn: ({ signal }) => ok(api.GET("/v1/sequences", { params: { query: { limit: 200 } }, signal })),
  select: (page) => page.items,
});

export const workingTime = queryOptions({
  queryKey: ["working_time"],
  queryFn: ({ signal }) => ok(api.GET("/v1/working-time", { signal })),
});

export const holidays = queryOptions({
  queryKey: ["holidays"],
  queryFn: ({ signal }) => ok(api.GET("/v1/holidays", { params: { query: { limit: 200 } }, signal })),
  select: (page) => page.items,
});

/** Hours of the members who have some of their own. */
export const memberHours = queryOptions({
  queryKey: ["member_hours"],
  queryFn: ({ signal }) => ok(api.GET("/v1/member-hours", { params: { query: { limit: 200 } }, signal })),
  select: (page) => page.items,
});

/** When a member is away from a day on. */
export const absencesOf = (member: string, since: string) =>
  queryOptions({
    queryKey: ["member_absences", member, since],
    queryFn: ({ signal }) => {
      const filter = [`member:eq:${member}`, `until:gte:${since}`];
      return ok(api.GET("/v1/member-absences", { params: { query: { filter, limit: 200 } }, signal }));
    },
    select: (page) => page.items,
  });

/** What is coming for a record, and the last that ended, the latest moment first. */
export const followUpsOf = (about: "contact" | "deal", id: string) =>
  queryOptions({
    queryKey: ["follow_ups", "about", about, id],
    queryFn: ({ signal }) => {
      const query = { filter: [`${about}:eq:${id}`], sort: "-fire_at", limit: 100 };
      return ok(api.GET("/v1/follow-ups", { params: { query }, signal }));
    },
    select: (page) => page.items,
  });

/** What is coming for everybody in reach, the next moment first. */
export const coming = (filter: string[]) =>
  paged(["follow_ups", "coming", filter], (cursor, signal) =>
    ok(api.GET("/v1/follow-ups", { params: { query: { filter, sort: "fire_at", limit: 50, cursor } }, signal })),
  );

export interface Silence {
  days: number;
  everybody: boolean;
  filter: string[];
}

export const quietContacts = (silence: Silence) =>
  paged(["radar", "contacts", silence], (cursor, signal) =>
    ok(api.GET("/v1/radar/contacts", { params: { query: { ...silence, limit: 50, cursor } }, signal })),
  );

export const quietCompanies = ({ days, filter }: Silence) =>
  paged(["radar", "companies", days, filter], (cursor, signal) =>
    ok(api.GET("/v1/radar/companies", { params: { query: { days, filter, limit: 50, cursor } }, signal })),
  );

/** The same contacts or companies as a file. */
export const quietFile = (who: "contacts" | "companies", { days, everybody, filter }: Silence): Promise<unknown> =>
  who === "contacts"
    ? ok(api.GET("/v1/radar/contacts/export", { params: { query: { days, everybody, filter } }, parseAs: "blob" }))
    : ok(api.GET("/v1/radar/companies/export", { params: { query: { days, filter } }, parseAs: "blob" }));

/** Who goes through a sequence, whoever began last first. */
export const enrolments = (sequence: string, status: Enrolment["status"][]) =>
  paged(["sequences", "enrolments", sequence, status], (cursor, signal) => {
    const filter = [`sequence:eq:${sequence}`, `status:in:${status.join(",")}`];
    return ok(api.GET("/v1/enrolments", { params: { query: { filter, limit: 50, cursor } }, signal }));
  });
