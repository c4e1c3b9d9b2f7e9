import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";
import type { SheetLook } from "@/modules/sheets/export";
import { moment } from "../forms/builder/zoned";

/** The record that notes, calls and a timeline are about. */
export interface About {
  kind: "contact" | "company" | "deal";
  id: string;
  name: string;
  /** It is deleted: nothing is written any more. */
  over?: boolean;
  /** With whom a call or a meeting about it may have been. */
  people?: { id: string; name: string }[];
}
export type Which = Pick<About, "kind" | "id">;

/** Parts of a history. */
export type Part = "all" | "notes" | "calls" | "messages" | "tasks" | "answers" | "files" | "changes" | "consent";
const COMMON: Part[] = ["all", "notes", "calls", "messages", "tasks"];
export const PARTS: Record<About["kind"], Part[]> = {
  contact: [...COMMON, "answers", "files", "changes", "consent"],
  company: [...COMMON, "answers", "files", "changes"],
  deal: [...COMMON, "files", "changes"],
};

function filterOf({ kind }: Which, part: Part): string[] {
  switch (part) {
    case "all":
      return [];
    case "notes":
      return ["type:eq:note"];
    case "calls":
      return ["type:in:call,meeting"];
    case "messages":
      return ["type:in:email,whatsapp,sms,message,other"];
    case "tasks":
      return ["type:eq:task"];
    case "answers":
      return ["type:eq:form"];
    case "files":
      return ["type:eq:file"];
    case "consent":
      return ["kind:in:contact.consent_granted,contact.consent_withdrawn,contact.blocked,contact.unblocked"];
    case "changes":
      return kind === "contact"
        ? [
            `kind:in:${["created", "updated", "stage_changed", "stage_replaced", "converted", "assigned", "tagged", "deleted", "restored", "held", "released"].map((did) => `contact.${did}`).join(",")}`,
          ]
        : ["type:eq:system"];
  }
}

/** Under which everything about a record is remembered. */
export const under = ({ kind, id }: Which) =>
  [kind === "contact" ? "contacts" : kind === "company" ? "companies" : "deals", "one", id] as const;

/** How a timeline is narrowed. */
export interface Wish {
  part: Part;
  q: string;
  /** Who did it. */
  by?: string;
  /** The first and the last day, in the account's zone: `2026-01-31`. */
  from?: string;
  until?: string;
}
export const EVERYTHING: Wish = { part: "all", q: "" };

/** Whether a wish leaves anything out. */
export const isNarrow = ({ part, q, by, from, until }: Wish): boolean =>
  part !== "all" || Boolean(q || by || from || until);

/** What is asked of the server: whole days of the zone, by when it was and not by when it was written down. */
export function askedOf(of: Which, { part, by, from, until }: Wish, zone: string | undefined): string[] {
  const next = until && new Date(Date.parse(`${until}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  const begins = from && moment(`${from}T00:00`, zone);
  const ends = next && moment(`${next}T00:00`, zone);
  return [
    ...filterOf(of, part),
    ...(by ? [`actor:eq:${by}`] : []),
    ...(begins ? [`moment:gte:${begins}`] : []),
    ...(ends ? [`moment:lt:${ends}`] : []),
  ];
}

export const timeline = (of: Which, wish: Wish = EVERYTHING, zone?: string) => {
  const filter = askedOf(of, wish, zone);
  return infiniteQueryOptions({
    queryKey: isNarrow(wish) ? [...under(of), "timeline", wish, zone] : [...under(of), "timeline"],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 40, sort: "-moment", cursor: pageParam, filter, ...(wish.q && { q: wish.q }) };
      const params = { path: { id: of.id }, query };
      switch (of.kind) {
        case "contact":
          return ok(api.GET("/v1/contacts/{id}/timeline", { params, signal }));
        case "company":
          return ok(api.GET("/v1/companies/{id}/timeline", { params, signal }));
        case "deal":
          return ok(api.GET("/v1/deals/{id}/timeline", { params, signal }));
      }
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
};

/** The same as a file. */
export function exported(of: Which, wish: Wish, zone: string | undefined, look: SheetLook) {
  const query = { filter: askedOf(of, wish, zone), ...(wish.q && { q: wish.q }), ...look };
  const how = { params: { path: { id: of.id }, query }, parseAs: "blob" } as const;
  switch (of.kind) {
    case "contact":
      return api.GET("/v1/contacts/{id}/timeline/export", how);
    case "company":
      return api.GET("/v1/companies/{id}/timeline/export", how);
    case "deal":
      return api.GET("/v1/deals/{id}/timeline/export", how);
  }
}

export const pinned = (of: Which) =>
  queryOptions({
    queryKey: [...under(of), "pinned"],
    queryFn: ({ signal }) => {
      const params = { path: { id: of.id }, query: { limit: 20, filter: ["pinned:eq:true"] } };
      switch (of.kind) {
        case "contact":
          return ok(api.GET("/v1/contacts/{id}/notes", { params, signal }));
        case "company":
          return ok(api.GET("/v1/companies/{id}/notes", { params, signal }));
        case "deal":
          return ok(api.GET("/v1/deals/{id}/notes", { params, signal }));
      }
    },
  });

const SEEING = ({ items }: Schema["Readers"]) => items.map(({ user, name }) => ({ id: user, name }));

/** Members who may see the record, and so may be named in a note about it. */
export const readers = (of: Which) =>
  queryOptions({
    queryKey: [...under(of), "readers"],
    queryFn: ({ signal }) => {
      const params = { path: { id: of.id } };
      switch (of.kind) {
        case "contact":
          return ok(api.GET("/v1/contacts/{id}/readers", { params, signal }));
        case "company":
          return ok(api.GET("/v1/companies/{id}/readers", { params, signal }));
        case "deal":
          return ok(api.GET("/v1/deals/{id}/readers", { params, signal }));
      }
    },
    select: SEEING,
    staleTime: 60_000,
  });

export function addNote(of: Which, body: Schema["NewNote"]) {
  const params = { path: { id: of.id } };
  switch (of.kind) {
    case "contact":
      return ok(api.POST("/v1/contacts/{id}/notes", { params, body }));
    case "company":
      return ok(api.POST("/v1/companies/{id}/notes", { params, body }));
    case "deal":
      return ok(api.POST("/v1/deals/{id}/notes", { params, body }));
  }
}

export function logActivity(of: Which, body: Schema["NewActivity"]) {
  const params = { path: { id: of.id } };
  switch (of.kind) {
    case "contact":
      return ok(api.POST("/v1/contacts/{id}/activities", { params, body }));
    case "company":
      return ok(api.POST("/v1/companies/{id}/activities", { params, body }));
    case "deal":
      return ok(api.POST("/v1/deals/{id}/activities", { params, body }));
  }
}
