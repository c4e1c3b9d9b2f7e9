import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api, ifMatch, ok } from "@/api/client";
import { ApiProblem, isPassing, Unreachable } from "@/api/problem";
import { session } from "@/api/session";

const server = vi.fn<(request: Request) => Promise<Response>>();
const problem = (status: number, code: string, more: object = {}, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ code, detail: "No.", status, title: "", type: "about:blank", ...more }), {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });
const fine = () => new Response(JSON.stringify({ items: [] }), { headers: { "content-type": "application/json" } });

beforeEach(() => {
  server.mockReset();
  vi.stubGlobal("fetch", server);
  vi.spyOn(session, "token").mockResolvedValue("old");
  vi.spyOn(session, "renew").mockResolvedValue("new");
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("a 401 renews the token once and sends the same again, body and key included", async () => {
  server.mockResolvedValueOnce(problem(401, "token_expired")).mockResolvedValueOnce(fine());
  await ok(api.POST("/v1/contacts/bulk-changes", { body: { contacts: ["con_1"], stage: "won" } }));
  const [first, second] = server.mock.calls.map(([request]) => request);
  expect(first?.headers.get("authorization")).toBe("Bearer old");
  expect(second?.headers.get("authorization")).toBe("Bearer new");
  expect(second?.headers.get("idempotency-key")).toBe(first?.headers.get("idempotency-key"));
  expect(await second?.json()).toEqual({ contacts: ["con_1"], stage: "won" });
});

test("a second 401 is a refusal, not a loop", async () => {
  server.mockImplementation(async () => problem(401, "token_expired"));
  await expect(ok(api.GET("/v1/me"))).rejects.toMatchObject({ status: 401 });
  expect(server).toHaveBeenCalledTimes(2);
});

test("a refusal carries its fields, its request id and its patience", async () => {
  const errors = [{ field: "/emails/0/address", code: "email_invalid", detail: "No address." }];
  server.mockResolvedValueOnce(problem(422, "invalid", { errors }, { "x-request-id": "abc" }));
  await expect(ok(api.GET("/v1/me"))).rejects.toMatchObject({
    fields: errors,
    requestId: "abc",
    retryAfter: undefined,
  });
  server.mockResolvedValueOnce(problem(429, "rate_limited", {}, { "retry-after": "7" }));
  await expect(ok(api.GET("/v1/me"))).rejects.toMatchObject({ status: 429, retryAfter: 7 });
});

test("what a proxy answers is a refusal too", async () => {
  server.mockResolvedValueOnce(new Response("<h1>Bad gateway</h1>", { status: 502, statusText: "Bad Gateway" }));
  await expect(ok(api.GET("/v1/me"))).rejects.toMatchObject({ status: 502 });
});

test("signing in carries no old token", async () => {
  server.mockResolvedValueOnce(fine());
  await ok(api.POST("/v1/sessions", { body: { email: "a@b.example", password: "x" } }));
  expect(server.mock.calls[0]?.[0].headers.has("authorization")).toBe(false);
});

test("filters repeat", async () => {
  server.mockResolvedValueOnce(fine());
  await ok(api.GET("/v1/contacts", { params: { query: { filter: ["stage:eq:won", "tag:has:VIP"] } } }));
  expect(new URL(server.mock.calls[0]?.[0].url ?? "").searchParams.getAll("filter")).toEqual([
    "stage:eq:won",
    "tag:has:VIP",
  ]);
});

test("only what passes by itself is tried again", () => {
  expect(isPassing(new Unreachable())).toBe(true);
  expect(isPassing(new ApiProblem(503, "busy", ""))).toBe(true);
  expect(isPassing(new ApiProblem(422, "invalid", ""))).toBe(false);
  expect(isPassing(new Error("bug"))).toBe(false);
});

test("a version is sent as its ETag", () => {
  expect(ifMatch(3)).toEqual({ "If-Match": '"v3"' });
  expect(ifMatch(undefined)).toEqual({});
});
