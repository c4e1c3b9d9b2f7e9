import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";
import { type PageOf, paged } from "@/api/pages";
import type { SheetLook } from "@/modules/sheets/export";
import type { List, ReportSearch, RowsSearch } from "./address";

export type Report = Schema["Report"];
export type Table = Schema["ReportTable"];
export type Line = Schema["ReportLine"];
export type Numbered = Schema["ReportNumber"];
export type Unit = Schema["ReportUnit"];
export type Rows = Schema["ReportRows"];

export const reportKinds = queryOptions({
  queryKey: ["reports", "kinds"],
  queryFn: ({ signal }) => ok(api.GET("/v1/report-kinds", { signal })),
  select: ({ kinds }) => kinds,
  staleTime: 5 * 60_000,
});

export const report = ({ kind = "overview", run: _, ...query }: ReportSearch) =>
  queryOptions({
    queryKey: ["reports", "one", kind, query],
    queryFn: ({ signal }) => ok(api.GET("/v1/reports", { params: { query: { kind, ...query } }, signal })),
    placeholderData: keepPreviousData,
  });

/** The report as a file in words of a language, CSV too. */
export const reportFile = (
  { kind = "overview", run: _, ...query }: ReportSearch,
  look: { format: Schema["ReportFormat"]; language: Schema["SheetLanguage"] },
) =>
  ok(
    api.GET("/v1/reports/export", { params: { query: { kind, ...query, ...look } }, parseAs: "blob" }),
  ) as Promise<unknown>;

export const pipelines = queryOptions({
  queryKey: ["pipelines", "names"],
  queryFn: ({ signal }) => ok(api.GET("/v1/pipelines", { params: { query: { limit: 200 } }, signal })),
  select: ({ items }) => items.map(({ id, name }) => ({ value: id, label: name })),
  staleTime: 5 * 60_000,
});

export const teams = queryOptions({
  queryKey: ["teams", "names"],
  queryFn: ({ signal }) => ok(api.GET("/v1/teams", { params: { query: { limit: 200 } }, signal })),
  select: ({ items }) => items.map(({ id, name }) => ({ value: id, label: name })),
  staleTime: 5 * 60_000,
});

export type Schedule = Schema["ReportSchedule"];

export const schedules = queryOptions({
  queryKey: ["report_schedules", "list"],
  queryFn: ({ signal }) => ok(api.GET("/v1/report-schedules", { params: { query: { limit: 200 } }, signal })),
  select: ({ items }) => items,
});

/** The same as a file. */
export const schedulesFile = (look: SheetLook) =>
  api.GET("/v1/report-schedules/export", { params: { query: look }, parseAs: "blob" });

export const runs = (schedule: string) =>
  queryOptions({
    queryKey: ["report_runs", "list", schedule],
    queryFn: ({ signal }) => {
      const params = { path: { id: schedule }, query: { limit: 20 } };
      return ok(api.GET("/v1/report-schedules/{id}/runs", { params, signal }));
    },
    select: ({ items }) => items,
    // Whoever sees only his own gets no live news of them.
    refetchInterval: ({ state }) => (state.data?.items.some((run) => run.state === "waiting") ? 3_000 : false),
  });

/** A row behind a number, whatever list it is from. */
export interface Row {
  id: string;
  title: string;
  to: "/deals/$id" | "/contacts/$id" | "/companies/$id" | "/tasks";
  /** The record that the link leads to. */
  of?: string | undefined;
  owner?: string | null | undefined;
  at?: string | null | undefined;
  amount?: { value: number; currency: string } | undefined;
  status?: string | null | undefined;
}

type Asked = { filter: string[]; limit: number; cursor: string | undefined };
type Read = (query: Asked, search: RowsSearch, signal: AbortSignal) => Promise<PageOf<Row>>;

const shown = <T>(page: PageOf<T>, row: (item: T) => Row): PageOf<Row> => ({ ...page, items: page.items.map(row) });

const READ: Record<List, Read> = {
  deals: async (asked, { reached, was_in }, signal) => {
    const query = { ...asked, ...(reached && { reached }), ...(was_in && { was_in }) };
    return shown(await ok(api.GET("/v1/deals", { params: { query }, signal })), (deal) => ({
      id: deal.id,
      title: deal.title,
      to: "/deals/$id",
      of: deal.id,
      owner: deal.owner,
      at: deal.closed_at ?? deal.created_at,
      amount: { value: deal.amount, currency: deal.currency },
      status: deal.status,
    }));
  },
  contacts: async (query, _, signal) =>
    shown(await ok(api.GET("/v1/contacts", { params: { query }, signal })), (one) => ({
      id: one.id,
      title: one.display_name,
      to: "/contacts/$id",
      of: one.id,
      owner: one.owner,
      at: one.created_at,
    })),
  companies: async (query, _, signal) =>
    shown(await ok(api.GET("/v1/companies", { params: { query }, signal })), (one) => ({
      id: one.id,
      title: one.name,
      to: "/companies/$id",
      of: one.id,
      owner: one.owner,
      at: one.created_at,
      ...(typeof one.annual_value === "number" &&
        one.currency && { amount: { value: one.annual_value, currency: one.currency } }),
    })),
  tasks: async (query, _, signal) =>
    shown(await ok(api.GET("/v1/tasks", { params: { query }, signal })), (task) => ({
      id: task.id,
      title: task.title,
      to: task.contact ? "/contacts/$id" : task.deal ? "/deals/$id" : task.company ? "/companies/$id" : "/tasks",
      of: task.contact ?? task.deal ?? task.company ?? undefined,
      owner: task.assignee,
      at: task.closed_at ?? task.due_at,
      status: task.status,
    })),
  activities: async (query, _, signal) =>
    shown(await ok(api.GET("/v1/activities", { params: { query }, signal })), (one) => ({
      id: one.id,
      title: one.title,
      to: one.deal ? "/deals/$id" : one.company ? "/companies/$id" : "/contacts/$id",
      of: one.deal ?? one.company ?? one.contact ?? undefined,
      owner: one.author,
      at: one.occurred_at,
      status: one.kind,
    })),
};

export const rows = (search: RowsSearch & { list: List }) =>
  paged<Row>([search.list, "behind", search], (cursor, signal) =>
    READ[search.list]({ filter: search.f ?? [], limit: 50, cursor }, search, signal),
  );
