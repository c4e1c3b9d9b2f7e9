import { afterEach, beforeEach, expect, test, vi } from "vitest";

type Session = typeof import("@/api/session");

const tokens = (n: number, tenant = "ten_1") => ({
  access_token: `access-${n}`,
  expires_in: 900,
  refresh_expires_in: 604_800,
  session: "ses_1",
  user: "usr_1",
  tenant,
});
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const server = vi.fn<(url: string, init: RequestInit) => Promise<Response>>();
const sent = (call: number) => {
  const init = server.mock.calls[call]?.[1];
  return { body: JSON.parse(String(init?.body)), key: new Headers(init?.headers).get("idempotency-key") };
};
let session: Session["session"];

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  server.mockReset();
  vi.stubGlobal("fetch", server);
  // Tabs would hear each other from one test to the next.
  vi.stubGlobal("BroadcastChannel", undefined);
  vi.resetModules();
  ({ session } = await import("@/api/session"));
});
afterEach(() => vi.unstubAllGlobals());

test("nobody was here before: signed out, and the server is not asked", async () => {
  expect(await session.token()).toBeUndefined();
  expect(session.state).toEqual({ kind: "out" });
  expect(server).not.toHaveBeenCalled();
});

test("many requests at once trade the refresh token once", async () => {
  localStorage.setItem("upz.signed-in", "yes");
  server.mockImplementation(async () => json(tokens(1)));
  const got = await Promise.all([session.token(), session.token(), session.token()]);
  expect(got).toEqual(["access-1", "access-1", "access-1"]);
  expect(server).toHaveBeenCalledTimes(1);
  expect(session.state).toEqual({ kind: "in", tenant: "ten_1" });
});

test("what was asked before the program came is taken over, once", async () => {
  localStorage.setItem("upz.signed-in", "yes");
  localStorage.setItem("upz.trade", "first");
  window.upzTrade = Promise.resolve(json({ ...tokens(1), expires_in: 0 }));
  expect(await session.token()).toBe("access-1");
  expect(server).not.toHaveBeenCalled();
  server.mockResolvedValueOnce(json(tokens(2)));
  expect(await session.token()).toBe("access-2");
  expect(sent(0).key).not.toBe("first");
});

test("what was asked before and did not go well is asked again, with the same key", async () => {
  for (const first of [Promise.resolve(json({}, 503)), Promise.reject<Response>(new TypeError("network"))]) {
    localStorage.setItem("upz.signed-in", "yes");
    localStorage.setItem("upz.trade", "first");
    window.upzTrade = first;
    server.mockReset();
    server.mockResolvedValueOnce(json({ ...tokens(1), expires_in: 0 }));
    expect(await session.token()).toBe("access-1");
    expect(sent(0).key).toBe("first");
  }
});

test("what was asked before and is for another place is asked again for this one", async () => {
  localStorage.setItem("upz.signed-in", "yes");
  localStorage.setItem("upz.trade", "first");
  sessionStorage.setItem("upz.tenant", "ten_2");
  window.upzTrade = Promise.resolve(json(tokens(1)));
  server.mockResolvedValueOnce(json(tokens(2, "ten_2")));
  expect(await session.token()).toBe("access-2");
  expect(sent(0).body).toEqual({ tenant: "ten_2" });
  expect(sent(0).key).not.toBe("first");
});

test("every tab knows the key of the next trade, until somebody signs out", async () => {
  session.begin(tokens(1));
  const key = localStorage.getItem("upz.trade");
  expect([key === null, localStorage.getItem("upz.place")]).toEqual([false, "ten_1"]);
  server.mockResolvedValueOnce(json(tokens(2)));
  await session.renew("access-1");
  expect(sent(0).key).toBe(key);
  expect([null, key]).not.toContain(localStorage.getItem("upz.trade"));
  session.end();
  expect(localStorage.getItem("upz.trade")).toBeNull();
});

test("who is out is told so by what was asked before", async () => {
  localStorage.setItem("upz.signed-in", "yes");
  window.upzTrade = Promise.resolve(json({}, 401));
  expect(await session.token()).toBeUndefined();
  expect(session.state).toEqual({ kind: "out" });
  expect(server).not.toHaveBeenCalled();
});

test("a request that was refused after another one renewed gets the newer token", async () => {
  session.begin(tokens(1));
  server.mockImplementation(async () => json(tokens(2)));
  await session.renew("access-1");
  expect(await session.renew("access-1")).toBe("access-2");
  expect(server).toHaveBeenCalledTimes(1);
});

test("a trade whose answer got lost is repeated with the same key", async () => {
  localStorage.setItem("upz.signed-in", "yes");
  server.mockRejectedValueOnce(new TypeError("network")).mockResolvedValueOnce(json(tokens(1)));
  expect(await session.token()).toBe("access-1");
  expect(sent(1).key).toBe(sent(0).key);
  expect(sent(1).body).toEqual(sent(0).body);
});

test("a page that was left in the middle of a trade is followed by one that repeats it", async () => {
  localStorage.setItem("upz.signed-in", "yes");
  server.mockReturnValueOnce(new Promise(() => undefined));
  void session.token();
  await vi.waitFor(() => expect(server).toHaveBeenCalledTimes(1));
  vi.resetModules();
  ({ session } = await import("@/api/session"));
  server.mockImplementation(async () => json({ ...tokens(1), expires_in: 0 }));
  await session.token();
  expect(sent(1).key).toBe(sent(0).key);
  // What was answered is over.
  await session.token();
  expect(sent(2).key).not.toBe(sent(1).key);
});

test("a server that cannot be reached is no sign-out", async () => {
  localStorage.setItem("upz.signed-in", "yes");
  server.mockImplementation(async () => {
    throw new TypeError("network");
  });
  await expect(session.token()).rejects.toMatchObject({ name: "Unreachable" });
  server.mockReset().mockImplementation(async () => json({ code: "rate_limited", detail: "" }, 429));
  await expect(session.token()).rejects.toMatchObject({ name: "ApiProblem", status: 429 });
  expect(localStorage.getItem("upz.signed-in")).toBe("yes");
});

test("a few seconds of patience are waited for", async () => {
  vi.useFakeTimers();
  localStorage.setItem("upz.signed-in", "yes");
  const busy = new Response("{}", { status: 429, headers: { "retry-after": "1" } });
  server.mockResolvedValueOnce(busy).mockResolvedValueOnce(json(tokens(1)));
  const token = session.token();
  await vi.advanceTimersByTimeAsync(1000);
  expect(await token).toBe("access-1");
  vi.useRealTimers();
});

test("a session that is over in the middle of work is ended, not out: the page stays", async () => {
  session.begin(tokens(1));
  server.mockImplementation(async () => json({ code: "refresh_token_reused", detail: "" }, 401));
  expect(await session.renew("access-1")).toBeUndefined();
  expect(session.state).toEqual({ kind: "ended", tenant: "ten_1" });
  expect(localStorage.getItem("upz.signed-in")).toBeNull();
});

test("the tab keeps its tenant; a tenant that is gone is left for another", async () => {
  localStorage.setItem("upz.signed-in", "yes");
  sessionStorage.setItem("upz.tenant", "ten_gone");
  server
    .mockResolvedValueOnce(json({ code: "membership_missing", detail: "" }, 403))
    .mockResolvedValueOnce(json(tokens(1, "ten_2")));
  await session.token();
  expect(sent(0).body.tenant).toBe("ten_gone");
  expect(sent(1).body).not.toHaveProperty("tenant");
  expect(session.state).toEqual({ kind: "in", tenant: "ten_2" });
});
