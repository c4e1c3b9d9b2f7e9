import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Visit } from "@/api/visit";

type Session = typeof import("@/api/session");

const tokens = {
  access_token: "own",
  expires_in: 900,
  refresh_expires_in: 1,
  session: "ses_1",
  user: "usr_1",
  tenant: "ten_1",
};
const visit = (changes: Partial<Visit> = {}): Visit => ({
  id: "imp_1",
  tenant: "ten_client",
  accessToken: "inside",
  expiresAt: Date.now() + 1_800_000,
  readOnly: true,
  place: "Shop",
  person: "Mira",
  reason: "Ticket 1187",
  by: "agency",
  back: "/clients",
  ...changes,
});
const server = vi.fn<(url: string) => Promise<Response>>();
let session: Session["session"];

async function load(): Promise<void> {
  vi.resetModules();
  ({ session } = await import("@/api/session"));
}

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  server.mockReset();
  vi.stubGlobal("fetch", server);
  vi.stubGlobal("BroadcastChannel", undefined);
  vi.useFakeTimers();
  await load();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("inside, every request carries the visit's token, and the own one is still there", async () => {
  session.begin(tokens);
  session.enter(visit());
  expect(await session.token()).toBe("inside");
  expect(await session.own()).toBe("own");
  expect(session.state).toMatchObject({ kind: "in", tenant: "ten_client" });
  expect(() => session.enter(visit())).toThrow();
});

test("when the time is up nothing is asked with any token until he is out", async () => {
  session.begin(tokens);
  session.enter(visit({ expiresAt: Date.now() + 60_000 }));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(session.state).toMatchObject({ kind: "over", why: "time" });
  expect(await session.token()).toBeUndefined();
  session.leave();
  expect(session.state).toEqual({ kind: "in", tenant: "ten_1" });
  expect(await session.token()).toBe("own");
});

test("a refused token means that it was ended elsewhere; the refresh token is not touched", async () => {
  session.begin(tokens);
  session.enter(visit());
  // An answer to what was asked before he went inside changes nothing.
  expect(await session.renew("own")).toBeUndefined();
  expect(session.state.kind).toBe("in");
  expect(await session.renew("inside")).toBeUndefined();
  expect(session.state).toMatchObject({ kind: "over", why: "elsewhere" });
  expect(server).not.toHaveBeenCalled();
});

test("a reload stays inside, and what ran out meanwhile is over", async () => {
  session.enter(visit());
  await load();
  expect(await session.token()).toBe("inside");
  await vi.advanceTimersByTimeAsync(1_800_000);
  expect(session.state.kind).toBe("over");
});

test("the own session may renew in the meantime without leaving the client", async () => {
  localStorage.setItem("upz.signed-in", "yes");
  session.enter(visit());
  server.mockResolvedValue(new Response(JSON.stringify({ ...tokens, access_token: "newer" })));
  expect(await session.own()).toBe("newer");
  expect(session.state).toMatchObject({ kind: "in", tenant: "ten_client" });
  expect(await session.token()).toBe("inside");
});
