import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Api, ApiError, newKey, type Reply, retryAfter, type Send } from "../src/api";
import { prove } from "../src/work";

type Step = Reply | ApiError;

/** Answers each path from its own list and remembers who asked with what. */
function edge(script: Record<string, Step[]>): { post: Send; log: string[] } {
  const log: string[] = [];
  const post: Send = async (path, token, _body, key) => {
    log.push(`${path} ${token}${key ? ` ${key}` : ""}`);
    const next = script[path]?.shift();
    if (!next) throw new Error(`unexpected ${path}`);
    if (next instanceof ApiError) throw next;
    return next;
  };
  return { post, log };
}

const S = (token: string, expires_in = 1800) => ({ token, expires_in });

describe("sessions", () => {
  test("one session for parallel actions", async () => {
    const { post, log } = edge({ "/v1/session": [S("S1")], "/v1/a/form": [{}], "/v1/a/progress": [{}] });
    const api = new Api(
      "F",
      () => false,
      post,
      () => 0,
    );
    await Promise.all([api.act("form", "{}", "k1"), api.act("progress", "{}", "k2")]);
    expect(log).toEqual(["/v1/session F", "/v1/a/form S1 k1", "/v1/a/progress S1 k2"]);
  });

  test("renews before the session ends", async () => {
    const { post, log } = edge({ "/v1/session": [S("S1", 120)], "/v1/renew": [S("S2")], "/v1/a/form": [{}, {}] });
    let now = 0;
    const api = new Api(
      "F",
      () => false,
      post,
      () => now,
    );
    await api.act("form", "{}", "a");
    now = 61_000;
    await api.act("form", "{}", "b");
    expect(log).toEqual(["/v1/session F", "/v1/a/form S1 a", "/v1/renew S1", "/v1/a/form S2 b"]);
  });

  test("401 renews and repeats with the same key", async () => {
    const { post, log } = edge({
      "/v1/session": [S("S1")],
      "/v1/renew": [S("S2")],
      "/v1/a/form": [new ApiError(401, "renew"), { ok: 1 }],
    });
    expect(
      await new Api(
        "F",
        () => false,
        post,
        () => 0,
      ).act("form", "{}", "k"),
    ).toEqual({ ok: 1 });
    expect(log.slice(1)).toEqual(["/v1/a/form S1 k", "/v1/renew S1", "/v1/a/form S2 k"]);
  });

  test("403 token starts over with the frame token", async () => {
    const { post, log } = edge({
      "/v1/session": [S("S1"), S("S3")],
      "/v1/a/form": [new ApiError(403, "token"), {}],
    });
    await new Api(
      "F",
      () => false,
      post,
      () => 0,
    ).act("form", "{}", "k");
    expect(log.at(-1)).toBe("/v1/a/form S3 k");
  });

  test("an expired frame token asks for a new document", async () => {
    const { post } = edge({ "/v1/session": [new ApiError(401, "renew")] });
    let reloads = 0;
    const api = new Api(
      "F",
      () => !!++reloads,
      post,
      () => 0,
    );
    // The page is going away: this promise must not settle and let the caller report a failure.
    const race = await Promise.race([api.token(), new Promise((r) => setImmediate(() => r("pending")))]);
    expect([race, reloads]).toEqual(["pending", 1]);
  });

  test("a second expired frame token is an error, not a loop", async () => {
    const { post } = edge({ "/v1/session": [new ApiError(401, "renew")] });
    await expect(
      new Api(
        "F",
        () => false,
        post,
        () => 0,
      ).token(),
    ).rejects.toMatchObject({ status: 401 });
  });

  test("revoked is not retried", async () => {
    const { post, log } = edge({ "/v1/session": [S("S1")], "/v1/a/form": [new ApiError(403, "revoked")] });
    await expect(
      new Api(
        "F",
        () => false,
        post,
        () => 0,
      ).act("form", "{}", "k"),
    ).rejects.toMatchObject({ code: "revoked" });
    expect(log).toHaveLength(2);
  });
});

test("a flood costs work, once, under the same key", async () => {
  const challenge = { token: "P.abc", bits: 9 };
  const { post, log } = edge({
    "/v1/session": [S("S1")],
    "/v1/a/form": [new ApiError(403, "pow", 0, {}, challenge), { ok: 1 }],
  });
  const proofs: unknown[] = [];
  const api = new Api(
    "F",
    () => false,
    (path, token, body, key, more) => {
      proofs.push(more?.proof);
      return post(path, token, body, key, more);
    },
  );
  expect(await api.act("form", "{}", "k")).toEqual({ ok: 1 });
  expect(log.slice(1)).toEqual(["/v1/a/form S1 k", "/v1/a/form S1 k"]);
  const proof = `${proofs[2]}`;
  expect(proof.startsWith("P.abc.")).toBe(true);
  const hash = createHash("sha256").update(proof).digest();
  expect(Math.clz32(hash.readUInt32BE(0))).toBeGreaterThanOrEqual(9);
  expect(await prove({ token: "P", bits: 32 }, 0)).toBe("none");
});

test("Retry-After is a number, a date, or nothing", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  expect(retryAfter("7", now)).toBe(7);
  expect(retryAfter("Thu, 01 Jan 2026 00:00:05 GMT", now)).toBe(5);
  expect(retryAfter("Wed, 31 Dec 2025 00:00:00 GMT", now)).toBe(0);
  expect(retryAfter("soon", now)).toBe(0);
  expect(retryAfter(null, now)).toBe(0);
  expect(retryAfter("999999", now)).toBe(3600);
});

test("keys are 128 random bits", () => {
  const keys = new Set(Array.from({ length: 200 }, newKey));
  expect(keys.size).toBe(200);
  for (const k of keys) expect(k).toMatch(/^[0-9a-f]{32}$/);
});
