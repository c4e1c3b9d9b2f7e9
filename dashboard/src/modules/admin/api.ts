import createClient from "openapi-fetch";
import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { useMemo } from "react";
import { ApiProblem, Unreachable } from "@/api/problem";
import { ifMatch, ok } from "@/api/client";
import type { components, paths } from "../../../api/generated/admin";
import { adminSession } from "./session";

export type Admin = components["schemas"];
export { ok };

async function signedFetch(request: Request): Promise<Response> {
  if (request.method === "POST" && !request.headers.has("idempotency-key"))
    request.headers.set("idempotency-key", crypto.randomUUID());
  if (request.method === "POST" && new URL(request.url).pathname === "/v1/sessions") return send(request);
  const token = await adminSession.token();
  if (!token) throw new ApiProblem(401, "signed_out", "");
  const again = request.clone();
  request.headers.set("authorization", `Bearer ${token}`);
  const answer = await send(request);
  if (answer.status !== 401) return answer;
  const newer = await adminSession.token(token);
  if (!newer) return answer;
  again.headers.set("authorization", `Bearer ${newer}`);
  return send(again);
}

async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(String(error));
  }
}

/** The API of the platform administration: the same origin as its console, and no other. */
export const admin = createClient<paths>({
  baseUrl: typeof location === "undefined" ? "http://localhost" : location.origin,
  fetch: signedFetch,
  querySerializer: { array: { style: "form", explode: true } },
});

export const current = queryOptions({
  queryKey: ["admin", "current"],
  queryFn: ({ signal }) => ok(admin.GET("/v1/sessions/current", { signal })),
  staleTime: 5 * 60_000,
});

/** Whether the role reaches a permission; the server decides, this only hides what it would refuse. */
export const useMay = (permission: string): boolean =>
  useQuery(current).data?.permissions.includes(permission) ?? false;

/** How things stand now: asked again every fifteen seconds while somebody looks. */
export const health = queryOptions({
  queryKey: ["admin", "health"],
  queryFn: ({ signal }) => ok(admin.GET("/v1/health", { signal })),
  refetchInterval: 15_000,
});

export const fleetMap = queryOptions({
  queryKey: ["admin", "schemas", "map"],
  queryFn: ({ signal }) => ok(admin.GET("/v1/schemas/map", { signal })),
  refetchInterval: 30_000,
});

export const queues = queryOptions({
  queryKey: ["admin", "jobs", "queues"],
  queryFn: ({ signal }) => ok(admin.GET("/v1/queues", { signal })),
  refetchInterval: 15_000,
});

export const plans = queryOptions({
  queryKey: ["admin", "plans"],
  queryFn: ({ signal }) => ok(admin.GET("/v1/plans", { signal })),
});

export const flags = queryOptions({
  queryKey: ["admin", "flags"],
  queryFn: ({ signal }) => ok(admin.GET("/v1/flags", { signal })),
});

/** Writes a flag on top of the version that was read; 0 for one that nobody made yet. */
export const putFlag = ({ key, version }: Pick<Admin["Flag"], "key" | "version">, body: Admin["FlagBody"]) =>
  ok(admin.PUT("/v1/flags/{key}", { params: { path: { key }, header: ifMatch(version) }, body }));

export const newestFlag = async (cache: QueryClient, key: string) =>
  (await cache.fetchQuery({ ...flags, staleTime: 0 })).find((flag) => flag.key === key);

export const revenue = queryOptions({
  queryKey: ["admin", "revenue", "months"],
  queryFn: ({ signal }) => ok(admin.GET("/v1/revenue", { signal })),
});

export const revenueAccounts = (month: string, currency: string) =>
  queryOptions({
    queryKey: ["admin", "revenue", "accounts", month, currency],
    queryFn: ({ signal }) => ok(admin.GET("/v1/revenue/accounts", { params: { query: { month, currency } }, signal })),
  });

export const account = (id: string) =>
  queryOptions({
    queryKey: ["admin", "accounts", "one", id],
    queryFn: ({ signal }) => ok(admin.GET("/v1/accounts/{id}", { params: { path: { id } }, signal })),
  });

export const entitlements = (id: string) =>
  queryOptions({
    queryKey: ["admin", "accounts", "has", id],
    queryFn: ({ signal }) => ok(admin.GET("/v1/accounts/{id}/entitlements", { params: { path: { id } }, signal })),
  });

export interface ListQuery {
  search?: string;
  sort?: string;
  filter?: string[];
  limit?: number;
}

type Listed =
  | "/v1/agencies"
  | "/v1/clients"
  | "/v1/domains"
  | "/v1/jobs"
  | "/v1/schemas"
  | "/v1/audit"
  | "/v1/impersonations";
export interface Rows {
  "/v1/agencies": Admin["Account"];
  "/v1/clients": Admin["Account"];
  "/v1/domains": Admin["AccountDomain"];
  "/v1/jobs": Admin["JobView"];
  "/v1/schemas": Admin["SchemaView"];
  "/v1/audit": Admin["AuditEntry"];
  "/v1/impersonations": Admin["ImpersonationView"];
}

const topic: Record<Listed, string> = {
  "/v1/agencies": "accounts",
  "/v1/clients": "accounts",
  "/v1/domains": "domains",
  "/v1/jobs": "jobs",
  "/v1/schemas": "schemas",
  "/v1/audit": "audit",
  "/v1/impersonations": "impersonations",
};

/** A list, a page after the other; what was shown stays until what was asked for comes. */
export function useList<P extends Listed>(path: P, query: ListQuery, every?: number) {
  const found = useInfiniteQuery({
    ...infiniteQueryOptions({
      queryKey: ["admin", topic[path], path, query],
      queryFn: async ({ pageParam, signal }) => {
        const asked = { limit: 50, ...query, cursor: pageParam };
        const page = await ok(admin.GET(path as "/v1/agencies", { params: { query: asked }, signal }));
        return page as unknown as { items: Rows[P][]; next_cursor?: string };
      },
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
    }),
    placeholderData: (before) => before,
    refetchInterval: every,
  });
  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  return { ...found, rows };
}

/** What was done to the platform itself today: not the daily comings and goings of accounts. */
const OF_THE_PLATFORM =
  "plan.created,plan.updated,flag.changed,setting.changed,embed_key.made,embed_key.revoked,job.retried,job.discarded,tenant.suspended,tenant.made_read_only,tenant.stop_changed,tenant.resumed,client.transferred,tenant.deletion_requested,tenant.deletion_cancelled,tenant.module_switched,tenant.plan_changed,tenant.trial_changed,impersonation.started";

export function useToday() {
  const from = new Date();
  from.setHours(0, 0, 0, 0);
  const filter = [`kind:in:${OF_THE_PLATFORM}`, `occurred_at:gte:${from.toISOString()}`];
  return useQuery({
    queryKey: ["admin", "audit", "today", filter],
    queryFn: ({ signal }) => ok(admin.GET("/v1/audit", { params: { query: { limit: 60, filter } }, signal })),
    refetchInterval: 60_000,
  });
}

/** A list with its words and filters as a file for a spreadsheet. */
export const exported = (path: Listed, { search, filter }: ListQuery): Promise<unknown> =>
  ok(
    admin.GET(`${path}/export` as "/v1/agencies/export", {
      params: { query: { ...(search && { search }), ...(filter && { filter }) } },
      parseAs: "blob",
    }),
  );
